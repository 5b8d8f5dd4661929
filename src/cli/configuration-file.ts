import { kebabCase } from "../casing.js";
import { UsageError } from "../errors.js";
import { type Configuration, SETTING_NAMES, SETTINGS, type SettingName } from "../experiment/settings.js";
import { checkSetting } from "../settings/check.js";
import { expectedNames } from "../settings/nearest.js";
import { isTable, readToml } from "./toml-file.js";

/** Another name of `data`, as Flower apps write it; the value "test_data" names the folder in TEST_DATA_PATH. */
const DATA_SOURCE = "data-source";

/** Another name of `max-iterations` in a Flower app: how many rounds its server runs. */
export const SERVER_ROUNDS = "num-server-rounds";

/** Of the command `run`, and no setting of the run itself: whether it ends with a video. */
const VIDEO = "video";

/** What a configuration file says. */
export interface ConfigurationFile {
  readonly settings: Partial<Configuration>;
  /** Value of the key `video`, unchecked; undefined if there is none. */
  readonly video: unknown;
  /** Keys of a Flower app that are no settings of ours: the app's own, or Flower's. */
  readonly passedOver: readonly string[];
}

/**
 * Reads settings from a TOML file: its table `[fedkmeans]`, whose keys must all be ours, or `[tool.flwr.app.config]`
 * as in a `pyproject.toml`, which an app has for whatever it likes. Paths are relative to the working directory.
 *
 * @param path the file
 * @param environment where TEST_DATA_PATH is looked up
 * @throws UsageError naming the file and the key
 */
export function readConfigurationFile(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigurationFile {
  const { table, isFlowers } = tableOf(path);
  const settings: Record<string, unknown> = {};
  const passedOver: string[] = [];
  const names = new Map<string, SettingName>(SETTING_NAMES.map((name) => [kebabCase(name), name]));
  const otherNames = new Map<string, SettingName>([[DATA_SOURCE, "data"]]);
  if (isFlowers) otherNames.set(SERVER_ROUNDS, "maxIterations");
  for (const [key, value] of Object.entries(table)) {
    if (key === VIDEO) continue;
    const other = otherNames.get(key);
    if (other !== undefined && kebabCase(other) in table) {
      throw new UsageError(`${path} has both ${kebabCase(other)} and ${key}: keep one of them`);
    }
    const name = other ?? names.get(key);
    // No setting is a table, so an app's `data.name` is none of ours.
    if (isFlowers && (name === undefined || isTable(value))) {
      passedOver.push(key);
      continue;
    }
    if (name === undefined) {
      throw new UsageError(
        `unknown key ${key} in ${path}: ${expectedNames(key, [...names.keys(), DATA_SOURCE, VIDEO])}`,
      );
    }
    // Flower's run config has no null: "" stands for the default.
    if (isFlowers && value === "") continue;
    const checked = checkSetting(SETTINGS[name], value, `${key} in ${path}`);
    settings[name] = key === DATA_SOURCE ? dataSource(checked as string, path, environment) : checked;
  }
  return { settings: settings as Partial<Configuration>, video: table[VIDEO], passedOver };
}

/** The table of settings, and whether it is a Flower app's. */
function tableOf(path: string): { table: Record<string, unknown>; isFlowers: boolean } {
  const document = readToml(path);
  const own = document.fedkmeans;
  const flowers = ["tool", "flwr", "app", "config"].reduce<unknown>(
    (table, key) => (isTable(table) ? table[key] : undefined),
    document,
  );
  const table = own ?? flowers;
  if (!isTable(table)) throw new UsageError(`${path} has no table [fedkmeans] or [tool.flwr.app.config]`);
  return { table, isFlowers: own === undefined };
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
