import { BLOCK_ROWS, squaredDistance } from "./assign.js";
import { forEachNearest } from "./kernels/nearest.js";

/**
 * Sum over some rows of their exact silhouette coefficients against all rows. A row alone in its cluster
 * counts 0. Cost n * N * d.
 *
 * @param rows (n, d) row-major, the rows whose coefficients are summed; they are part of `all`
 * @param labels (n,) their clusters
 * @param all (N, d) row-major, every row of the federation
 * @param allLabels (N,) their clusters, in 0..k-1, at least two of them in use
 * @param d number of features
 * @param k number of clusters
 * @see Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20 (1987), section 2
 */
export function silhouetteSum(
  rows: Float64Array,
  labels: Int32Array,
  all: Float64Array,
  allLabels: Int32Array,
  d: number,
  k: number,
): number {
  const sizes = new Float64Array(k);
  for (const label of allLabels) sizes[label] += 1;
  const sums = new Float64Array(k);
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    if (sizes[labels[i]] < 2) continue;
    addDistances(rows, i, all, allLabels, d, sums.fill(0));
    const within = sums[labels[i]] / (sizes[labels[i]] - 1);
    let between = Infinity;
    for (let c = 0; c < k; c++) {
      if (c !== labels[i] && sizes[c] > 0) between = Math.min(between, sums[c] / sizes[c]);
    }
    total += coefficient(within, between);
  }
  return total;
}

/**
 * Adds the distances of a row to all rows up by cluster. Four rows at a time, for the processor's sake: each distance
 * is that of `squaredDistance`, to the bit.
 */
function addDistances(
  rows: Float64Array,
  i: number,
  all: Float64Array,
  allLabels: Int32Array,
  d: number,
  sums: Float64Array,
): void {
  const n = allLabels.length;
  const begin = i * d;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let at = j * d;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let f = begin; f < begin + d; f++, at++) {
      const value = rows[f];
      const t0 = value - all[at];
      const t1 = value - all[at + d];
      const t2 = value - all[at + 2 * d];
      const t3 = value - all[at + 3 * d];
      sum0 += t0 * t0;
      sum1 += t1 * t1;
      sum2 += t2 * t2;
      sum3 += t3 * t3;
    }
    sums[allLabels[j]] += Math.sqrt(sum0);
    sums[allLabels[j + 1]] += Math.sqrt(sum1);
    sums[allLabels[j + 2]] += Math.sqrt(sum2);
    sums[allLabels[j + 3]] += Math.sqrt(sum3);
  }
  for (; j < n; j++) sums[allLabels[j]] += Math.sqrt(squaredDistance(rows, i, all, j, d));
}

/** Distances times features from which on the kernels pay for laying out their memory. */
const KERNEL_WORK = 2 ** 13;

/**
 * Sum over rows of their simplified silhouette coefficients, which compare the distances to the row's own
 * centroid and to the nearest other one. Needs no other client's rows. Cost n * k * d.
 *
 * @param rows (n, d) row-major
 * @param labels (n,) nearest centroid of each row
 * @param centroids (k, d) row-major, k >= 2
 * @param d number of features
 * @see Hruschka, de Castro & Campello, Evolutionary algorithms for clustering gene-expression data, ICDM 2004
 */
export function simplifiedSilhouetteSum(
  rows: Float64Array,
  labels: Int32Array,
  centroids: Float64Array,
  d: number,
): number {
  const k = centroids.length / d;
  if (labels.length * d * k >= KERNEL_WORK) return simplifiedSilhouetteByKernel(rows, centroids, d);
  let total = 0;
  for (let start = 0; start < labels.length; start += BLOCK_ROWS) {
    let blockTotal = 0;
    for (let i = start; i < Math.min(labels.length, start + BLOCK_ROWS); i++) {
      const own = squaredDistance(rows, i, centroids, labels[i], d);
      let other = Infinity;
      for (let c = 0; c < k; c++) {
        if (c !== labels[i]) other = Math.min(other, squaredDistance(rows, i, centroids, c, d));
      }
      blockTotal += coefficient(Math.sqrt(own), Math.sqrt(other));
    }
    total += blockTotal;
  }
  return total;
}

/** The same bits: a row's own distance is that to the nearest centroid, the other that to the second nearest. */
function simplifiedSilhouetteByKernel(rows: Float64Array, centroids: Float64Array, d: number): number {
  let total = 0;
  let blockTotal = 0;
  forEachNearest(rows, d, centroids, (row, own, other) => {
    if (row % BLOCK_ROWS === 0) {
      total += blockTotal;
      blockTotal = 0;
    }
    blockTotal += coefficient(Math.sqrt(own), Math.sqrt(other));
  });
  return total + blockTotal;
}

function coefficient(within: number, between: number): number {
  const larger = Math.max(within, between);
  return larger === 0 ? 0 : (between - within) / larger;
}
