import { existsSync } from "node:fs";
import { layoutOf } from "../../directory/layout.js";
import { readMatrix, readVector } from "../../directory/read-array.js";
import { addContingency, adjustedRandIndex } from "../../numerics/contingency.js";
import { nearestCentroids } from "../../numerics/nearest-centroids.js";
import type { DiffedRun } from "./diffed-run.js";

/** How far two runs put the same rows into the same clusters. */
export interface ClusterAgreement {
  /** Adjusted Rand index: 1 is the same up to the clusters' names, 0 is chance. */
  readonly adjustedRandIndex: number;
  /** Rows and clients that it is of. */
  readonly rows: number;
  readonly clients: number;
}

/**
 * Compares the clusters of those rows that are known to be the same: of clients whose data have the same SHA-256 in both
 * directories, and whose rows or labels both have recorded.
 *
 * @returns the reason where there are no such rows
 * @throws RunError if a recorded array cannot be read
 */
export function agreementOf(a: DiffedRun, b: DiffedRun): ClusterAgreement | string {
  const [hashesA, hashesB] = [hashesOf(a), hashesOf(b)];
  if (hashesA.size === 0 || hashesB.size === 0) return "a directory does not say which rows it is of";
  const same = [...hashesA]
    .filter(([client, hash]) => hashesB.get(client) === hash)
    .map(([client]) => client);
  if (same.length === 0) return "no client has the same data in both";
  const both = same.flatMap((client) => {
    const [ofA, ofB] = [labelsOf(a, client), labelsOf(b, client)];
    // Of one that left rows out, nobody knows which of the other's are the same.
    return ofA === null || ofB === null || ofA.length !== ofB.length ? [] : [[ofA, ofB] as const];
  });
  const rows = both.reduce((sum, [labels]) => sum + labels.length, 0);
  if (rows === 0) return "neither rows nor labels of the same clients are recorded in both";
  const [k, m] = [a, b].map(({ last }) => last!.means.nRows);
  const table = { counts: new Float64Array(k * m), nClasses: k, nClusters: m };
  for (const [ofA, ofB] of both) addContingency(table, ofA, ofB, null);
  return { adjustedRandIndex: adjustedRandIndex(table), rows, clients: both.length };
}

function hashesOf({ summary }: DiffedRun): Map<string, string> {
  return new Map(summary.partitions?.map(({ client, sha256 }) => [client, sha256]));
}

/** The cluster of each row, as the final means divide them; null where nothing of the rows is recorded. */
function labelsOf({ directory, summary, last, isCompleted }: DiffedRun, client: string): Int32Array | null {
  if (last === null) return null;
  const layout = layoutOf(directory, summary.clients);
  const rows = layout.clientData(client);
  if (existsSync(rows)) {
    const { nColumns } = last.means;
    const { data, nRows } = readMatrix(rows, null, "", nColumns);
    return nRows === 0 ? new Int32Array(0) : nearestCentroids(data, nColumns, last.means.data);
  }
  const labels = layout.clientLabels(client);
  return isCompleted && existsSync(labels) ? Int32Array.from(readVector(labels, null)) : null;
}
