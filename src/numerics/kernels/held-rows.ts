import { FIRST_ADDRESS, KernelMemory, MOST_BYTES } from "./instance.js";

/** Rows that lie in a memory of the kernels, where they can be worked on without being copied. */
export interface HeldRows {
  /** (n, d) row-major */
  readonly rows: Float64Array;
  /** Holds the rows at FIRST_ADDRESS. */
  readonly memory: KernelMemory;
}

const memories = new WeakMap<object, KernelMemory>();

/**
 * Room for rows in a memory of their own.
 *
 * @param length numbers
 * @param besides bytes that kernels will need beside the rows
 * @returns null if there is no such memory: it would be too large, or the system has none left
 */
export function allocateHeldRows(length: number, besides: number): HeldRows | null {
  if (length * 8 + besides > MOST_BYTES) return null;
  let memory: KernelMemory;
  try {
    memory = new KernelMemory(length * 8);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  const rows = new Float64Array(memory.buffer, FIRST_ADDRESS, length);
  memories.set(rows.buffer, memory);
  return { rows, memory };
}

/** The rows where kernels can work on them: as they are if they lie there, or else copied. Null as above. */
export function holdRows(rows: Float64Array, besides: number): HeldRows | null {
  const memory = memories.get(rows.buffer);
  if (memory !== undefined && rows.byteOffset === FIRST_ADDRESS) {
    return rows.byteLength + besides > MOST_BYTES ? null : { rows, memory };
  }
  const held = allocateHeldRows(rows.length, besides);
  held?.rows.set(rows);
  return held;
}
