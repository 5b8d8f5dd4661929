import { BLOCK_ROWS } from "./blocks.js";
import { squaredDistance } from "./distances.js";
import { distanceSums } from "./kernels/statistics/distance-sums.js";
import { forEachNearest } from "./kernels/statistics/nearest.js";

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
  let total = 0;
  let sums: Float64Array = new Float64Array();
  for (let i = 0; i < labels.length; i++) {
    const at = (i % BLOCK_ROWS) * k;
    if (at === 0) {
      const end = Math.min(labels.length, i + BLOCK_ROWS);
      sums = distanceSums(rows.subarray(i * d, end * d), all, allLabels, d, k);
    }
    if (sizes[labels[i]] < 2) continue;
    const within = sums[at + labels[i]] / (sizes[labels[i]] - 1);
    let between = Infinity;
    for (let c = 0; c < k; c++) {
      if (c !== labels[i] && sizes[c] > 0) between = Math.min(between, sums[at + c] / sizes[c]);
    }
    total += coefficient(within, between);
  }
  return total;
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
