import { stat } from "node:fs/promises";
import { parse } from "node:path";
import { NamelessError, NO_LABELS, type TableOptions, tableOptions } from "../data/formats/table.js";
import { hasNames, isTable, type TableInMemory } from "../data/formats/table-in-memory.js";
import { federationInMemory, type RowsInMemory, tablesOf } from "../data/partitions/federation-in-memory.js";
import { labelsOfAllRows } from "../data/partitions/left-out.js";
import { compareNatural } from "../data/partitions/natural-order.js";
import { createPartitionLoader, type Partition } from "../data/partitions/partition.js";
import { isPartitionFile } from "../data/partitions/partition-folder.js";
import { findPartitions, type PartitionList, type PartitionRef } from "../data/partitions/partition-list.js";
import { messageOf, nameSettingsInProgram, RunError, UsageError } from "../errors.js";
import { configurationOfRecord, configure } from "../experiment/configuration.js";
import { clientNotices, describeNotice } from "../federation/notice.js";
import type { Matrix } from "../numerics/matrix.js";
import { nearestCentroids } from "../numerics/nearest-centroids.js";
import { applyTransform } from "../numerics/transform.js";
import {
  type Data,
  type DataSettings,
  dataSettings,
  type FederatedData,
  type LoadOptions,
  readData,
} from "./data.js";
import { type Experiment, type ExperimentLike, type ExperimentRound, open, transformOf } from "./open.js";
import { inCell } from "./output/in-cell.js";

/** Clusters of rows, as a run's final means divide them. */
export interface Prediction {
  /** Tells it from other results. */
  readonly kind: "prediction";
  /** (n,) each row's cluster, in the order of the rows, one client after the other. */
  labels: Int32Array;
  clients: {
    name: string;
    nSamples: number;
    /** (nSamples,) the part of `labels` that is its own. */
    labels: Int32Array;
  }[];
  /** Rows of each cluster. */
  clusterSizes: number[];
  /** The round of the run whose means these are: the last, or of a run that ended in a cycle its best. */
  round: number;
  /** What to know of the rows, a line each. */
  notices: string[];
}

/**
 * Says which cluster each row of other data is in, as scikit-learn's `KMeans.predict`: the nearest of the run's final
 * means, where the run clustered, the first of equals. For the run's own rows these are its own labels.
 *
 * @param experiment a run's result, or its experiment directory; of a run that was cut short, its last whole round
 * @param data a file of rows, a folder of such files, what `load` returned, or rows in memory. Features are found by their names,
 *   where the run knows them and the data have names, else by their order
 * @param options how the data is read, where that differs from how the run's was
 * @throws UsageError for data that are not there; RunError if the run has no means, or the data other features
 * @example const { labels } = await fk.predict(result, "new-patients.csv");
 */
export function predict(
  experiment: ExperimentLike,
  data: Data | TableInMemory,
  options: LoadOptions = {},
): Promise<Prediction> {
  return inCell(async () => {
    const { notices, ...prediction } = await predictRows(open(experiment), data, options);
    return { ...prediction, notices: nameSettingsInProgram(notices) };
  });
}

/** `predict`, for those who name settings in their own way. */
export async function predictRows(
  run: Experiment,
  data: Data | TableInMemory,
  options: LoadOptions,
): Promise<Prediction> {
  const { experimentDir } = run;
  const { round, means } = finalRoundOf(run);
  const assign = assigner(run);
  const { refs, notices } = await findTables(run, data, options);
  const load = loaderOf(refs);
  const said = new Map<string, readonly string[]>();
  const clients: Prediction["clients"] = [];
  for (const ref of refs) {
    const partition = await load(ref);
    const rows = alignedRows(
      partition,
      run,
      `${"path" in ref ? ref.path : `client "${ref.client}"`} and ${experimentDir}`,
    );
    const labels = labelsOfAllRows(assign(rows), partition.leftOut ?? []);
    clients.push({ name: ref.client, nSamples: labels.length, labels });
    said.set(ref.client, partition.notices ?? []);
  }
  const clusterSizes = new Array<number>(means.nRows).fill(0);
  for (const { labels } of clients) for (const label of labels) if (label >= 0) clusterSizes[label] += 1;
  return {
    kind: "prediction",
    labels: joined(clients.map(({ labels }) => labels)),
    clients,
    clusterSizes,
    round,
    notices: [...notices, ...clientNotices(said).map(describeNotice)],
  };
}

/** The round whose means are the final ones; of a run that was cut short, its last whole one. */
function finalRoundOf({ rounds, finalRound, experimentDir }: Experiment): ExperimentRound {
  const round = rounds.at(finalRound ?? -1);
  if (round === undefined) throw new RunError(`${experimentDir} holds no whole round`);
  return round;
}

/**
 * What tells the clusters of rows, as a run had them.
 *
 * @returns a function of (n, d) rows on the original scale
 * @throws RunError if the run has no means yet
 */
export function assigner(run: Experiment): (rows: Matrix) => Int32Array {
  const { means } = finalRoundOf(run);
  const transform = transformOf(run);
  return (rows) => {
    const { data, nColumns } = applyTransform(transform, rows);
    return nearestCentroids(data, nColumns, means.data);
  };
}

/** The tables of data: a file is one, unless a column says whose row it is, and so are rows in memory without clients. */
async function findTables(
  run: Experiment,
  data: Data | TableInMemory,
  given: LoadOptions,
): Promise<PartitionList> {
  const isLoaded = typeof data === "object" && data !== null && "kind" in data && data.kind === "data";
  const settings = settingsFor(run, isLoaded ? { ...dataSettings(data as FederatedData), ...given } : given);
  if (typeof data === "string") return findFiles(data, settings);
  if (isLoaded && (data as FederatedData).memory === null)
    return findFiles((data as FederatedData).path!, settings);
  if (isLoaded) return findPartitions((data as FederatedData).memory!, settings);
  const rows = data as TableInMemory | RowsInMemory;
  if (settings.clientColumn !== null) {
    return findPartitions(readData(rows as RowsInMemory, settings).source, settings);
  }
  const tables = tablesOf(isTable(rows) ? [rows] : rows);
  const isNamed = ([, table]: [string, TableInMemory]) => isTable(table) && hasNames(table);
  const refs = [
    ...refsOf(tables.filter(isNamed), settings),
    ...refsOf(
      tables.filter((one) => !isNamed(one)),
      { ...settings, ...BY_ORDER },
    ),
  ];
  return { refs: refs.sort((a, b) => compareNatural(a.client, b.client)), notices: [] };
}

/** How columns without names are told. */
const BY_ORDER = { columns: null, dropColumns: [] } satisfies Partial<TableOptions>;

function refsOf(tables: [string, TableInMemory][], settings: DataSettings): readonly PartitionRef[] {
  return tables.length === 0 ? [] : federationInMemory(new Map(tables), settings).clients;
}

/** Loads rows by the names of their columns, or where these have none by their order. */
function loaderOf(refs: readonly PartitionRef[]): (ref: PartitionRef) => Promise<Partition> {
  const load = createPartitionLoader(refs);
  return async (ref) => {
    try {
      return await load(ref);
    } catch (error) {
      if (!("path" in ref) || !(error instanceof NamelessError)) throw error;
      return load({ ...ref, table: { ...ref.table, ...BY_ORDER } });
    }
  };
}

async function findFiles(path: string, settings: DataSettings): Promise<PartitionList> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === "ENOENT" ? `${path}: no such file or folder` : `${path}: ${messageOf(error)}`,
    );
  });
  if (stats.isDirectory() || settings.clientColumn !== null) {
    return findPartitions(path, settings);
  }
  const { name, base } = parse(path);
  if (!isPartitionFile(base)) {
    throw new UsageError(
      `${path}: a .npz, .npy, .csv, .tsv or .parquet file expected, or a folder of such files`,
    );
  }
  const ref = { client: name, path, table: tableOptions(settings), clientColumn: null };
  return { refs: [ref], notices: [] };
}

/** The run's own way of reading, but for its labels; and the features that the run knows by name, whatever beside. */
function settingsFor(
  { configuration, featureNames, experimentDir }: Experiment,
  given: LoadOptions,
): DataSettings {
  const own = dataSettings(configurationOfRecord(configuration, { data: experimentDir }, experimentDir));
  const asked = dataSettings(configure({ ...given, data: experimentDir }));
  const names = Object.keys(given) as (keyof DataSettings)[];
  const chosen = Object.fromEntries(names.filter((name) => name in own).map((name) => [name, asked[name]]));
  const settings = { ...own, labelColumn: null, clientColumn: null, ...chosen };
  if (featureNames === null) return settings;
  return { ...settings, labelColumn: NO_LABELS, columns: featureNames, dropColumns: [] };
}

/** The features in the run's order. */
function alignedRows({ rows, featureNames }: Partition, run: Experiment, source: string): Matrix {
  if (rows.nColumns !== run.nFeatures) {
    const names = featureNames === null ? "" : `: ${featureNames.join(", ")}`;
    throw new RunError(
      `${source} differ in their features: ${run.nFeatures} expected, found ${rows.nColumns}${names}`,
    );
  }
  if (featureNames === null || run.featureNames === null) return rows;
  const places = run.featureNames.map((name) => featureNames.indexOf(name));
  const missing = run.featureNames.find((_, feature) => places[feature] < 0);
  if (missing !== undefined) {
    throw new RunError(
      `${source} differ in their features: ${run.featureNames.join(", ")} expected, found ${featureNames.join(", ")}`,
    );
  }
  if (places.every((place, feature) => place === feature)) return rows;
  const { data, nColumns } = rows;
  const ordered = data.map((_, i) => data[i - (i % nColumns) + places[i % nColumns]]);
  return { ...rows, data: ordered };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
