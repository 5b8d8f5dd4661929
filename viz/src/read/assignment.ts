/**
 * Finds the nearest mean of each row, by squared Euclidean distance; the lower index wins a tie. O(n k d).
 *
 * @param features (n, nFeatures) row-major
 * @param means (k, nFeatures) row-major, 1 <= k <= 65536
 * @returns (n,) index of a mean
 */
export function assignRows(features: Float64Array, nFeatures: number, means: Float64Array): Uint16Array {
  const nRows = features.length / nFeatures;
  const assignment = new Uint16Array(nRows);
  for (let row = 0; row < nRows; row++)
    assignment[row] = nearest(features, row * nFeatures, nFeatures, means);
  return assignment;
}

/**
 * @param at where the row starts in `features`
 * @param isOpen whether a mean may be chosen; by default all may
 * @returns index of the nearest mean
 */
export function nearest(
  features: Float64Array,
  at: number,
  nFeatures: number,
  means: Float64Array,
  isOpen: ((mean: number) => boolean) | null = null,
): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let mean = 0, m = 0; m < means.length; mean++, m += nFeatures) {
    if (isOpen !== null && !isOpen(mean)) continue;
    let distance = 0;
    for (let f = 0; f < nFeatures; f++) distance += (features[at + f] - means[m + f]) ** 2;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = mean;
    }
  }
  return best;
}
