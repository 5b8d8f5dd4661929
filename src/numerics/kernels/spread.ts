import { openBlocks } from "./blocks.js";

/**
 * Sum of squared distances of rows to their mean, read from memory once. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @see Chan, Golub & LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983), eq. 2.1
 */
export function totalSpread(rows: Float64Array, d: number): number {
  const { kernels, at, view, forEach } = openBlocks(rows, d, { mean: d * 8, blockMean: d * 8 });
  view("mean", d).fill(0);
  let squares = 0;
  forEach((address, m, start) => {
    squares += kernels.spread(address, m, d, start, at.mean, at.blockMean);
  });
  return squares;
}
