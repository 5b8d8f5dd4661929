import type { Matrix } from "../numerics/matrix.js";

/** Public bounds of features: what anybody could have written who knows what is measured, and never saw a row. */
export interface Bounds {
  /** (d,) names that differ. */
  readonly features: readonly string[];
  /** (d,) in each feature's units; below `high`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Rows in the box, and how many of them were not. */
export interface ClippedRows {
  /** (n, d) each number from -1 to 1. */
  readonly rows: Matrix;
  /** Rows of which some number was outside the bounds. */
  readonly nClipped: number;
}

/**
 * Scales rows by public bounds to the box [-1, 1]^d. What lies outside is moved to the box's nearest side: else a single
 * row could move a sum by any amount.
 *
 * @param rows (n, d) in the features' units, in the order of the bounds; left as they are
 */
export function clipToBox(rows: Matrix, { low, high }: Pick<Bounds, "low" | "high">): ClippedRows {
  const { nRows, nColumns: d } = rows;
  const data = new Float64Array(nRows * d);
  let nClipped = 0;
  for (let i = 0; i < nRows; i++) {
    let isInside = true;
    for (let f = 0; f < d; f++) {
      const half = (high[f] - low[f]) / 2;
      const value = (rows.data[i * d + f] - (low[f] + half)) / half;
      const clipped = Math.min(1, Math.max(-1, value));
      if (rows.data[i * d + f] < low[f] || rows.data[i * d + f] > high[f]) isInside = false;
      data[i * d + f] = clipped;
    }
    if (!isInside) nClipped++;
  }
  return { rows: { data, nRows, nColumns: d }, nClipped };
}
