import { extensionsOf, FORMATS } from "../data/formats/formats.js";
import type { DataSource } from "../data/partitions/memory-data.js";
import { theSetting } from "../errors.js";
import { GROUP_SCALES, type GroupScale } from "../privacy/groups.js";
import { PRIVACY_MODES, type PrivacyMode } from "../privacy/policy.js";
import type { Setting, ValueOf } from "../settings/setting.js";
import { ALGORITHM_NAMES, ALGORITHMS, type AlgorithmName } from "../workflow/clustering/algorithms.js";
import { DEFAULT_GROUP_SCALE, DEFAULT_GROUP_SIZE } from "./privacy-settings.js";

/**
 * Whose a setting is. A server decides its own for the whole federation. What is a client's, and what the data's are,
 * no server may set: each client has them of whoever runs it. Of the execution is how a run is carried out, which
 * decides nothing of its result: it is not recorded, and resuming may change it. Of the simulation is what takes the
 * rows of all clients in one place.
 */
export type Owner = "server" | "client" | "data" | "execution" | "simulation";

/** One setting of a run. */
export type RunSetting = Setting & {
  readonly of: Owner;
  /** It is of one run and its experiment directory: a study, which makes many runs in memory, has no such setting. */
  readonly isOfOneRun?: true;
};

/*
 * To add an option: give it an entry here, and name it where it acts: docs/contributing.md lists these places.
 * `npm run build` and then `npm run docs:settings` write its comment here and its line in docs/settings.md. Options and
 * their help, configuration files, cells, their types and the summary's record follow from the entry. What it must fit
 * together with is checked in configuration.ts.
 */

/** Every setting of a run. The order is the order in `--help`. */
export const SETTINGS = {
  /**
   * Folder of one file a client (.npz, .npy, .csv, .tsv, .csv.gz, .tsv.gz, .parquet); or one table of all
   * clients with `clientColumn`.
   */
  data: {
    of: "data",
    type: "text",
    metavar: "PATH",
    default: null,
    help: (`folder of one file a client (${extensionsOf(FORMATS, "gzip").join(", ")}); or one table of all clients ` +
      `with ${theSetting("clientColumn")}`) as string,
  },
  /** Column (array) of true labels, for evaluation only; none for none. Default: one named label or y. */
  labelColumn: {
    of: "data",
    type: "text",
    metavar: "NAME",
    default: null,
    help: "column (array) of true labels, for evaluation only; none for none; default: one named label or y",
  },
  /** Column that names the client of each row, for a single file. */
  clientColumn: {
    of: "data",
    type: "text",
    metavar: "NAME",
    default: null,
    help: "column that names the client of each row, for a single file",
  },
  /** Columns that are features. Default: every one that is nothing else. */
  columns: {
    of: "data",
    type: "names",
    default: null,
    help: "columns that are features; default: every one that is nothing else",
  },
  /** Columns that are left out. */
  dropColumns: { of: "data", type: "names", default: [], help: "columns that are left out" },
  /** What separates the cells of a text file: a character, tab or blank. Default: told from the file. */
  delimiter: {
    of: "data",
    type: "text",
    metavar: "CHAR",
    default: null,
    help: "what separates the cells of a text file: a character, tab or blank; default: told from the file",
  },
  /** Whether the first line of a text file names the columns. Default: "auto". */
  header: {
    of: "data",
    type: "choice",
    choices: ["auto", "yes", "no"],
    default: "auto",
    help: "whether the first line of a text file names the columns",
  },
  /** A row with a missing value ends the run (refuse) or is left out (drop). Default: "refuse". */
  missing: {
    of: "data",
    type: "choice",
    choices: ["refuse", "drop"],
    default: "refuse",
    help: "a row with a missing value ends the run (refuse) or is left out (drop)",
  },
  /** Where the experiment directory is made. Default: "logs". */
  logDir: {
    of: "execution",
    type: "text",
    metavar: "DIR",
    default: "logs",
    isOfOneRun: true,
    help: "where the experiment directory is made",
  },

  /** Number of clusters. Default: 3. */
  kGlobal: { of: "server", type: "integer", default: 3, min: 1, help: "number of clusters" },
  /** Local clusters a client starts with (fkm, k-fed). Default: `kGlobal`. */
  kLocal: {
    of: "server",
    type: "integer",
    default: null,
    min: 1,
    max: 1_000_000,
    help: "local clusters a client starts with (fkm, k-fed); default: k-global",
  },
  /**
   * fkm: local means, aggregated by weighted k-means; lloyd: exact k-means on the pooled rows, from sums;
   * best-lloyd: lloyd from the best of several starts; k-fed: one shot, Dennis, Li & Smith 2021; dp-lloyd:
   * lloyd on noisy sums, with differential privacy. Default: "fkm".
   */
  algorithm: {
    of: "server",
    type: "choice",
    choices: ALGORITHM_NAMES as readonly AlgorithmName[],
    default: "fkm",
    metavar: "NAME",
    help: ALGORITHM_NAMES.map((name) => `${name}: ${ALGORITHMS[name].help}`).join("; ") as string,
  },
  /**
   * k-means++ (each client on its own rows), random (drawn by the server), or a .npy file of (`kGlobal`,
   * features) centroids on the original scale. Default: "k-means++".
   */
  start: {
    of: "server",
    type: "text",
    metavar: "HOW",
    default: "k-means++",
    help: ("k-means++ (each client on its own rows), random (drawn by the server), or a .npy file of " +
      "(k-global, features) centroids on the original scale") as string,
  },
  /** Rounds at most. Default: 100. */
  maxIterations: { of: "server", type: "integer", default: 100, min: 0, help: "rounds at most" },
  /** Converged when the means move by at most this in a round (Frobenius norm). Default: 0.0001. */
  tolerance: {
    of: "server",
    type: "number",
    default: 1e-4,
    min: 0,
    help: "converged when the means move by at most this in a round (Frobenius norm)",
  },
  /** k-means iterations a client makes in a round (fkm). Default: 1. */
  localIterations: {
    of: "server",
    type: "integer",
    default: 1,
    min: 1,
    max: 10_000,
    help: "k-means iterations a client makes in a round (fkm)",
  },
  /** A client drops the global means that get none of its rows (fkm). Default: true. */
  dropEmpty: {
    of: "server",
    type: "flag",
    default: true,
    help: "a client drops the global means that get none of its rows (fkm)",
  },
  /** The server weights local means by their rows (fkm). Default: true. */
  weighted: {
    of: "server",
    type: "flag",
    default: true,
    help: "the server weights local means by their rows (fkm)",
  },
  /**
   * fkm as its authors' code ran it: k-means++ rows as the start, which leave as they are and need `privacy`
   * threshold and `privacyThreshold` 1, which it implies; rows counted again after the iterations;
   * unweighted draws at the server. Default: false.
   */
  asPublished: {
    of: "server",
    type: "flag",
    default: false,
    help: ("fkm as its authors' code ran it: k-means++ rows as the start, which leave as they are and need " +
      `${theSetting("privacy")} threshold and ${theSetting("privacyThreshold")} 1, which it implies; rows counted again after the iterations; unweighted draws at the ` +
      "server") as string,
  },
  /**
   * Starts of k-means, at each client's start and at the server (fkm); starts that run side by side until
   * one is left (best-lloyd). Default: 10.
   */
  restarts: {
    of: "server",
    type: "integer",
    default: 10,
    min: 1,
    max: 10_000,
    help: ("starts of k-means, at each client's start and at the server (fkm); starts that run side by side until " +
      "one is left (best-lloyd)") as string,
  },
  /**
   * How clients protect their rows: groups (all is computed from means of similar rows), threshold (as
   * published: a filter, and no guarantee), dp (differential privacy: all that is sent has noise). Default:
   * groups.
   */
  privacy: {
    of: "client",
    type: "choice",
    choices: PRIVACY_MODES as readonly PrivacyMode[],
    default: null,
    help: ("how clients protect their rows: groups (all is computed from means of similar rows), threshold (as " +
      "published: a filter, and no guarantee), dp (differential privacy: all that is sent has noise); default: " +
      "groups") as string,
  },
  /**
   * Least number of rows behind each mean that a client computes from; 1: rows, with no protection from the
   * server. Default: 5.
   */
  groupSize: {
    of: "client",
    type: "integer",
    default: null,
    min: 1,
    max: 1_000_000,
    help: ("least number of rows behind each mean that a client computes from; 1: rows, with no protection from " +
      `the server; default: ${DEFAULT_GROUP_SIZE}`) as string,
  },
  /**
   * What a feature is divided by before rows are compared: its standard deviation at the client (std) or its
   * range there, for features of one unit. Default: std.
   */
  groupScale: {
    of: "client",
    type: "choice",
    choices: GROUP_SCALES as readonly GroupScale[],
    default: null,
    help: ("what a feature is divided by before rows are compared: its standard deviation at the client (std) or " +
      `its range there, for features of one unit; default: ${DEFAULT_GROUP_SCALE}`) as string,
  },
  /**
   * With `privacy` threshold: means and sums of fewer rows than this are not sent by a client. Default: 2.
   */
  privacyThreshold: {
    of: "client",
    type: "integer",
    default: null,
    min: 0,
    help: (`with ${theSetting("privacy")} threshold: means and sums of fewer rows than this are not sent by a client; ` +
      "default: 2") as string,
  },
  /**
   * With `privacy` dp: what a run may spend of its rows' privacy: whatever leaves a client is at most
   * e^epsilon times as likely with a row as without it, and the reverse, plus delta.
   */
  epsilon: {
    of: "client",
    type: "number",
    default: null,
    above: 0,
    max: 100,
    help: (`with ${theSetting("privacy")} dp: what a run may spend of its rows' privacy: whatever leaves a client is ` +
      "at most e^epsilon times as likely with a row as without it, and the reverse, plus delta") as string,
  },
  /**
   * With `privacy` dp: what all runs together may spend of their rows' privacy, for good. Default: epsilon.
   */
  epsilonLimit: {
    of: "client",
    type: "number",
    default: null,
    above: 0,
    max: 100,
    help: (`with ${theSetting("privacy")} dp: what all runs together may spend of their rows' privacy, for good; ` +
      "default: epsilon") as string,
  },
  /**
   * With `privacy` dp: what may come to a probability beside the factor of e^epsilon, below 1 /
   * `declaredRows`. Default: 1e-6, or `declaredRows` to the power of -1.1 where that is less.
   */
  delta: {
    of: "client",
    type: "number",
    default: null,
    above: 0,
    max: 0.01,
    help: (`with ${theSetting("privacy")} dp: what may come to a probability beside the factor of e^epsilon, below 1 / ` +
      `${theSetting("declaredRows")}; default: 1e-6, or ${theSetting("declaredRows")} to the power of -1.1 where that is less`) as string,
  },
  /** With `privacy` dp: CSV file of feature,low,high: public bounds, to which rows are clipped. */
  bounds: {
    of: "client",
    type: "text",
    metavar: "FILE",
    default: null,
    help: `with ${theSetting("privacy")} dp: CSV file of feature,low,high: public bounds, to which rows are clipped` as string,
  },
  /** With `privacy` dp: rows of all clients, as agreed: a round figure, which nobody counts. */
  declaredRows: {
    of: "client",
    type: "integer",
    default: null,
    min: 1,
    help: `with ${theSetting("privacy")} dp: rows of all clients, as agreed: a round figure, which nobody counts` as string,
  },
  /**
   * With `privacy` dp: folder where each client's budget is kept from run to run. Default: in the experiment
   * directory, for this run alone.
   */
  stateDir: {
    of: "simulation",
    type: "text",
    metavar: "DIR",
    default: null,
    isOfOneRun: true,
    help: (`with ${theSetting("privacy")} dp: folder where each client's budget is kept from run to run; default: in ` +
      "the experiment directory, for this run alone") as string,
  },
  /** Standardize each feature over the federation. Default: true. */
  normalize: {
    of: "server",
    type: "flag",
    default: true,
    help: "standardize each feature over the federation",
  },
  /** Find two principal components to draw more than two features in. Default: true. */
  pca: {
    of: "server",
    type: "flag",
    default: true,
    help: "find two principal components to draw more than two features in",
  },
  /** Cluster in this many principal components. Default: in the features. */
  pcaComponents: {
    of: "server",
    type: "integer",
    default: null,
    min: 1,
    help: "cluster in this many principal components; default: in the features",
  },
  /** Seed of every random draw. Default: 42. */
  randomState: {
    of: "server",
    type: "integer",
    default: 42,
    min: 0,
    isOfOneRun: true,
    help: "seed of every random draw",
  },

  /** Fewer answers than this end the run. Default: 2. */
  minClients: {
    of: "server",
    type: "integer",
    default: 2,
    min: 1,
    help: "fewer answers than this end the run",
  },
  /** Seconds a client has to answer before it is dropped from the round. Default: 300. */
  deadline: {
    of: "execution",
    type: "number",
    default: 300,
    min: 0.001,
    // What a timer of the host can count, in seconds.
    max: 2_147_483,
    help: "seconds a client has to answer before it is dropped from the round",
  },
  /**
   * Where clients run: worker threads, or the calling thread, which is quicker for little data. Default:
   * "auto".
   */
  carrier: {
    of: "execution",
    type: "choice",
    choices: ["auto", "threads", "inline"],
    default: "auto",
    isOfOneRun: true,
    help: "where clients run: worker threads, or the calling thread, which is quicker for little data",
  },
  /** Worker threads. Default: one a processor. */
  threads: {
    of: "execution",
    type: "integer",
    default: null,
    min: 1,
    max: 1024,
    help: "worker threads; default: one a processor",
  },

  /** Keep each client's rows, as clustered, in the experiment directory. Default: true. */
  recordClientData: {
    of: "client",
    type: "flag",
    default: true,
    isOfOneRun: true,
    help: "keep each client's rows, as clustered, in the experiment directory",
  },
  /**
   * Keep what each client was asked and what of it left, in a file; thousands of clients may not be worth
   * them. Default: true.
   */
  recordLedger: {
    of: "client",
    type: "flag",
    default: true,
    isOfOneRun: true,
    help: "keep what each client was asked and what of it left, in a file; thousands of clients may not be worth them",
  },
  /**
   * Keep what each client sent in each round, in three files; thousands of clients may not be worth them.
   * Default: true.
   */
  recordLocalMeans: {
    of: "server",
    type: "flag",
    default: true,
    isOfOneRun: true,
    help: "keep what each client sent in each round, in three files; thousands of clients may not be worth them",
  },
  /**
   * Keep each row's cluster, that of its own nearest mean, client_labels/client_<name>.npy in the experiment
   * directory, written by the client. Default: false.
   */
  saveLabels: {
    of: "client",
    type: "flag",
    default: false,
    isOfOneRun: true,
    help: ("keep each row's cluster, that of its own nearest mean, client_labels/client_<name>.npy in the experiment " +
      "directory, written by the client") as string,
  },
  /**
   * Also cluster the pooled rows, and the pooled groups of them, which only a simulation can, and say what
   * groups and federation cost. Default: false.
   */
  twin: {
    of: "simulation",
    type: "flag",
    default: false,
    isOfOneRun: true,
    help: ("also cluster the pooled rows, and the pooled groups of them, which only a simulation can, and say what " +
      "groups and federation cost") as string,
  },
  /**
   * Also cluster this many resamples of the points, which only a simulation can, and say how stable each
   * cluster is (Hennig 2007); 0: none. Default: 0.
   */
  stability: {
    of: "simulation",
    type: "integer",
    default: 0,
    min: 0,
    max: 10_000,
    isOfOneRun: true,
    help: ("also cluster this many resamples of the points, which only a simulation can, and say how stable each " +
      "cluster is (Hennig 2007); 0: none") as string,
  },
  /** Rows up to which the exact silhouette is computed (cost: their square). Default: 20000. */
  maxSilhouetteSamples: {
    of: "simulation",
    type: "integer",
    default: 20000,
    min: 0,
    help: "rows up to which the exact silhouette is computed (cost: their square)",
  },
} as const;

export type SettingName = keyof typeof SETTINGS;

// By `keyof`, not by `SettingName`, so that an editor says of a setting what its comment says.
type Values = {
  -readonly [Name in keyof typeof SETTINGS]: Name extends "data"
    ? DataSource
    : ValueOf<(typeof SETTINGS)[Name]>;
};

/** A run's settings, complete and checked. */
export interface Configuration extends Values {}

export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS) as SettingName[];
