/**
 * The value in the middle, in the values' unit: of an even number the mean of the two there. Cost n log n.
 *
 * @param values (n,) at least one; left as they are
 * @example median([9, 1, 2, 4]) // => 3
 */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
