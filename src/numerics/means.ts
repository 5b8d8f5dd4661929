/**
 * Means of clusters from their sums; a cluster with no weight keeps its fallback.
 *
 * @param sums (k, d) row-major
 * @param counts (k,)
 * @param fallback (k, d) row-major, what a cluster of count 0 takes
 * @returns (k, d) row-major
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
