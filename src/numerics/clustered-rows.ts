/** Rows, or points that stand for several rows each, and their clusters. */
export interface ClusteredRows {
  /** (n, d) row-major */
  readonly rows: Float64Array;
  /** (n,) the cluster of each, in 0..k-1. */
  readonly labels: Int32Array;
  /** (n,) how many rows each stands for, non-negative; null for 1 each. */
  readonly weights: Float64Array | null;
}

/**
 * Counts the rows of each cluster. Cost n.
 *
 * @param k number of clusters
 * @returns (k,) the total weight of each
 * @example clusterCounts({ labels: Int32Array.of(0, 2, 2), weights: Float64Array.of(1, 0.5, 3) }, 3) // => [1, 0, 3.5]
 */
export function clusterCounts(
  { labels, weights }: Omit<ClusteredRows, "rows">,
  k: number,
): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(k);
  for (let i = 0; i < labels.length; i++) counts[labels[i]] += weights === null ? 1 : weights[i];
  return counts;
}
