import type { HeldRows } from "../memory/held-rows.js";
import { openBlocks } from "./blocks.js";

/**
 * Total sum of squares: the sum of the squared distances of rows to their mean, which reads the rows from memory once.
 * A row of weight w counts as w rows. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @param held the same rows where kernels can work on them, if it is known
 * @returns in the square of the rows' unit
 * @throws RangeError if the numbers make no whole rows
 * @example totalSumOfSquares(Float64Array.of(1, 2, 6), 1, null) // => 14
 * @see Chan, Golub & LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983), eq. 2.1
 */
export function totalSumOfSquares(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  held?: HeldRows,
): number {
  const sizes = { mean: d * 8, blockMean: d * 8 };
  const { kernels, at, view, forEach } = openBlocks(rows, d, weights, sizes, null, held);
  view("mean", d).fill(0);
  let squares = 0;
  let before = 0;
  forEach((block, weight) => {
    if (weight === 0) return;
    squares += kernels.sumOfSquares(block, before, weight, at.mean, at.blockMean);
    before += weight;
  });
  return squares;
}
