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

/**
 * Some columns of a matrix, in another order.
 *
 * @param places of these columns, each once
 * @param mayOverwrite whether they may be put in order where they lie: the matrix is no longer the caller's then
 */
export function selectColumns(
  { data, nRows, nColumns }: Matrix,
  places: readonly number[],
  mayOverwrite = false,
): Matrix {
  const p = places.length;
  const selected = mayOverwrite ? data.subarray(0, nRows * p) : new Float64Array(nRows * p);
  const row = new Float64Array(nColumns);
  for (let i = 0; i < nRows; i++) {
    for (let f = 0; f < nColumns; f++) row[f] = data[i * nColumns + f];
    for (let f = 0; f < p; f++) selected[i * p + f] = row[places[f]];
  }
  return { data: selected, nRows, nColumns: p };
}
