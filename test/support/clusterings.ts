import type { ClusteredRows } from "#src/numerics/clustered-rows.js";
import { randomStream } from "#src/numerics/random.js";
import { gaussianClusters } from "./matrices.js";

/** (n,) whole numbers below a bound, by a random stream's name. */
export function draws(name: string, n: number, below: number): Int32Array {
  const random = randomStream(6, name);
  return Int32Array.from({ length: n }, () => random.integer(below));
}

/** (n,) 0 to k - 1 again and again. */
export const cycle = (n: number, k: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i % k);

/** Rows and their clusters, with the means of these. */
export interface Clustering {
  name: string;
  d: number;
  k: number;
  rows: Float64Array;
  labels: Int32Array;
  means: Float64Array;
}

function clustering(name: string, n: number, d: number, k: number, labels: Int32Array): Clustering {
  const rows = gaussianClusters(name, n, d, k, 2);
  return { name, d, k, rows, labels, means: meansOf(rows, d, labels, k) };
}

/** Good and bad ones, and every way to be degenerate. */
export const CLUSTERINGS: readonly Clustering[] = [
  clustering("good clusters", 150, 3, 4, cycle(150, 4)),
  clustering("random clusters", 150, 2, 5, draws("g", 150, 5)),
  clustering("a cluster of one row", 40, 2, 3, cycle(40, 2).fill(2, 0, 1)),
  clustering("one row less than clusters allow", 5, 2, 4, Int32Array.of(0, 1, 2, 3, 3)),
  clustering(
    "unused numbers",
    60,
    2,
    7,
    cycle(60, 2).map((label) => 5 * label + 1),
  ),
  clustering("more than one block", 1100, 1, 3, cycle(1100, 3)),
  {
    name: "no spread within",
    d: 1,
    k: 2,
    rows: Float64Array.of(1, 1, 4, 4),
    labels: Int32Array.of(0, 0, 1, 1),
    means: Float64Array.of(1, 4),
  },
  {
    name: "two clusters of one mean",
    d: 1,
    k: 3,
    rows: Float64Array.of(-1, 1, -2, 2, 6, 8),
    labels: Int32Array.of(0, 0, 1, 1, 2, 2),
    means: Float64Array.of(0, 0, 7),
  },
  {
    name: "all rows equal",
    d: 1,
    k: 2,
    rows: new Float64Array(6).fill(2),
    labels: cycle(6, 2),
    means: Float64Array.of(2, 2),
  },
];

/** (k, d) row-major: the plain mean of each cluster, 0 of one that is not used. */
export function meansOf(rows: Float64Array, d: number, labels: Int32Array, k: number): Float64Array {
  const counts = new Float64Array(k);
  for (const label of labels) counts[label] += 1;
  const means = new Float64Array(k * d);
  for (let i = 0; i < rows.length; i++) {
    const label = labels[Math.floor(i / d)];
    means[label * d + (i % d)] += rows[i] / counts[label];
  }
  return means;
}

/** Each row as often as its weight says. */
export function repeatRows({ rows, labels, weights }: ClusteredRows, d: number): ClusteredRows {
  const indices = Array.from(labels).flatMap((_, i) => new Array<number>(weights![i]).fill(i));
  return {
    rows: Float64Array.from(indices.flatMap((i) => Array.from(rows.subarray(i * d, (i + 1) * d)))),
    labels: Int32Array.from(indices, (i) => labels[i]),
    weights: null,
  };
}
