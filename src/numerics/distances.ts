/**
 * Squared Euclidean distance between row `i` of `a` and row `j` of `b`, both row-major with `d` columns: the squares
 * are added up in the order of the features. Cost d.
 *
 * @example squaredDistance(Float64Array.of(0, 0, 1, 2), 1, Float64Array.of(4, 6), 0, 2) // => 25
 */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let f = 0; f < d; f++) {
    const difference = a[i * d + f] - b[j * d + f];
    sum += difference * difference;
  }
  return sum;
}
