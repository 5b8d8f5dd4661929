import { NamelessError, type TableOptions } from "../data/formats/table.js";
import { labelsOfAllRows } from "../data/partitions/left-out.js";
import type { Partition } from "../data/partitions/partition.js";
import type { PartitionList, PartitionRef } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { nearestCentroids } from "../numerics/nearest-centroids.js";
import { applyTransform } from "../numerics/transform.js";
import { clientNotices, describeNotice } from "../workflow/notice.js";
import type { Experiment, ExperimentRound } from "./open.js";
import { recordedTransform } from "./recorded-transform.js";

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
 * Says which cluster of a run each row is in: the nearest of its final means, the first of equals.
 *
 * @param tables whose rows, from `findFiles` or as a cell holds them. Features are found by their names, where the run
 *   knows them and the tables have names, else by their order
 * @throws RunError if the run has no means, or the rows other features
 */
export async function predictRows(run: Experiment, { refs, notices }: PartitionList): Promise<Prediction> {
  const { experimentDir } = run;
  const { round, means } = finalRoundOf(run);
  const assign = assigner(run);
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
  const transform = recordedTransform(run);
  return (rows) => {
    const { data, nColumns } = applyTransform(transform, rows);
    return nearestCentroids(data, nColumns, means.data);
  };
}

/** How columns without names are told. */
export const BY_ORDER: Pick<TableOptions, "columns" | "dropColumns"> = { columns: null, dropColumns: [] };

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

/**
 * Rows with their features in the order of others, by name where both have names.
 *
 * @param source what to call the rows in errors
 * @throws RunError if they are not the same features
 */
export function alignedRows(
  { rows, featureNames }: Pick<Partition, "rows" | "featureNames">,
  run: Pick<Experiment, "nFeatures" | "featureNames">,
  source: string,
): Matrix {
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
