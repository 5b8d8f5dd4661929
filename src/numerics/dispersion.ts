import { type ClusteredRows, clusterCounts } from "./clustered-rows.js";
import { squaredDistance } from "./distances.js";

/** What Davies-Bouldin and Calinski-Harabasz need to know of a clustering. */
export interface Dispersion {
  /** (k, d) row-major, the mean of each cluster's rows. */
  readonly means: Float64Array;
  /** (k,) number, or total weight, of the rows of each cluster; clusters of 0 rows are passed over. */
  readonly counts: Float64Array;
  /** (k,) sum of Euclidean distances of the rows to their cluster's mean. */
  readonly distanceSums: Float64Array;
  /** (k,) sum of squared Euclidean distances of the rows to their cluster's mean. */
  readonly squaredDistanceSums: Float64Array;
}

/**
 * How far rows lie from the mean of their cluster. A row of weight w counts as w rows. Cost n * d.
 *
 * @param part n rows
 * @param means (k, d) row-major
 * @param d number of features
 */
export function dispersionAbout(part: ClusteredRows, means: Float64Array, d: number): Dispersion {
  const { rows, labels, weights } = part;
  const k = means.length / d;
  const distanceSums = new Float64Array(k);
  const squaredDistanceSums = new Float64Array(k);
  for (let i = 0; i < labels.length; i++) {
    const weight = weights === null ? 1 : weights[i];
    const squared = squaredDistance(rows, i, means, labels[i], d);
    distanceSums[labels[i]] += weight * Math.sqrt(squared);
    squaredDistanceSums[labels[i]] += weight * squared;
  }
  return { means, counts: clusterCounts(part, k), distanceSums, squaredDistanceSums };
}

/**
 * Davies-Bouldin score: mean over clusters of the worst ratio of the mean distances within it and another to the
 * distance between their means; lower is better, and has no unit. Cost k^2 * d.
 *
 * @returns null with fewer than two clusters in use
 * @example
 *   const rows = { rows: Float64Array.of(0, 2, 10), labels: Int32Array.of(0, 0, 1), weights: null };
 *   daviesBouldinScore(dispersionAbout(rows, Float64Array.of(1, 10), 1)) // => 1 / 9
 * @see Davies & Bouldin, A cluster separation measure, IEEE PAMI 1 (1979), definition 5
 */
export function daviesBouldinScore(dispersion: Dispersion): number | null {
  const { means, counts, distanceSums } = dispersion;
  const d = means.length / counts.length;
  const used = clustersInUse(counts);
  if (used.length < 2) return null;
  const meanDistance = (c: number) => distanceSums[c] / counts[c];
  if (used.every((c) => meanDistance(c) === 0)) return 0;
  let sum = 0;
  for (const a of used) {
    let worst = 0;
    for (const b of used) {
      if (a === b) continue;
      const distance = Math.sqrt(squaredDistance(means, a, means, b, d));
      // Two clusters of one mean cannot be told apart; scikit-learn passes over them too.
      if (distance > 0) worst = Math.max(worst, (meanDistance(a) + meanDistance(b)) / distance);
    }
    sum += worst;
  }
  return sum / used.length;
}

/**
 * Calinski-Harabasz score: variance between clusters over variance within; higher is better, and has no unit.
 * Cost k * d.
 *
 * @returns null with fewer than two clusters in use, or as many clusters as rows; 1 without any spread within
 * @example
 *   const rows = { rows: Float64Array.of(0, 2, 10), labels: Int32Array.of(0, 0, 1), weights: null };
 *   calinskiHarabaszScore(dispersionAbout(rows, Float64Array.of(1, 10), 1)) // => 27
 * @see Calinski & Harabasz, A dendrite method for cluster analysis, Comm. Statist. 3 (1974)
 */
export function calinskiHarabaszScore(dispersion: Dispersion): number | null {
  const { means, counts, squaredDistanceSums } = dispersion;
  const d = means.length / counts.length;
  const used = clustersInUse(counts);
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (used.length < 2 || n <= used.length) return null;
  const centre = new Float64Array(d);
  for (const c of used) for (let f = 0; f < d; f++) centre[f] += (counts[c] / n) * means[c * d + f];
  let between = 0;
  let within = 0;
  for (const c of used) {
    between += counts[c] * squaredDistance(means, c, centre, 0, d);
    within += squaredDistanceSums[c];
  }
  if (within === 0) return 1;
  return (between / within) * ((n - used.length) / (used.length - 1));
}

function clustersInUse(counts: Float64Array): number[] {
  return [...counts.keys()].filter((c) => counts[c] > 0);
}
