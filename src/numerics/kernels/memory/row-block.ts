import type { KernelMemory } from "./instance.js";
import { type StructLayout, structLayout } from "./struct.js";

/** See row-block.as.ts. */
export type RowBlock = Readonly<Record<Field, number>>;

const FIELDS = ["rows", "weights", "m", "d"] as const;
type Field = (typeof FIELDS)[number];

function layoutIn({ kernels }: KernelMemory): StructLayout<Field> {
  return structLayout(kernels, "RowBlock", FIELDS);
}

/** Bytes that a block takes, without its rows. */
export function rowBlockBytes(memory: KernelMemory): number {
  return layoutIn(memory).bytes;
}

/** What writes blocks to an address, one after the other. */
export function rowBlockWriter(memory: KernelMemory, address: number): (block: RowBlock) => void {
  const { bytes, offsets } = layoutIn(memory);
  const words = new Uint32Array(memory.buffer, address, bytes / 4);
  return ({ rows, weights, m, d }) => {
    words[offsets.rows >> 2] = rows;
    words[offsets.weights >> 2] = weights;
    words[offsets.m >> 2] = m;
    words[offsets.d >> 2] = d;
  };
}
