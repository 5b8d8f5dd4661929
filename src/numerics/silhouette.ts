import { BLOCK_ROWS } from "./blocks.js";
import { type ClusteredRows, clusterCounts } from "./clustered-rows.js";
import { forEachDistanceBatch } from "./kernels/statistics/squared-distances.js";

/**
 * Sum over some rows of their exact silhouette coefficients against all rows. A row alone in its cluster
 * counts 0. A row of weight w counts as w rows, each of which has the others at distance 0: its mean distance to its
 * own cluster of weight W is its sum of weighted distances over W - 1. Cost n * N * d.
 *
 * @param part n rows, whose coefficients are summed; they are part of `all`
 * @param all N rows, every one of the federation, of at least two clusters
 * @param d number of features
 * @param k number of clusters
 * @returns between -1 and 1 times the rows' total weight; has no unit
 * @example
 *   const rows = { rows: Float64Array.of(0, 1, 4), labels: Int32Array.of(0, 0, 1), weights: null };
 *   silhouetteSum(rows, rows, 1, 2) // => 3 / 4 + 2 / 3
 * @see Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20 (1987), section 2
 */
export function silhouetteSum(part: ClusteredRows, all: ClusteredRows, d: number, k: number): number {
  const { rows, labels, weights } = part;
  const sizes = clusterCounts(all, k);
  let total = 0;
  let sums: Float64Array = new Float64Array();
  for (let i = 0; i < labels.length; i++) {
    const at = (i % BLOCK_ROWS) * k;
    if (at === 0) {
      const end = Math.min(labels.length, i + BLOCK_ROWS);
      sums = distanceSums(rows.subarray(i * d, end * d), all, d, k);
    }
    const size = sizes[labels[i]];
    if (size <= 1) continue;
    const within = sums[at + labels[i]] / (size - 1);
    let between = Infinity;
    for (let c = 0; c < k; c++) {
      if (c !== labels[i] && sizes[c] > 0) between = Math.min(between, sums[at + c] / sizes[c]);
    }
    total += weightOf(weights, i) * coefficient(within, between);
  }
  return total;
}

/**
 * Sums of the distances of some rows to all rows of each cluster, in the order of the rows. Cost n * N * d; memory
 * n * (k + 72).
 *
 * @param rows (n, d) row-major
 * @param all N rows; the distance to one of weight w counts w times
 * @returns (n, k) row-major
 */
function distanceSums(rows: Float64Array, all: ClusteredRows, d: number, k: number): Float64Array {
  const { labels, weights } = all;
  const n = rows.length / d;
  const sums = new Float64Array(n * k);
  forEachDistanceBatch(rows, all.rows, d, ({ start, size, squares, stride }) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < size; j++) {
        const distance = Math.sqrt(squares[i * stride + j]);
        sums[i * k + labels[start + j]] += weights === null ? distance : weights[start + j] * distance;
      }
    }
  });
  return sums;
}

/**
 * Sum over rows of their simplified silhouette coefficients, which compare the distances to the row's own
 * centroid and to the nearest other one. Needs no other client's rows. Cost n * k * d.
 *
 * @param part n rows, each in the cluster of its nearest centroid
 * @param centroids (k, d) row-major, k >= 2
 * @param d number of features
 * @returns between 0 and the rows' total weight; has no unit
 * @example
 *   const rows = { rows: Float64Array.of(0, 1, 4), labels: Int32Array.of(0, 0, 1), weights: null };
 *   simplifiedSilhouetteSum(rows, Float64Array.of(0, 4), 1) // => 1 + 2 / 3 + 1
 * @see Hruschka, de Castro & Campello, Evolutionary algorithms for clustering gene-expression data, ICDM 2004
 */
export function simplifiedSilhouetteSum(part: ClusteredRows, centroids: Float64Array, d: number): number {
  const { rows, labels, weights } = part;
  const k = centroids.length / d;
  let total = 0;
  let blockTotal = 0;
  forEachDistanceBatch(centroids, rows, d, ({ start, size, squares, stride }) => {
    if (start % BLOCK_ROWS === 0) {
      total += blockTotal;
      blockTotal = 0;
    }
    for (let j = 0; j < size; j++) {
      const at = labels[start + j] * stride + j;
      const own = squares[at];
      squares[at] = Infinity;
      let other = Infinity;
      for (let c = j; c < k * stride; c += stride) if (squares[c] < other) other = squares[c];
      blockTotal += weightOf(weights, start + j) * coefficient(Math.sqrt(own), Math.sqrt(other));
    }
  });
  return total + blockTotal;
}

function weightOf(weights: Float64Array | null, row: number): number {
  return weights === null ? 1 : weights[row];
}

function coefficient(within: number, between: number): number {
  const larger = Math.max(within, between);
  return larger === 0 ? 0 : (between - within) / larger;
}
