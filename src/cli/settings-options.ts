import { type Command, Option } from "commander";
import { kebabCase } from "../casing.js";
import { nameSettings } from "../errors.js";
import { type Configuration, SETTING_NAMES, SETTINGS, type SettingName } from "../experiment/settings.js";
import { parseSetting } from "../settings/check.js";
import { metavarOf, type Setting } from "../settings/setting.js";

/** Adds an option for each setting; a flag also gets its `--no-` form. */
export function addSettings(command: Command, names: readonly SettingName[] = SETTING_NAMES): Command {
  for (const name of names) {
    const setting: Setting = SETTINGS[name];
    const help = asOptions(setting.help);
    const flag = optionName(name);
    if (setting.type === "flag") {
      command.addOption(new Option(flag, `${help} (default: ${setting.default ? "yes" : "no"})`));
      command.addOption(new Option(`--no-${kebabCase(name)}`).hideHelp());
      continue;
    }
    const isUnset = setting.default === null || setting.type === "names";
    const fallback = isUnset ? "" : ` (default: ${setting.default})`;
    const option = new Option(`${flag} <${metavarOf(setting)}>`, help + fallback);
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

/** A text that names settings, as the command line reads it: by its options. */
export function asOptions(text: string): string {
  return nameSettings(text, optionName);
}

/**
 * What an error calls a setting: its option, or its key in the configuration file that it comes from.
 *
 * @param given what the command line gives
 * @param file what the configuration file gives
 * @param path the file; undefined if there is none
 */
export function sourceOf(
  given: Partial<Configuration>,
  file: Partial<Configuration>,
  path: string | undefined,
): (name: SettingName) => string {
  return (name) => (name in file && !(name in given) ? `${kebabCase(name)} in ${path}` : optionName(name));
}

/** The option of a setting: "--k-global" of "kGlobal". */
export function optionName(name: string): string {
  return `--${kebabCase(name)}`;
}
