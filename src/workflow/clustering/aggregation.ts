import { RunError, theSetting } from "../../errors.js";
import { squaredDistance } from "../../numerics/distances.js";
import type { KMeansResult, kMeans } from "../../numerics/k-means.js";
import { optimalAssignment } from "../../numerics/linear-sum-assignment.js";
import type { Matrix } from "../../numerics/matrix.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import { concat } from "../../numerics/small-arrays.js";
import type { LocalClusters } from "./local-clusters.js";

/*
 * What algorithms share at the server. A cluster that nobody reports keeps its mean of the round
 * before, with size 0: it may win points back, and neither NaN nor the origin ever stands in for it.
 */

/** Global means of one round. Row i of one round is the same cluster as row i of the next. */
export interface GlobalMeans {
  /** (k, p) */
  means: Matrix;
  /** (k,) rows that stand behind each mean; null where the means do not come from rows. */
  sizes: Float64Array | null;
  /** Indices of the clusters nobody reported. */
  carriedOver: number[];
}

/** `kMeans`, or the same elsewhere. */
export type KMeans = (...problem: Parameters<typeof kMeans>) => KMeansResult | Promise<KMeansResult>;

/** How far the means moved in a round: the Frobenius norm of the difference, in the units clustered in. */
export function convergenceChange(previous: Matrix, next: Matrix): number {
  let sum = 0;
  for (let i = 0; i < next.data.length; i++) sum += (next.data[i] - previous.data[i]) ** 2;
  return Math.sqrt(sum);
}

/** Without a round before, clusters are numbered by their first coordinate, then the next. */
export function atStart(means: Matrix, k: number): Pick<GlobalMeans, "means" | "carriedOver"> {
  if (means.nRows === 1 && k > 1) {
    throw new RunError("all reported means are equal, so there is nothing to cluster");
  }
  const { data, nRows, nColumns } = means;
  const row = (i: number) => data.subarray(i * nColumns, (i + 1) * nColumns);
  const order = [...Array(nRows).keys()].sort((a, b) => {
    const f = row(a).findIndex((value, column) => value !== row(b)[column]);
    return f < 0 ? a - b : row(a)[f] - row(b)[f];
  });
  return { means: { data: concat(order.map(row)), nRows, nColumns }, carriedOver: [] };
}

/**
 * Means of this round, each in the place of the one before that it is matched to by optimal assignment; where none is,
 * the one before stays.
 */
export function matched(means: Matrix, previous: Matrix): Pick<GlobalMeans, "means" | "carriedOver"> {
  const { nRows: k, nColumns: d } = previous;
  const costs = new Float64Array(means.nRows * k);
  for (let i = 0; i < means.nRows; i++) {
    for (let j = 0; j < k; j++) costs[i * k + j] = squaredDistance(means.data, i, previous.data, j, d);
  }
  const clusterOf = optimalAssignment(costs, means.nRows, k);
  const data = previous.data.slice();
  const carriedOver = new Set(Array(k).keys());
  for (let i = 0; i < means.nRows; i++) {
    for (let f = 0; f < d; f++) data[clusterOf[i] * d + f] = means.data[i * d + f];
    carriedOver.delete(clusterOf[i]);
  }
  return { means: { data, nRows: k, nColumns: d }, carriedOver: [...carriedOver] };
}

/** Rows behind each reported mean, of one client after the other. */
export function pooledCounts(locals: readonly LocalClusters[]): Float64Array {
  const pooled = new Float64Array(locals.reduce((sum, { counts }) => sum + counts.length, 0));
  let at = 0;
  for (const { counts } of locals) for (let i = 0; i < counts.length; i++) pooled[at++] = counts[i];
  return pooled;
}

/** Each reported mean, of one client after the other, and the rows behind it. */
export function pooledMeans(locals: readonly LocalClusters[]): { rows: Float64Array; counts: Float64Array } {
  return { rows: concat(locals.map(({ means }) => means.data)), counts: pooledCounts(locals) };
}

/** Rows behind each global mean: those of the local means nearest to it. */
export function sizesOf(
  rows: Float64Array,
  counts: Float64Array,
  means: Matrix,
  carriedOver: Set<number>,
): Float64Array {
  const { data, nColumns: d } = means;
  const candidates = [...Array(means.nRows).keys()].filter((c) => !carriedOver.has(c));
  const sizes = new Float64Array(means.nRows);
  const assignment = openAssignment(rows, d, candidates.length, counts);
  assignment.assign(concat(candidates.map((c) => data.subarray(c * d, (c + 1) * d))));
  assignment.sums().counts.forEach((size, i) => {
    sizes[candidates[i]] = size;
  });
  assignment.close();
  return sizes;
}

export function nothingReported(): RunError {
  return new RunError(
    "no client reported a single mean: every local cluster has fewer rows than the privacy threshold; " +
      `lower ${theSetting("kGlobal")} or the threshold, or bring more rows`,
  );
}
