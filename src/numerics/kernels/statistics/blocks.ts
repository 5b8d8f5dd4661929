import { BLOCK_ROWS } from "../../blocks.js";
import { countRows } from "../../matrix.js";
import { type HeldRows, heldRows } from "../memory/held-rows.js";
import { type KernelExports, sharedKernels } from "../memory/instance.js";

/** Rows that are gone through once, block by block, by a kernel. */
export interface Blocks<Name extends string> {
  readonly kernels: KernelExports;
  /** Regions beside the rows. */
  readonly at: Readonly<Record<Name, number>>;
  readonly view: (name: Name, length: number) => Float64Array;
  /** @param onBlock takes the address of m rows, the first of which has the index `start` */
  forEach(onBlock: (address: number, m: number, start: number) => void): void;
}

/**
 * Lays memory out for kernels: they find the rows where they lie, or copied there.
 *
 * @param rows (n, d) row-major
 * @param sizes bytes of the regions beside the rows
 * @param writesTo (n, d) receives what kernels make of copied rows
 * @param held the same rows where kernels can work on them, if they lie there
 */
export function openBlocks<Name extends string>(
  rows: Float64Array,
  d: number,
  sizes: Readonly<Record<Name, number>>,
  writesTo: Float64Array | null = null,
  held: HeldRows | null = writesTo === null || writesTo === rows ? heldRows(rows) : null,
): Blocks<Name> {
  const n = countRows(rows, d);
  // Where they lie there may be no room beside them: of few rows, what is of many features takes more than they do.
  const inPlace = held?.memory.hasRoomFor(sizes) ? held : null;
  const blockRows = inPlace === null ? Math.min(n, BLOCK_ROWS) : 0;
  const memory = inPlace?.memory ?? sharedKernels();
  const regions = { rows: blockRows * d * 8, ...sizes } as Record<Name | "rows", number>;
  const at = memory.layOut<Name | "rows">(regions);
  const { buffer } = memory;
  const view = (name: Name | "rows", length: number) => new Float64Array(buffer, at[name], length);
  const block = view("rows", blockRows * d);
  return {
    kernels: memory.kernels,
    at,
    view,
    forEach(onBlock) {
      for (let start = 0; start < n; start += BLOCK_ROWS) {
        const m = Math.min(n, start + BLOCK_ROWS) - start;
        if (inPlace !== null) {
          onBlock(inPlace.address + start * d * 8, m, start);
          continue;
        }
        block.set(n === m ? rows : rows.subarray(start * d, (start + m) * d));
        onBlock(at.rows, m, start);
        writesTo?.set(n === m ? block : block.subarray(0, m * d), start * d);
      }
    },
  };
}
