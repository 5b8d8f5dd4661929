import type { Matrix } from "#src/numerics/matrix.js";
import type { Groups, WeightedPoints } from "#src/privacy/groups.js";

/*
 * An attack of this project's own: a mean that is computed in one way from the first row's value is rounded by it. Of whole
 * numbers the sum is known, so each value that the first row may have can be tried: the one with the last bits heard is it.
 * (As Mironov 2012, CCS, section 3, does with noise in floating point.)
 */

/** Means about the first row of each group, as they come out of the arithmetic. */
export function unroundedPoints({ data, nColumns: d }: Matrix, { rows, starts }: Groups): WeightedPoints {
  const nGroups = starts.length - 1;
  const points = { data: new Float64Array(nGroups * d), nRows: nGroups, nColumns: d };
  for (let g = 0; g < nGroups; g++) {
    for (let j = 0; j < d; j++) {
      const values = Array.from(rows.subarray(starts[g], starts[g + 1]), (row) => data[row * d + j]);
      points.data[g * d + j] = aboutFirst(
        values[0],
        values.reduce((sum, x) => sum + x, 0),
        values.length,
      );
    }
  }
  return { points, weights: Float64Array.from({ length: nGroups }, (_, g) => starts[g + 1] - starts[g]) };
}

function aboutFirst(first: number, sum: number, rows: number): number {
  return first + 2 * ((sum / 2 - (rows * first) / 2) / rows) + 0;
}

/**
 * Values that the first row of a group can have.
 *
 * @param point mean of whole numbers, as heard
 * @param domain values that the column has somewhere
 */
export function firstValues(point: number, rows: number, domain: readonly number[]): number[] {
  const sum = Math.round(point * rows);
  return domain.filter((first) => aboutFirst(first, sum, rows) === point);
}
