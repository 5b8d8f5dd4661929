import { BLOCK_ROWS } from "../../blocks.js";
import { countRows } from "../../matrix.js";
import { type HeldRows, heldRows } from "../memory/held-rows.js";
import { type KernelExports, type KernelMemory, sharedKernels } from "../memory/instance.js";
import { ROW_BLOCK } from "../memory/layouts.js";
import { Struct } from "../memory/struct.js";

/** Kernels of statistics; each takes the address of a `RowBlock`, but for the distances, and those of other regions. */
export interface StatisticsKernels {
  addShifted(block: number, origin: number, sums: number): void;
  addSquares(block: number, origin: number, mean: number, sums: number): void;
  addProducts(block: number, mean: number, centered: number, upper: number): void;
  addProjected(block: number, mean: number, directions: number, projections: number, products: number): void;
  sumOfSquares(block: number, before: number, weight: number, mean: number, blockMean: number): number;
  standardize(block: number, mean: number, scale: number): void;
  addSquaredDistances(
    row: number,
    columns: number,
    stride: number,
    m: number,
    d: number,
    squares: number,
  ): void;
}

/** Rows that are gone through once, block by block, by a kernel. */
export interface Blocks<Name extends string> {
  readonly kernels: KernelExports;
  /** Addresses of the regions beside the rows. */
  readonly at: Readonly<Record<Name, number>>;
  readonly view: (name: Name, length: number) => Float64Array;
  /** @param onBlock takes the address of a `RowBlock`, and the weight of its rows together: without weights their number */
  forEach(onBlock: (block: number, weight: number) => void): void;
}

/**
 * Lays memory out for kernels. Rows that lie in a memory of the kernels are read there; others are copied, block by
 * block.
 *
 * @param rows (n, d) row-major
 * @param weights (n,) non-negative, or null for 1 each
 * @param sizes bytes of the regions beside the rows
 * @param writesTo (n, d) receives what kernels make of copied rows
 * @param held the same rows where kernels can work on them, if they lie there
 * @throws RangeError if the numbers make no whole rows
 */
export function openBlocks<Name extends string>(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  sizes: Readonly<Record<Name, number>>,
  writesTo: Float64Array | null = null,
  held: HeldRows | null = writesTo === null || writesTo === rows ? heldRows(rows) : null,
): Blocks<Name> {
  const n = countRows(rows, d);
  const blockRows = Math.min(n, BLOCK_ROWS);
  const regions = {
    block: ROW_BLOCK.bytes,
    ...sizes,
    weights: weights === null ? 0 : blockRows * 8,
    rows: 0,
  };
  // The rows' own memory may have no room for the regions: a scatter matrix of many features is larger than few rows.
  const inPlace = held?.memory.hasRoomFor(regions) ? held : null;
  const memory = inPlace?.memory ?? sharedKernels();
  if (inPlace === null) regions.rows = blockRows * d * 8;
  type Region = Name | "block" | "weights" | "rows";
  const at = memory.layOut<Region>(regions);
  const { buffer } = memory;
  const view = (name: Region, length: number) => new Float64Array(buffer, at[name], length);
  const copied = view("rows", regions.rows / 8);
  const copiedWeights = weights === null ? null : view("weights", blockRows);
  const block = blockAt(memory, at.block);
  block.set({ weights: at.weights, d });
  return {
    kernels: memory.kernels,
    at,
    view,
    forEach(onBlock) {
      for (let start = 0; start < n; start += BLOCK_ROWS) {
        const end = Math.min(n, start + BLOCK_ROWS);
        const m = end - start;
        if (inPlace === null) copied.set(n === m ? rows : rows.subarray(start * d, end * d));
        let weight = m;
        if (copiedWeights !== null) {
          const ofBlock = weights!.subarray(start, end);
          copiedWeights.set(ofBlock);
          weight = ofBlock.reduce((sum, one) => sum + one, 0);
        }
        block.set({ rows: inPlace === null ? at.rows : inPlace.address + start * d * 8, m });
        onBlock(at.block, weight);
        if (inPlace === null) writesTo?.set(n === m ? copied : copied.subarray(0, m * d), start * d);
      }
    },
  };
}

/**
 * The block in this thread's own memory of kernels, always at the same address: of few rows, it would take longer to
 * make its views anew than to compute.
 */
let common: { readonly buffer: ArrayBuffer; readonly block: Struct<typeof ROW_BLOCK> } | null = null;

function blockAt(memory: KernelMemory, address: number): Struct<typeof ROW_BLOCK> {
  const { buffer } = memory;
  if (common?.buffer === buffer && common.block.address === address) return common.block;
  const block = new Struct(ROW_BLOCK, memory, address, { rows: 0, weights: 0, m: 0, d: 0 });
  // Another memory would be kept by it for ever.
  if (memory === sharedKernels()) common = { buffer, block };
  return block;
}
