/** Squared Euclidean distance between row `i` of `a` and row `j` of `b`, both row-major with `d` columns. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let f = 0; f < d; f++) {
    const difference = a[i * d + f] - b[j * d + f];
    sum += difference * difference;
  }
  return sum;
}
