/**
 * Means of clusters from their sums; a cluster with no weight keeps its fallback. Cost k * d.
 *
 * @param sums (k, d) row-major
 * @param counts (k,) non-negative: rows, or their total weight
 * @param fallback (k, d) row-major, what a cluster of count 0 takes
 * @returns (k, d) row-major, in the sums' unit
 * @example meansFromSums(Float64Array.of(3, 6, 0, 0), Float64Array.of(3, 0), Float64Array.of(9, 9, 7, 8)) // => [1, 2, 7, 8]
 */
export function meansFromSums(
  sums: Float64Array,
  counts: Float64Array,
  fallback: Float64Array,
): Float64Array {
  const d = sums.length / counts.length;
  const means = new Float64Array(sums.length);
  for (let c = 0; c < counts.length; c++) {
    const count = counts[c];
    for (let i = c * d; i < (c + 1) * d; i++) means[i] = count > 0 ? sums[i] / count : fallback[i];
  }
  return means;
}
