import type { HeldRows } from "../memory/held-rows.js";
import { openBlocks } from "./blocks.js";

/**
 * Sum of squared distances of rows to their mean, read from memory once. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param held the same rows where kernels can work on them, if it is known
 * @see Chan, Golub & LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983), eq. 2.1
 */
export function totalSpread(rows: Float64Array, d: number, held?: HeldRows): number {
  const sizes = { mean: d * 8, blockMean: d * 8 };
  const { kernels, at, view, forEach } = openBlocks(rows, d, sizes, null, held);
  view("mean", d).fill(0);
  let squares = 0;
  forEach((address, m, start) => {
    squares += kernels.spread(address, m, d, start, at.mean, at.blockMean);
  });
  return squares;
}
