/** A row-major matrix: element (i, j) is `data[i * nColumns + j]`. */
export interface Matrix {
  readonly data: Float64Array;
  readonly nRows: number;
  readonly nColumns: number;
}

/**
 * How many rows of `d` columns there are.
 *
 * @param values (n * d,) row-major
 * @throws RangeError if it is no whole number: kernels would then go on for ever
 * @example countRows(new Float64Array(6), 2) // => 3
 */
export function countRows(values: Float64Array, d: number): number {
  const n = values.length / d;
  if (d >= 1 && Number.isInteger(n)) return n;
  throw new RangeError(`${values.length} numbers are no rows of ${d} columns`);
}
