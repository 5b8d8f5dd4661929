import { parse, TomlError } from "smol-toml";
import { kebabCase, snakeCase } from "../casing.js";
import { UsageError } from "../errors.js";
import {
  CLIENT_SETTINGS,
  type ClientSettingName,
  type ClientSettings,
  PARTITION_SETTINGS,
  PROTECTION_SETTINGS,
  SOURCE_SETTINGS,
} from "../experiment/client-settings.js";
import { checkSetting, completeSettings, parseSetting } from "../settings/check.js";
import { expectedNames } from "../settings/nearest.js";
import type { Setting } from "../settings/setting.js";
import { isTable, readToml } from "./toml-file.js";

/** Where a client's owner sets what it is. No message of a server is among them. */
export interface ClientSources {
  /** What its SuperNode was started with: names as options have them. */
  readonly nodeConfig: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * A node config as `flower-supernode` takes it: `key=value` between blanks, each a line of TOML, so that a text has
 * quotes.
 *
 * @throws UsageError for what is none
 */
export function parseNodeConfig(text: string): Record<string, unknown> {
  const pairs = text.match(/\S+?=('[^']*'|"[^"]*"|\S+)/g) ?? [];
  const rest = pairs.reduce((left, pair) => left.replace(pair, ""), text).trim();
  try {
    if (rest !== "") throw new TomlError("no pair", { toml: rest, ptr: 0 });
    return parse(pairs.join("\n"));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UsageError(
      `--node-config must be key=value between blanks, with quotes around texts (name="north"), found ${text}`,
    );
  }
}

/** What a client's owner set. */
export interface ClientOwnSettings {
  /** Whether it is a client of a simulation, which its own environment alone decides. */
  readonly isSimulation: boolean;
  /** Names of the data sources that it permits. */
  readonly permitted: readonly string[];
  /** Keys of its node config, and variables of fedkmeans, that are no settings of a client: mistyped, perhaps. */
  readonly passedOver: { readonly nodeConfig: readonly string[]; readonly environment: readonly string[] };
  /** @returns null where it does not permit the source */
  of(dataSource: string): SettingsOfSource | null;
}

/** The settings of a client for one of its data sources. */
export interface SettingsOfSource {
  readonly settings: ClientSettings;
  /** What to call a setting in an error: where its value is from, else where one could be. */
  readonly nameOf: (name: string) => string;
}

/** Name of the data source that needs no table of its own. */
const TEST_DATA = "test_data";
const NAMES = Object.keys(CLIENT_SETTINGS) as ClientSettingName[];
/** Of a node config: whose ClientApp answers, which the app itself reads. */
const OWN_APP = "client-app";
/** What fedkmeans reads of the environment of a client. */
const VARIABLES: ReadonlySet<string> = new Set([
  ...NAMES.map(variableOf),
  "FEDKMEANS_COMMAND",
  "FEDKMEANS_SIMULATION",
]);
const KEYS = new Map<string, ClientSettingName>(NAMES.map((name) => [kebabCase(name), name]));

/** What the owner of a client calls a setting: its key; what is none of a client's is an option of `fedkmeans groups`. */
export function clientKey(name: string): string {
  return `${Object.hasOwn(CLIENT_SETTINGS, name) ? "" : "--"}${kebabCase(name)}`;
}

/** Values of one place, and what to call them. */
interface Layer {
  readonly values: Partial<Record<ClientSettingName, unknown>>;
  readonly nameOf: (name: ClientSettingName) => string;
}

/**
 * Reads what a client's owner set: in the node config, else in the environment, else in the TOML file that one of these
 * names.
 *
 * @throws UsageError naming the place and the key of a value that will not do
 */
export function readClientSettings({ nodeConfig, environment }: ClientSources): ClientOwnSettings {
  const node = nodeLayer(nodeConfig);
  const outside = [node, environmentLayer(environment)];
  const path = setIn(outside, "config");
  const file = path === undefined ? NO_FILE : readFile(path as string);
  const layers = [...outside, file.layer];
  checkSimulation(environment);
  const isSimulation = isSimulated(environment);
  const permitted = [...(setIn(layers, "dataPath") === undefined ? [] : [TEST_DATA]), ...file.sources.keys()];
  return {
    isSimulation,
    permitted,
    passedOver: {
      nodeConfig: Object.keys(nodeConfig).filter((key) => !KEYS.has(key) && key !== OWN_APP),
      environment: Object.keys(environment).filter(
        (name) => /^FEDKMEANS_/.test(name) && !VARIABLES.has(name),
      ),
    },
    of(dataSource) {
      const source = file.sources.get(dataSource);
      if (source === undefined && dataSource !== TEST_DATA) return null;
      return settingsOf(source === undefined ? layers : withSource(layers, source), isSimulation);
    },
  };
}

/** Whether a client's own environment says that it is a simulation's. */
export function isSimulated({ FEDKMEANS_SIMULATION: value }: ClientSources["environment"]): boolean {
  return value === "1";
}

function checkSimulation({ FEDKMEANS_SIMULATION: value = "" }: ClientSources["environment"]): void {
  if (["", "0", "1"].includes(value)) return;
  throw new UsageError(`FEDKMEANS_SIMULATION must be 1 or 0, found ${JSON.stringify(value)}`);
}

function settingsOf(layers: readonly Layer[], isSimulation: boolean): SettingsOfSource {
  const given = Object.fromEntries(NAMES.map((name) => [name, setIn(layers, name)]));
  const nameOf = (name: string) => {
    const setting = name as ClientSettingName;
    const layer = layers.find(({ values }) => values[setting] !== undefined);
    return layer?.nameOf(setting) ?? clientKey(name);
  };
  const settings = completeSettings(
    CLIENT_SETTINGS,
    // No label leaves with noise.
    { shareLabels: isSimulation && given.privacy !== "dp", ...defined(given) },
    nameOf,
  );
  return { settings, nameOf };
}

function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function setIn(layers: readonly Layer[], name: ClientSettingName): unknown {
  return layers.find(({ values }) => values[name] !== undefined)?.values[name];
}

/** What is of other rows says nothing of a source's, and a source that has its own mode of protection has all of it. */
function withSource(layers: readonly Layer[], source: Layer): Layer[] {
  const own = [...SOURCE_SETTINGS, ...(source.values.privacy === undefined ? [] : PROTECTION_SETTINGS)];
  const others = layers.map(({ values, nameOf }) => ({
    values: Object.fromEntries(
      Object.entries(values).filter(([name]) => !own.includes(name as ClientSettingName)),
    ),
    nameOf,
  }));
  return [source, ...others];
}

function nodeLayer(config: ClientSources["nodeConfig"]): Layer {
  const nameOf = (name: string) => `${kebabCase(name)} in the node config`;
  const values: Layer["values"] = {};
  for (const [key, value] of Object.entries(config)) {
    const name = KEYS.get(key);
    if (name !== undefined) values[name] = checked(name, value, nameOf(name));
  }
  return { values, nameOf };
}

function variableOf(name: ClientSettingName): string {
  return `FEDKMEANS_${snakeCase(name).toUpperCase()}`;
}

function environmentLayer(environment: ClientSources["environment"]): Layer {
  const nameOf = (name: ClientSettingName) => {
    const variable = variableOf(name);
    return name === "dataPath" && !environment[variable] ? "TEST_DATA_PATH" : variable;
  };
  const values: Layer["values"] = {};
  for (const name of NAMES) {
    const text = environment[nameOf(name)];
    if (text) values[name] = parseSetting(CLIENT_SETTINGS[name] as Setting, text, nameOf(name));
  }
  return { values, nameOf };
}

const NO_FILE = { layer: { values: {}, nameOf: kebabCase }, sources: new Map<string, Layer>() };

function readFile(path: string): { layer: Layer; sources: ReadonlyMap<string, Layer> } {
  const { client } = readToml(path);
  if (!isTable(client)) throw new UsageError(`${path} has no table [client]`);
  const { sources = {}, ...own } = client;
  if (!isTable(sources)) throw new UsageError(`sources in ${path} must be tables [client.sources.NAME]`);
  const allowed = NAMES.filter((name) => name !== "config");
  return {
    layer: tableLayer(own, allowed, path),
    sources: new Map(
      Object.entries(sources).map(([name, table]) => {
        const place = `[client.sources.${name}] of ${path}`;
        if (!isTable(table)) throw new UsageError(`${place} must be a table`);
        if (!("data-path" in table)) throw new UsageError(`data-path in ${place} is missing`);
        if (name === TEST_DATA) {
          throw new UsageError(
            `${place}: ${TEST_DATA} is the data-path of [client]: give this one another name`,
          );
        }
        return [
          name,
          tableLayer(table, [...SOURCE_SETTINGS, ...PARTITION_SETTINGS, ...PROTECTION_SETTINGS], place),
        ];
      }),
    ),
  };
}

function tableLayer(
  table: Readonly<Record<string, unknown>>,
  allowed: readonly ClientSettingName[],
  place: string,
): Layer {
  const nameOf = (name: string) => `${kebabCase(name)} in ${place}`;
  const values: Layer["values"] = {};
  for (const [key, value] of Object.entries(table)) {
    const name = KEYS.get(key);
    if (name === undefined || !allowed.includes(name)) {
      throw new UsageError(`unknown key ${key} in ${place}: ${expectedNames(key, allowed.map(kebabCase))}`);
    }
    values[name] = checked(name, value, nameOf(name));
  }
  return { values, nameOf };
}

/** A name, and the number of a partition, may be written as a number. */
function checked(name: ClientSettingName, value: unknown, source: string): unknown {
  const setting: Setting = CLIENT_SETTINGS[name];
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return checkSetting(setting, setting.type === "text" && isNumber ? String(value) : value, source);
}
