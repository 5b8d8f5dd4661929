import { RunError, theSetting } from "../../errors.js";
import { squaredDistance } from "../../numerics/distances.js";
import { type KMeansResult, kMeans } from "../../numerics/k-means.js";
import { optimalAssignment } from "../../numerics/linear-sum-assignment.js";
import type { Matrix } from "../../numerics/matrix.js";
import { meansFromSums } from "../../numerics/means.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import type { RandomStream } from "../../numerics/random.js";
import { borrowFloats } from "../../numerics/row-memory.js";
import type { LocalClusters } from "./local-clusters.js";

/*
 * The server's half of the clustering phase. A cluster that nobody reports keeps its mean of the round
 * before, with size 0: it may win rows back, and neither NaN nor the origin ever stands in for it.
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
export type Cluster = (...problem: Parameters<typeof kMeans>) => KMeansResult | Promise<KMeansResult>;

/** Restarts of k-means where nothing is said, as scikit-learn's KMeans had by default until version 1.4. */
export const RESTARTS = 10;

/**
 * Aggregates local means by weighted k-means over all of them, with restarts, and matches the result to
 * the means of the round before by optimal assignment.
 *
 * @param locals one entry a client, in client order
 * @param k number of clusters wanted; fewer come out where fewer distinct means were reported
 * @param weighted weight a local mean by its rows; otherwise each counts once
 * @param previous the means of the round before, null at the start
 * @param options.unweightedSeeding draw the starts of the restarts without weights, as the published study did
 * @param options.restarts how many; `RESTARTS` by default
 * @param options.cluster where k-means is to run; here by default
 * @throws RunError if nothing was reported
 * @see Garst & Reinders 2024, Algorithm 1, lines 5-6 and 15
 */
export async function aggregateFkm(
  locals: readonly LocalClusters[],
  k: number,
  weighted: boolean,
  previous: Matrix | null,
  random: RandomStream,
  {
    unweightedSeeding = false,
    restarts = RESTARTS,
    cluster = kMeans,
  }: {
    unweightedSeeding?: boolean | undefined;
    restarts?: number | undefined;
    cluster?: Cluster;
  } = {},
): Promise<GlobalMeans> {
  const d = locals[0].means.nColumns;
  const counts = pooledCounts(locals);
  if (!counts.some((count) => count > 0)) throw nothingReported();
  const weights = weighted ? counts : null;
  const wanted = Math.min(previous?.nRows ?? k, counts.length);
  const options = { maxIterations: 300, tolerance: 1e-4, restarts, unweightedSeeding };
  const { rows, giveBack } = borrowFloats(counts.length * d);
  try {
    let at = 0;
    for (const { means } of locals) {
      rows.set(means.data, at);
      at += means.data.length;
    }
    const { means: data } = await cluster(rows, d, wanted, weights, options, random);
    const means = { data, nRows: data.length / d, nColumns: d };
    const global = previous === null ? atStart(means, k) : matched(means, previous);
    return { ...global, sizes: sizesOf(rows, counts, global.means, new Set(global.carriedOver)) };
  } finally {
    giveBack();
  }
}

/** Rows behind each reported mean, of one client after the other. */
function pooledCounts(locals: readonly LocalClusters[]): Float64Array {
  const pooled = new Float64Array(locals.reduce((sum, { counts }) => sum + counts.length, 0));
  let at = 0;
  for (const { counts } of locals) for (let i = 0; i < counts.length; i++) pooled[at++] = counts[i];
  return pooled;
}

/**
 * Aggregates sums and counts per global cluster: one exact step of Lloyd's algorithm on the pooled rows.
 *
 * @param locals one entry a client, in client order
 * @param previous (k, p) the means the clients were sent
 * @throws RunError if nothing was reported
 */
export function aggregateLloyd(locals: readonly LocalClusters[], previous: Matrix): GlobalMeans {
  const { nRows: k, nColumns: d } = previous;
  const sums = new Float64Array(k * d);
  const sizes = new Float64Array(k);
  for (const { origins, counts, sums: localSums } of locals) {
    for (let i = 0; i < origins.length; i++) {
      const cluster = origins[i];
      sizes[cluster] += counts[i];
      for (let f = 0; f < d; f++) sums[cluster * d + f] += localSums[i * d + f];
    }
  }
  const carriedOver = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (carriedOver.length === k) throw nothingReported();
  return {
    means: { data: meansFromSums(sums, sizes, previous.data), nRows: k, nColumns: d },
    sizes,
    carriedOver,
  };
}

/**
 * Draws starting means N(0, scale^2) in the space that is clustered in.
 *
 * @param k number of means
 * @param scale (p,) standard deviation of each coordinate there
 */
export function randomStart(k: number, scale: Float64Array, random: RandomStream): Matrix {
  const data = Float64Array.from(
    { length: k * scale.length },
    (_, i) => scale[i % scale.length] * random.normal(),
  );
  return { data, nRows: k, nColumns: scale.length };
}

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

function matched(means: Matrix, previous: Matrix): Pick<GlobalMeans, "means" | "carriedOver"> {
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

export function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function nothingReported(): RunError {
  return new RunError(
    "no client reported a single mean: every local cluster has fewer rows than the privacy threshold; " +
      `lower ${theSetting("kGlobal")} or the threshold, or bring more rows`,
  );
}
