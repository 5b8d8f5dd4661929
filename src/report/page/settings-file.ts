import { kebabCase, snakeCase } from "../../casing.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import { configure, recordedConfiguration } from "../../experiment/configuration.js";
import { RECORDED } from "../../experiment/setting-groups.js";
import { SETTINGS, type SettingName } from "../../experiment/settings.js";

/** A setting as a run recorded it. */
export interface RecordedSetting {
  readonly name: SettingName;
  /** As options and configuration files name it. */
  readonly key: string;
  /** As a TOML file writes it. */
  readonly value: string;
  readonly isDefault: boolean;
  readonly help: string;
}

/** What a run recorded of its settings, in the order of the table; those that stand for nothing are left out. */
export function recordedSettings({ configuration }: Pick<LoggedSummary, "configuration">): RecordedSetting[] {
  const defaults = recordedConfiguration(configure({ data: "." }));
  return RECORDED.flatMap((name) => {
    const value = configuration[snakeCase(name)];
    const text = tomlValue(value);
    if (text === null) return [];
    const isDefault = text === tomlValue(defaults[snakeCase(name)]) && name !== "data";
    return [{ name, key: kebabCase(name), value: text, isDefault, help: SETTINGS[name].help }];
  });
}

/** These settings as a file that `fedkmeans run --config` takes. */
export function settingsFile(settings: readonly RecordedSetting[]): string {
  return `[fedkmeans]\n${settings.map(({ key, value }) => `${key} = ${value}\n`).join("")}`;
}

/** @returns null of null, for which TOML has no word, and of what no setting is */
function tomlValue(value: unknown): string | null {
  if (typeof value === "string") return tomlText(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return `[${value.map(tomlText).join(", ")}]`;
  }
  return null;
}

/** As JSON has it, but for a control that TOML wants escaped, too. */
function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
