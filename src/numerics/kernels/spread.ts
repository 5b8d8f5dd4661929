import { BLOCK_ROWS } from "../assign.js";
import { heldRows } from "./held-rows.js";
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
  const held = Math.min(n, BLOCK_ROWS);
  const { memory, address } = heldRows(rows) ?? { memory: sharedKernels(), address: 0 };
  const { kernels } = memory;
  const at = memory.layOut({ rows: address === 0 ? held * d * 8 : 0, mean: d * 8, blockMean: d * 8 });
  const { buffer } = memory;
  const block = new Float64Array(buffer, at.rows, address === 0 ? held * d : 0);
  new Float64Array(buffer, at.mean, d).fill(0);
  let squares = 0;
  for (let start = 0; start < n; start += held) {
    const m = Math.min(n, start + held) - start;
    if (address === 0) block.set(rows.subarray(start * d, (start + m) * d));
    const blockAt = address === 0 ? at.rows : address + start * d * 8;
    squares += kernels.spread(blockAt, m, d, start, at.mean, at.blockMean);
  }
  return squares;
}
