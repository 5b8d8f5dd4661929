import type { Matrix } from "../numerics/matrix.js";

/*
 * A row is in the cell of its nearest centre, which no other row has a say in, and in integer units of 1 / UNIT of what
 * one row can move it moves
 * - the count of its cell by UNIT,
 * - the sum of its cell by its difference from the centre, in radii, clipped to length 1, each coordinate rounded to an
 *   integer: by UNIT + sqrt(d) / 2 at most, and what rounding of floating-point numbers adds to the length,
 * - the spread, one number for all cells, by min(1, square of that difference) UNIT, rounded: by UNIT at most.
 */

/** Steps of the grid for the most that one row moves a count, a sum or the spread, before it is rounded. */
export const UNIT: number = 2 ** 20;

/** More than floating-point rounding adds to the length of a clipped difference of 2^20 coordinates, in steps. */
const FLOAT_ERROR = 2 ** -10;

/** The most rows of a client: integers of so many are exact. */
const MOST_ROWS = 2 ** 32;

/**
 * The most that one row moves a cell's sum by (Euclidean), in steps of the grid.
 *
 * @param d features
 */
export function sumSensitivity(d: number): number {
  return UNIT + Math.sqrt(d) / 2 + FLOAT_ERROR;
}

/** What rows add up to, in steps of the grid: integers, and so exact and the same in any order of rows. */
export interface IntegerSums {
  /** (K,) */
  readonly counts: Float64Array;
  /** (K, d) */
  readonly sums: Float64Array;
  readonly spread: number;
}

/**
 * Adds up rows, without noise: nothing of it may leave.
 *
 * @param rows (n, d) in the box
 * @param centres (K, d) in the box
 * @param radii (K,) 2^-40 to 2^40
 * @throws RangeError for rows outside the box
 */
export function integerSums(rows: Matrix, centres: Matrix, radii: Float64Array): IntegerSums {
  const { data, nRows, nColumns: d } = rows;
  if (nRows >= MOST_ROWS) throw new RangeError(`there must be fewer than ${MOST_ROWS} rows, found ${nRows}`);
  const counts = new Float64Array(centres.nRows);
  const sums = new Float64Array(centres.nRows * d);
  const difference = new Float64Array(d);
  let spread = 0;
  for (let i = 0; i < nRows; i++) {
    const row = data.subarray(i * d, (i + 1) * d);
    for (const x of row) if (!(Math.abs(x) <= 1)) throw new RangeError("rows must lie in the box [-1, 1]^d");
    const cell = nearest(row, centres);
    let square = 0;
    for (let f = 0; f < d; f++) {
      difference[f] = (row[f] - centres.data[cell * d + f]) / radii[cell];
      square += difference[f] * difference[f];
    }
    const length = Math.max(1, Math.sqrt(square));
    counts[cell] += UNIT;
    for (let f = 0; f < d; f++) sums[cell * d + f] += Math.round((difference[f] / length) * UNIT);
    spread += Math.round(Math.min(1, square) * UNIT);
  }
  return { counts, sums, spread };
}

/** The centre nearest to a row, the first of several. */
function nearest(row: Float64Array, { data, nRows, nColumns: d }: Matrix): number {
  let best = 0;
  let least = Infinity;
  for (let j = 0; j < nRows; j++) {
    let square = 0;
    for (let f = 0; f < d; f++) square += (row[f] - data[j * d + f]) ** 2;
    if (square < least) {
      least = square;
      best = j;
    }
  }
  return best;
}
