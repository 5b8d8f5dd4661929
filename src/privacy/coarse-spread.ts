import { exp, log } from "../numerics/elementary.js";
import type { Matrix } from "../numerics/matrix.js";

/** Logarithm of 1.1: steps of 10 %. */
const STEP = log(1.1);

/**
 * A standard deviation rounded to the nearest power of 1.1, so that it says of rows no more than their order of size.
 *
 * @param std at least 0; 0 stays 0
 * @example coarse(4.9) // => 5.054470284992945, which is 1.1 ** 17
 */
export function coarse(std: number): number {
  if (std === 0) return 0;
  return Math.min(exp(Math.round(log(std) / STEP) * STEP), Number.MAX_VALUE);
}

/**
 * Standard deviation of each feature, dividing by the number of rows: the same bits for the same rows in any order, and
 * exactly 0 where all are equal.
 *
 * Cost: O(n d log n).
 *
 * @param rows (n x d), finite, n >= 1
 * @returns (d,)
 */
export function standardDeviations({ data, nRows: n, nColumns: d }: Matrix): Float64Array {
  const column = new Float64Array(n);
  return Float64Array.from({ length: d }, (_, j) => {
    for (let i = 0; i < n; i++) column[i] = data[i * d + j];
    column.sort();
    // Halves, as the difference of two large numbers may overflow.
    const middle = column[0] / 2 + column[n - 1] / 2;
    const reach = column[n - 1] / 2 - column[0] / 2;
    if (reach === 0) return 0;
    let mean = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = (column[i] - middle) / reach;
      const before = x - mean;
      mean += before / (i + 1);
      squares += before * (x - mean);
    }
    return reach * Math.sqrt(squares / n);
  });
}

/**
 * What a client states of how far its rows spread, beside its points, which lie closer together: each feature's standard
 * deviation, coarsely.
 *
 * @param rows (n x d), finite, n >= 1
 * @returns (d,)
 */
export function coarseSpread(rows: Matrix): Float64Array {
  return standardDeviations(rows).map(coarse);
}
