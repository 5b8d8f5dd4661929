import type { DataSource } from "../data/partitions/memory-data.js";
import { theSetting, UsageError } from "../errors.js";
import { ALGORITHM_NAMES, ALGORITHMS, type AlgorithmName } from "../workflow/clustering/algorithms.js";

/** A run's settings, complete and checked. What a cell shows of each on hover is here; `SETTINGS` has their defaults. */
export interface Configuration {
  /** Folder of one file a client (.npz, .npy, .csv, .parquet...); or one table of all with `clientColumn`. */
  data: DataSource;
  /** Column (array) of true labels, for evaluation only; "none" for none. Default: one named `label` or `y`. */
  labelColumn: string | null;
  /** Column that names the client of each row, for a single file. */
  clientColumn: string | null;
  /** The columns that are features. Default: every one that is nothing else. */
  columns: readonly string[] | null;
  /** Columns that are left out. Default: none. */
  dropColumns: readonly string[];
  /** What separates the cells of a text file: ",", ";", "tab" or "blank". Default: told from the file. */
  delimiter: string | null;
  /** Whether the first line of a text file names the columns: "yes" or "no". Default: told from the file ("auto"). */
  header: "auto" | "yes" | "no";
  /** A row with a missing value ends the run ("refuse", the default), or is left out ("drop"). */
  missing: "refuse" | "drop";
  /** Where the experiment directory is made. Default: "logs". */
  logDir: string;
  /** Number of clusters. Default: 3. */
  kGlobal: number;
  /** Local clusters a client starts with. Default: `kGlobal`. */
  kLocal: number | null;
  /**
   * How clients and server share the work: local means, aggregated (`fkm`, the default); exact sums (`lloyd`), from
   * the best of several starts (`best-lloyd`); or local means once, without rounds (`k-fed`).
   */
  algorithm: AlgorithmName;
  /**
   * "k-means++" (each client on its own rows; the default), "random" (drawn by the server), or a .npy file of
   * (kGlobal, features) centroids on the original scale.
   */
  start: string;
  /** Rounds at most. Default: 100. */
  maxIterations: number;
  /** Converged when the means move by at most this in a round (Frobenius norm, units clustered in). Default: 1e-4. */
  tolerance: number;
  /** k-means iterations a client makes in a round (`fkm`). Default: 1. */
  localIterations: number;
  /** A client drops the global means that get none of its rows (`fkm`). Default: true. */
  dropEmpty: boolean;
  /** The server weights local means by their rows (`fkm`). Default: true. */
  weighted: boolean;
  /** Run `fkm` as its authors' code did, which sends single rows (a privacy threshold of 0 or 1). Default: false. */
  asPublished: boolean;
  /** Starts that `best-lloyd` makes; for `fkm`, those of k-means, at each client's start and at the server. Default: 10. */
  restarts: number;
  /** Statistics of fewer rows than this never leave a client. Default: 2. */
  privacyThreshold: number;
  /** Standardize each feature over the federation. Default: true. */
  normalize: boolean;
  /** Find two principal components to draw more than two features in. Default: true. */
  pca: boolean;
  /** Cluster in this many principal components. Default: in the features. */
  pcaComponents: number | null;
  /** Seed of every random draw. Default: 42. */
  randomState: number;
  /** Fewer answers than this end the run. Default: 2. */
  minClients: number;
  /** Seconds a client has to answer before it is dropped from the round. Default: 300. */
  deadline: number;
  /**
   * Where clients run: worker threads, or the calling thread ("inline"). Default: "auto", inline where data is so
   * little that threads would take longer to start than the run takes, and no number of threads is asked for.
   */
  carrier: "auto" | "threads" | "inline";
  /** Worker threads. Default: one a processor. */
  threads: number | null;
  /** Keep each client's rows, as clustered, in the experiment directory. Default: true. */
  recordClientData: boolean;
  /**
   * Keep what each client sent in each round in the experiment directory: three files a client and round, which
   * thousands of clients may not be worth. Default: true.
   */
  recordLocalMeans: boolean;
  /** Keep, for each client, which of the final means is nearest to each of its rows. Default: false. */
  saveLabels: boolean;
  /** Compare with k-means of the pooled rows, which only a simulation has in one place. Default: false. */
  twin: boolean;
  /** Rows up to which the exact silhouette is computed (cost: their square). Default: 20000. */
  maxSilhouetteSamples: number;
}

export type SettingName = keyof Configuration;

export type SettingValue = number | boolean | string | readonly string[];

/** One setting of a run: its kind, default and meaning, for the command line, for files and for cells alike. */
export interface Setting {
  readonly kind: "integer" | "number" | "flag" | "text" | "choice" | "names";
  readonly default: SettingValue | null;
  readonly help: string;
  /** What stands for the value in `--help`. */
  readonly metavar?: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** Part of the experiment, and so of its summary; otherwise only of how it is executed. */
  readonly recorded: boolean;
}

const integer = (min: number, fallback: number | null, help: string, recorded = true): Setting => ({
  kind: "integer",
  min,
  default: fallback,
  help,
  metavar: "N",
  recorded,
});
const number = (min: number, fallback: number, help: string, recorded = true): Setting => ({
  kind: "number",
  min,
  default: fallback,
  help,
  metavar: "X",
  recorded,
});
const flag = (fallback: boolean, help: string): Setting => ({
  kind: "flag",
  default: fallback,
  help,
  recorded: true,
});
const text = (metavar: string, fallback: string | null, help: string, recorded = true): Setting => ({
  kind: "text",
  default: fallback,
  help,
  metavar,
  recorded,
});
const choice = (choices: readonly string[], fallback: string, help: string, recorded = true): Setting => ({
  kind: "choice",
  choices,
  default: fallback,
  help,
  metavar: choices.join("|"),
  recorded,
});

const names = (fallback: readonly string[] | null, help: string): Setting => ({
  kind: "names",
  default: fallback,
  help,
  metavar: "A,B,...",
  recorded: true,
});

/** Every setting of a run. The order is the order in `--help`. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = {
  data: text(
    "PATH",
    null,
    `folder of one file a client (.npz, .npy, .csv, .tsv, .csv.gz, .parquet); or one table of all clients with ${theSetting("clientColumn")}`,
  ),
  labelColumn: text(
    "NAME",
    null,
    "column (array) of true labels, for evaluation only; none for none; default: one named label or y",
  ),
  clientColumn: text("NAME", null, "column that names the client of each row, for a single file"),
  columns: names(null, "columns that are features; default: every one that is nothing else"),
  dropColumns: names([], "columns that are left out"),
  delimiter: text(
    "CHAR",
    null,
    "what separates the cells of a text file: a character, tab or blank; default: told from the file",
  ),
  header: choice(["auto", "yes", "no"], "auto", "whether the first line of a text file names the columns"),
  missing: choice(
    ["refuse", "drop"],
    "refuse",
    "a row with a missing value ends the run (refuse) or is left out (drop)",
  ),
  logDir: text("DIR", "logs", "where the experiment directory is made", false),

  kGlobal: integer(1, 3, "number of clusters"),
  kLocal: {
    ...integer(1, null, "local clusters a client starts with (fkm, k-fed); default: k-global"),
    max: 1_000_000,
  },
  algorithm: {
    ...choice(
      ALGORITHM_NAMES,
      "fkm",
      ALGORITHM_NAMES.map((name) => `${name}: ${ALGORITHMS[name].help}`).join("; "),
    ),
    metavar: "NAME",
  },
  start: text(
    "HOW",
    "k-means++",
    "k-means++ (each client on its own rows), random (drawn by the server), or a .npy file of " +
      "(k-global, features) centroids on the original scale",
  ),
  maxIterations: integer(0, 100, "rounds at most"),
  tolerance: number(0, 1e-4, "converged when the means move by at most this in a round (Frobenius norm)"),
  localIterations: { ...integer(1, 1, "k-means iterations a client makes in a round (fkm)"), max: 10_000 },
  dropEmpty: flag(true, "a client drops the global means that get none of its rows (fkm)"),
  weighted: flag(true, "the server weights local means by their rows (fkm)"),
  asPublished: flag(
    false,
    "fkm as its authors' code ran it: k-means++ rows as the start, which leave as they are and need " +
      `${theSetting("privacyThreshold")} 1; rows counted again after the iterations; unweighted draws at the server`,
  ),
  restarts: {
    ...integer(
      1,
      10,
      "starts of k-means, at each client's start and at the server (fkm); starts that run side by side until one " +
        "is left (best-lloyd)",
    ),
    max: 10_000,
  },
  privacyThreshold: integer(0, 2, "statistics of fewer rows than this never leave a client"),
  normalize: flag(true, "standardize each feature over the federation"),
  pca: flag(true, "find two principal components to draw more than two features in"),
  pcaComponents: integer(1, null, "cluster in this many principal components; default: in the features"),
  randomState: integer(0, 42, "seed of every random draw"),

  minClients: integer(1, 2, "fewer answers than this end the run"),
  deadline: {
    ...number(0.001, 300, "seconds a client has to answer before it is dropped from the round", false),
    // What a timer of the host can count, in seconds.
    max: 2_147_483,
  },
  carrier: choice(
    ["auto", "threads", "inline"],
    "auto",
    "where clients run: worker threads, or the calling thread, which is quicker for little data",
    false,
  ),
  threads: { ...integer(1, null, "worker threads; default: one a processor", false), max: 1024 },

  recordClientData: flag(true, "keep each client's rows, as clustered, in the experiment directory"),
  recordLocalMeans: flag(
    true,
    "keep what each client sent in each round, in three files; thousands of clients may not be worth them",
  ),
  saveLabels: flag(
    false,
    "keep each row's cluster, client_labels/client_<name>.npy in the experiment directory, written by the client",
  ),
  twin: flag(
    false,
    "also cluster the pooled rows, which only a simulation can, and say what federation cost",
  ),
  maxSilhouetteSamples: integer(
    0,
    20000,
    "rows up to which the exact silhouette is computed (cost: their square)",
  ),
};

export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS) as SettingName[];

/**
 * Reads a setting's value from text, as a command line gives it.
 *
 * @param source what to call it in an error, e.g. "--k-global"
 * @throws UsageError if the text is not such a value
 */
export function parseSetting(setting: Setting, value: string, source: string): SettingValue {
  const isNumeric = setting.kind === "integer" || setting.kind === "number";
  const number = isNumeric && value.trim() !== "" ? Number(value) : Number.NaN;
  return checkSetting(setting, Number.isFinite(number) ? number : value, source);
}

/**
 * Checks a value of a setting.
 *
 * @param source what to call it in an error, e.g. "k-global in config.toml"
 * @throws UsageError naming the setting, what was expected and what was found
 */
export function checkSetting(setting: Setting, value: unknown, source: string): SettingValue {
  const refuse = (expected: string) => new UsageError(`${source} must be ${expected}, found ${show(value)}`);
  switch (setting.kind) {
    case "integer":
      if (!Number.isSafeInteger(value) || (value as number) < setting.min!) {
        throw refuse(`an integer of at least ${setting.min}`);
      }
      if (setting.max !== undefined && (value as number) > setting.max) {
        throw refuse(`an integer of at most ${setting.max}`);
      }
      return value as number;
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value) || value < setting.min!) {
        throw refuse(`a number of at least ${setting.min}`);
      }
      if (setting.max !== undefined && value > setting.max)
        throw refuse(`a number of at most ${setting.max}`);
      return value;
    case "flag":
      if (typeof value !== "boolean") throw refuse("true or false");
      return value;
    case "choice":
      if (!setting.choices!.includes(value as string)) throw refuse(setting.choices!.join(" or "));
      return value as string;
    case "names": {
      const list = typeof value === "string" ? value.split(",").map((name) => name.trim()) : value;
      const isList = Array.isArray(list) && list.every((name) => typeof name === "string" && name !== "");
      if (!isList) throw refuse("a list of names");
      const twice = list.find((name, i) => list.indexOf(name) < i);
      if (twice !== undefined)
        throw new UsageError(`${source} must be different names, found ${show(twice)} twice`);
      return list as string[];
    }
    case "text":
      if (typeof value !== "string" || value === "") throw refuse("a text that is not empty");
      return value;
  }
}

function show(value: unknown): string {
  const isNumber = typeof value === "bigint" || typeof value === "number";
  return isNumber ? String(value) : (JSON.stringify(value) ?? String(value));
}
