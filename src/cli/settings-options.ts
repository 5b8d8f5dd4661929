import { type Command, Option } from "commander";
import { kebabCase } from "../casing.js";
import { nameSettings } from "../errors.js";
import { type Configuration, SETTING_NAMES, SETTINGS, type SettingName } from "../experiment/settings.js";
import { parseSetting } from "../settings/check.js";
import { metavarOf, type SettingTable, type ValuesOf } from "../settings/setting.js";

/**
 * Adds an option for each of these settings of a run.
 *
 * @param defaults those that differ from a run's
 */
export function addSettings(
  command: Command,
  names: readonly SettingName[] = SETTING_NAMES,
  defaults: Partial<Configuration> = {},
): Command {
  const entries = names.map((name) => [
    name,
    { ...SETTINGS[name], ...(name in defaults && { default: defaults[name] }) },
  ]);
  return addOptions(command, Object.fromEntries(entries));
}

/** Adds an option for each setting of a table; a flag also gets its `--no-` form. */
export function addOptions(command: Command, table: SettingTable): Command {
  for (const [name, setting] of Object.entries(table)) {
    const help = asOptions(setting.help);
    const flag = optionName(name);
    if (setting.type === "flag") {
      command.addOption(new Option(flag, `${help} (default: ${setting.default ? "yes" : "no"})`));
      command.addOption(new Option(`--no-${kebabCase(name)}`).hideHelp());
      continue;
    }
    const isUnset = setting.default === null || Array.isArray(setting.default);
    const fallback = isUnset ? "" : ` (default: ${setting.default})`;
    const option = new Option(`${flag} <${metavarOf(setting)}>`, help + fallback);
    command.addOption(option.argParser((value) => parseSetting(setting, value, flag)));
  }
  return command;
}

/**
 * The settings of a run given on the command line, and no others.
 *
 * @param names those that are a run's: an option of the command's own may have the name of another
 */
export function givenSettings(
  command: Command,
  names: readonly SettingName[] = SETTING_NAMES,
): Partial<Configuration> {
  return givenOptions(command, Object.fromEntries(names.map((name) => [name, SETTINGS[name]])));
}

/** Those of a table given on the command line, and no others. */
export function givenOptions<Table extends SettingTable>(
  command: Command,
  table: Table,
): Partial<ValuesOf<Table>> {
  const options = command.opts();
  const given = Object.keys(table).filter((name) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(given.map((name) => [name, options[name]])) as Partial<ValuesOf<Table>>;
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
