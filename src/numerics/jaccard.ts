/**
 * Of each cluster of one clustering, the largest Jaccard similarity with a cluster of another of the same points: the
 * weight of the points in both over that of the points in either. 1 is a cluster found again point by point. Cost n + k * m.
 *
 * @param clusters (n,) the cluster of each point, in 0..k-1
 * @param others (n,) its cluster in the other clustering, in 0..m-1
 * @param weights (n,) of the points; null: 1 each
 * @returns (k,) NaN of a cluster without points
 * @example maximalJaccard(Int32Array.of(0, 0, 1, 1), 2, Int32Array.of(0, 0, 0, 1), 2, null) // => [2 / 3, 1 / 2]
 * @see Hennig, Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52 (2007), section 2
 */
export function maximalJaccard(
  clusters: Int32Array,
  k: number,
  others: Int32Array,
  m: number,
  weights: Float64Array | null,
): Float64Array {
  const both = new Float64Array(k * m);
  const sizes = new Float64Array(k);
  const otherSizes = new Float64Array(m);
  for (let i = 0; i < clusters.length; i++) {
    const weight = weights === null ? 1 : weights[i];
    both[clusters[i] * m + others[i]] += weight;
    sizes[clusters[i]] += weight;
    otherSizes[others[i]] += weight;
  }
  return sizes.map((size, cluster) => {
    if (size === 0) return Number.NaN;
    let largest = 0;
    for (let other = 0; other < m; other++) {
      const common = both[cluster * m + other];
      largest = Math.max(largest, common / (size + otherSizes[other] - common));
    }
    return largest;
  });
}
