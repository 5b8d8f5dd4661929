/** Where two arrays differ the most. */
export interface LargestDifference {
  /** Of the element in the flat arrays. */
  readonly at: number;
  /** Absolute; 0 of a zero and a negative zero. */
  readonly difference: number;
}

/**
 * The largest difference of two arrays, the first of equals; null where they are the same bit by bit.
 *
 * @param a (n,)
 * @param b (n,)
 * @example largestDifference(Float64Array.of(1, 2, 3), Float64Array.of(1, 2.5, 3)) // => { at: 1, difference: 0.5 }
 */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): LargestDifference | null {
  let largest: LargestDifference | null = null;
  for (let at = 0; at < a.length; at++) {
    if (Object.is(a[at], b[at])) continue;
    const difference = Math.abs(a[at] - b[at]);
    if (largest === null || difference > largest.difference) largest = { at, difference };
  }
  return largest;
}
