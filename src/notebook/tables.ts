import { existsSync } from "node:fs";
import {
  COUNT,
  listOf,
  OBJECT,
  optional,
  orNull,
  readJsonObject,
  readPlainFile,
  required,
  shown,
} from "../directory/json-object.js";
import { type Layout, layoutOf } from "../directory/layout.js";
import { readArray } from "../directory/read-array.js";
import { readExperiment } from "../directory/read-experiment.js";
import { readSummary } from "../directory/read-summary.js";
import { RunError, UsageError } from "../errors.js";
import { dataSettingsOfRun } from "../experiment/data-settings.js";
import { directoryOf, type ExperimentLike, open } from "../experiment/open.js";
import { assigner } from "../experiment/predict.js";
import type { Value } from "../markup/html.js";
import type { Matrix } from "../numerics/matrix.js";
import { type Data, type FederatedData, isLoaded, partitions, readData, sourceOf } from "./data.js";
import { inCell } from "./output/in-cell.js";

/*
 * Tables: arrays of plain objects, one a row, as Arquero's `aq.from`, Observable Plot's marks, nodejs-polars'
 * `pl.DataFrame` and `fk.display` take them.
 */

/** A row whose columns depend on the data: features by their names (`x0`, `x1`, ... where they have none). */
export type Row = Record<string, Value>;

/**
 * The rows of every client: `client`, the features, and the label (named as the label column, else `label`).
 * They are read from the clients' files on this machine: a simulation's privilege.
 *
 * @example aq.from(await fk.rows(data))
 */
export function rows(data: FederatedData): Promise<Row[]> {
  return inCell(async () => {
    if (!isLoaded(data)) throw new UsageError(`data as load returns them expected, found ${shown(data)}`);
    const names = columnNames(data.featureNames, data.nFeatures);
    const table: Row[] = [];
    for await (const [client, { rows, labels, classes }] of partitions(sourceOf(data), data)) {
      for (let i = 0; i < rows.nRows; i++) {
        const label = labels === null ? {} : { [data.labelColumn ?? "label"]: classes[labels[i]] };
        table.push({ client, ...label, ...named(names, rows, i) });
      }
    }
    return table;
  });
}

/**
 * Every row with the cluster it is in: `client`, `cluster`, its label if it has one, and its features on the
 * original scale. Works out of the experiment directory and the rows that the run was given: a simulation only.
 *
 * @param data the run's rows, if they were in memory or have moved
 * @throws RunError if the run has no means yet, or if the data have moved
 */
export function assignments(experiment: ExperimentLike, data?: Data): Promise<Row[]> {
  return inCell(async () => {
    const logged = open(experiment);
    const clustersOf = assigner(logged);
    const columns = dataSettingsOfRun(logged);
    // Another program's summary need not say where its rows are.
    const path = logged.configuration.data;
    if (data === undefined && typeof path !== "string") {
      const why = path === null ? "its rows were in memory" : "it does not say where its rows are";
      throw new RunError(`${logged.experimentDir}: ${why}; give them as data`);
    }
    const { source } = readData(data ?? (path as string), columns);
    const names = columnNames(logged.featureNames, logged.nFeatures ?? 0);
    const table: Row[] = [];
    for await (const [client, { rows, labels, classes }] of partitions(source, columns)) {
      const clusters = clustersOf(rows);
      for (let i = 0; i < rows.nRows; i++) {
        const label = labels === null ? {} : { [columns.labelColumn ?? "label"]: classes[labels[i]] };
        table.push({ client, cluster: clusters[i], ...label, ...named(names, rows, i) });
      }
    }
    return table;
  });
}

/**
 * The final centroids, one a row: `cluster`, `nSamples` of the whole federation, and the features on the original
 * scale. Empty unless the run was completed.
 */
export function centroids(experiment: ExperimentLike): Row[] {
  const { finalMeans, metrics, featureNames } = open(experiment);
  if (finalMeans === null) return [];
  const names = columnNames(featureNames, finalMeans.nColumns);
  return Array.from({ length: finalMeans.nRows }, (_, cluster) => ({
    cluster,
    nSamples: metrics?.clusterSizes?.[cluster] ?? null,
    ...named(names, finalMeans, cluster),
  }));
}

/** One row of `history`. */
export interface HistoryRow {
  round: number;
  /** How far the means moved (Frobenius norm, units clustered in); null in round 0. */
  convergenceChange: number | null;
  /** Of all rows under the round's means; null where it is not known. */
  inertia: number | null;
  /** Means that clients withheld in it. */
  meansWithheld: number;
  /** Clients that missed it. */
  dropped: number;
}

/** The rounds of a run, one a row. */
export function history(experiment: ExperimentLike): HistoryRow[] {
  return open(experiment).rounds.map(({ round, convergenceChange, inertia, meansWithheld, dropped }) => ({
    round,
    convergenceChange,
    inertia,
    meansWithheld,
    dropped: dropped.length,
  }));
}

/** One row of `localClusters`. */
export interface LocalClusterRow {
  round: number;
  client: string;
  /** Index of the global mean it began as; null at the start, where it began as none. */
  cluster: number | null;
  /** Rows in it: its client reports this even of a cluster it withholds. */
  nSamples: number;
  /** Kept back by the privacy threshold: its mean did not leave the client. */
  isWithheld: boolean;
}

/**
 * What every client's privacy filter saw in every round, one local cluster a row; of a directory that does not say,
 * what clients sent.
 */
export function localClusters(experiment: ExperimentLike): LocalClusterRow[] {
  const directory = directoryOf(experiment);
  const layout = layoutOf(directory);
  return readExperiment(directory).rounds.flatMap(({ round, clients, hasLocals }) => {
    if (!hasLocals) {
      throw new RunError(`${directory} holds no local means: it was run with recordLocalMeans: false`);
    }
    return clients.flatMap((client) => localClustersOf(layout, client, round));
  });
}

function localClustersOf(layout: Layout, client: string, round: number): LocalClusterRow[] {
  const path = layout.localMetadata(client, round);
  const metadata = existsSync(path) ? readJsonObject(path) : null;
  const before = metadata && optional(metadata, "before_privacy_filter", OBJECT);
  if (before === null) {
    const { data } = readArray(layout.sampleCounts(client, round), metadata, "sample_counts");
    return Array.from(data, (nSamples) => ({ round, client, cluster: null, nSamples, isWithheld: false }));
  }
  const origins = required(before, "global_index", listOf(orNull(COUNT)));
  const withheld = new Set(required(before, "withheld", listOf(COUNT)));
  return required(before, "sample_counts", listOf(COUNT)).map((nSamples, i) => ({
    round,
    client,
    cluster: origins[i] ?? null,
    nSamples,
    isWithheld: withheld.has(i),
  }));
}

/** One row of `messages`. */
export interface MessageRow {
  client: string;
  phase: "handshake" | "normalization" | "PCA" | "clustering" | "evaluation";
  /** The kind of message, e.g. "clustering/local_means". */
  message: string;
  /** How many of the kind it sent. */
  times: number;
  /** What is in one, by name, with the shape where it is an array: that of the first. */
  contents: string;
  /** Numbers (and texts) that left in all messages of the kind. */
  values: number;
}

/** What left each client, by phase and kind of message, from the log that the client itself keeps. */
export function messages(experiment: ExperimentLike): MessageRow[] {
  const directory = directoryOf(experiment);
  const layout = layoutOf(directory);
  return readSummary(directory).clients.flatMap(({ name }) => {
    const path = layout.clientLog(name);
    if (!existsSync(path)) return [];
    const kinds = new Map<string, MessageRow>();
    for (const line of readPlainFile(path, MAX_LOG_BYTES).toString("utf8").split("\n")) {
      const [, kind, contents] = / sent ([^:]+): (.*)$/.exec(line) ?? [];
      if (kind === undefined) continue;
      const row = kinds.get(kind) ?? {
        client: name,
        phase: PHASES[kind.split("/")[0]],
        message: kind,
        times: 0,
        contents,
        values: 0,
      };
      row.times += 1;
      row.values += countValues(contents);
      kinds.set(kind, row);
    }
    return [...kinds.values()];
  });
}

/** What a text may have. */
const MAX_LOG_BYTES = 2 ** 28;

const PHASES: Readonly<Record<string, MessageRow["phase"]>> = {
  handshake: "handshake",
  normalization: "normalization",
  pca: "PCA",
  clustering: "clustering",
  evaluation: "evaluation",
};

/** Of "inertia, values (3, 2), counts (3)": 1 + 6 + 3. */
function countValues(contents: string): number {
  const shapes = [...contents.matchAll(/ \(([\d, ]*)\)/g)].map(([, shape]) => shape);
  const scalars = contents
    .replaceAll(/[^,]* \([\d, ]*\)/g, "")
    .split(",")
    .filter((name) => name.trim() !== "");
  const sizes = shapes.map((shape) => shape.split(",").reduce((product, size) => product * Number(size), 1));
  return scalars.length + sizes.reduce((sum, size) => sum + size, 0);
}

/** Features' names, or `x0`, `x1`, ... */
export function columnNames(featureNames: readonly string[] | null, nFeatures: number): readonly string[] {
  return featureNames ?? Array.from({ length: nFeatures }, (_, f) => `x${f}`);
}

function named(names: readonly string[], { data, nColumns }: Matrix, row: number): Row {
  return Object.fromEntries(names.map((name, f) => [name, data[row * nColumns + f]]));
}
