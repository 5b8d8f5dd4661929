import { type Command, Option } from "commander";
import {
  type Configuration,
  kebabCase,
  parseSetting,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
} from "../experiment/settings.js";

/** Adds an option for each setting; a flag also gets its `--no-` form. */
export function addSettings(command: Command, names: readonly SettingName[] = SETTING_NAMES): Command {
  for (const name of names) {
    const setting = SETTINGS[name];
    const flag = `--${kebabCase(name)}`;
    if (setting.kind === "flag") {
      command.addOption(new Option(flag, `${setting.help} (default: ${setting.default ? "yes" : "no"})`));
      command.addOption(new Option(`--no-${kebabCase(name)}`).hideHelp());
      continue;
    }
    const isUnset = setting.default === null || setting.kind === "names";
    const fallback = isUnset ? "" : ` (default: ${setting.default})`;
    const option = new Option(`${flag} <${setting.metavar}>`, setting.help + fallback);
    command.addOption(option.argParser((value) => parseSetting(setting, value, flag)));
  }
  return command;
}

/** The settings given on the command line, and no others. */
export function givenSettings(command: Command): Partial<Configuration> {
  const options = command.opts();
  return Object.fromEntries(
    SETTING_NAMES.filter((name) => command.getOptionValueSource(name) === "cli").map((name) => [
      name,
      options[name],
    ]),
  );
}

/** What an error calls a setting of the command line. */
export function optionName(name: SettingName): string {
  return `--${kebabCase(name)}`;
}
