import { parse, TomlError } from "smol-toml";
import { readRegularText } from "../data/regular-file.js";
import { messageOf, UsageError } from "../errors.js";
import {
  type Configuration,
  checkSetting,
  kebabCase,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
} from "./settings.js";

/** Another name of `data`, as Flower apps write it; the value "test_data" names the folder in TEST_DATA_PATH. */
const DATA_SOURCE = "data-source";

/** Of the command `run`, and no setting of the run itself: whether it ends with a video. */
const VIDEO = "video";

/**
 * Reads settings from a TOML file: its table `[fedkmeans]`, or `[tool.flwr.app.config]` as in a
 * `pyproject.toml`. Paths are relative to the working directory.
 *
 * @param path the file
 * @param environment where TEST_DATA_PATH is looked up
 * @throws UsageError naming the file and the key
 */
export function readConfigurationFile(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Partial<Configuration> {
  const table = tableOf(path);
  const settings: Record<string, unknown> = {};
  const names = new Map<string, SettingName>(SETTING_NAMES.map((name) => [kebabCase(name), name]));
  for (const [key, value] of Object.entries(table)) {
    const source = `${key} in ${path}`;
    if (key === DATA_SOURCE) {
      if ("data" in table) throw new UsageError(`${path} has both data and ${DATA_SOURCE}: keep one of them`);
      settings.data = dataSource(checkSetting(SETTINGS.data, value, source) as string, path, environment);
      continue;
    }
    if (key === VIDEO) continue;
    const name = names.get(key);
    if (name === undefined) {
      throw new UsageError(
        `unknown key ${key} in ${path}: expected one of ${[...names.keys(), DATA_SOURCE, VIDEO].join(", ")}`,
      );
    }
    settings[name] = checkSetting(SETTINGS[name], value, source);
  }
  return settings as Partial<Configuration>;
}

/**
 * Reads the key `video` of a configuration file, which a run knows nothing of.
 *
 * @returns its value, unchecked; undefined if the file has none
 * @throws UsageError as `readConfigurationFile`
 */
export function readVideoSetting(path: string): unknown {
  return tableOf(path)[VIDEO];
}

function tableOf(path: string): Record<string, unknown> {
  let document: Record<string, unknown>;
  try {
    document = parse(readRegularText(path));
  } catch (error) {
    if (error instanceof TomlError) {
      const [reason] = error.message.split("\n");
      throw new UsageError(`${path}, line ${error.line}: ${reason.replace("Invalid TOML document: ", "")}`);
    }
    throw new UsageError(`cannot read the configuration file ${path}: ${messageOf(error)}`);
  }
  const own = document.fedkmeans;
  const flower = ["tool", "flwr", "app", "config"].reduce<unknown>(
    (table, key) => (isTable(table) ? table[key] : undefined),
    document,
  );
  const table = own ?? flower;
  if (!isTable(table)) throw new UsageError(`${path} has no table [fedkmeans] or [tool.flwr.app.config]`);
  return table;
}

function dataSource(
  value: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (value !== "test_data") return value;
  const folder = environment.TEST_DATA_PATH;
  if (!folder) {
    throw new UsageError(
      `${DATA_SOURCE} in ${path} is "test_data", but TEST_DATA_PATH is not set to a folder`,
    );
  }
  return folder;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
