import { BLOCK_ROWS } from "../assign.js";
import { sharedKernels } from "./instance.js";

/**
 * Sum of squared distances of rows to their mean, read from memory once. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @see Chan, Golub & LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983), eq. 2.1
 */
export function totalSpread(rows: Float64Array, d: number): number {
  const n = rows.length / d;
  const memory = sharedKernels();
  const { kernels } = memory;
  const held = Math.min(n, BLOCK_ROWS);
  const at = memory.layOut({ rows: held * d * 8, mean: d * 8, blockMean: d * 8 });
  const { buffer } = memory;
  const block = new Float64Array(buffer, at.rows, held * d);
  new Float64Array(buffer, at.mean, d).fill(0);
  let squares = 0;
  for (let start = 0; start < n; start += held) {
    const m = Math.min(n, start + held) - start;
    block.set(rows.subarray(start * d, (start + m) * d));
    squares += kernels.spread(at.rows, m, d, start, at.mean, at.blockMean);
  }
  return squares;
}
