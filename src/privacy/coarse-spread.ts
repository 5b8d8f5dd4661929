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

/** What a column must be for its spread to be stated: fewer values, or one so frequent, would let rows be solved for. */
const LEAST_GROUPS = 4;
const LEAST_VALUES = 20;
const MOST_FREQUENT = 1 / 4;

/**
 * What a client states of how far its rows spread, beside its points, which lie closer together: each feature's standard
 * deviation, coarsely. It is stated where there are rows of four groups at least, and the feature has many different values
 * none of which is frequent: the squares within groups of a column of few values are a small number, which even a coarse
 * one would tell.
 *
 * Cost: O(n d log n).
 *
 * @param rows (n x d), finite, n >= 1
 * @param size least number of rows behind a point
 * @returns (d,) NaN where it is not stated
 */
export function coarseSpread({ data, nRows: n, nColumns: d }: Matrix, size: number): Float64Array {
  const column = new Float64Array(n);
  return Float64Array.from({ length: d }, (_, j) => {
    for (let i = 0; i < n; i++) column[i] = data[i * d + j];
    column.sort();
    const isStated = n >= LEAST_GROUPS * size && hasManyValues(column);
    return isStated ? coarse(standardDeviation(column)) : Number.NaN;
  });
}

/** @param column (n,) sorted */
function hasManyValues(column: Float64Array): boolean {
  let values = 0;
  let first = 0;
  let most = 0;
  for (let i = 0; i < column.length; i++) {
    if (i === 0 || column[i] !== column[i - 1]) {
      values += 1;
      first = i;
    }
    most = Math.max(most, i - first + 1);
  }
  return values >= LEAST_VALUES && most <= MOST_FREQUENT * column.length;
}

/**
 * Standard deviation, dividing by the number of values: exactly 0 where all are equal.
 *
 * @param column (n,) sorted, so that the bits do not depend on the order of rows
 */
function standardDeviation(column: Float64Array): number {
  const n = column.length;
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
}
