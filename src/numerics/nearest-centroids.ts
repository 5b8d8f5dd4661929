import { openAssignment } from "./open-assignment.js";

/**
 * Finds the nearest centroid of every row, once. Whoever asks about the same rows again keeps an `Assignment`.
 * Cost n * k * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param centroids (k, d) row-major, k >= 1
 * @returns (n,) the index of each row's centroid (squared Euclidean distance; the lower index wins a tie)
 * @example nearestCentroids(Float64Array.of(0, 5, 9), 1, Float64Array.of(0, 10)) // => [0, 0, 1]
 */
export function nearestCentroids(rows: Float64Array, d: number, centroids: Float64Array): Int32Array {
  const assignment = openAssignment(rows, d, centroids.length / d, null);
  assignment.assign(centroids);
  const labels = assignment.labels.slice();
  assignment.close();
  return labels;
}
