import { rowHelpers } from "../../row-helpers.js";
import { FIRST_ADDRESS } from "../constants.js";
import { KernelMemory } from "./instance.js";

/** Rows that lie in a memory of the kernels, where they can be worked on without being copied. */
export interface HeldRows {
  /** (n, d) row-major */
  readonly rows: Float64Array;
  /** Where they begin. */
  readonly address: number;
  readonly memory: KernelMemory;
}

/** Rows that nobody else lays a workspace out beside. */
export interface TakenRows extends HeldRows {
  /** Gives the memory back. What lies there may no longer be used, but for rows that were there before. */
  release(): void;
}

/** Less is not worth a memory of its own, of which a system has some ten thousand. */
const LEAST_BYTES = 2 ** 20;
/** Less is not worth to be shared with other threads. */
const LEAST_SHARED_BYTES = 2 ** 20;
/** Room beside data whose use is not known yet, in times the data; memory that nobody writes to costs nothing. */
const ROOM = 3;
/** Room that any workspace finds. */
const LEAST_ROOM_BYTES = 2 ** 20;
/** What WebAssembly can address. */
const MOST_BYTES = 2 ** 32;
/** Memories up to this are kept for whoever comes next: what has been written to once costs less to write to. */
const MOST_KEPT_BYTES = 2 ** 28;

const memories = new WeakMap<object, KernelMemory>();
const taken = new WeakSet<KernelMemory>();
let kept: KernelMemory | null = null;

/**
 * Zeros for data that may become rows: much of it in a memory of the kernels, if there is one. Its buffer is larger
 * than the data and cannot be transferred: to another thread, it can only be copied.
 *
 * @param length bytes
 */
export function allocateBytes(length: number): Uint8Array {
  const room = roomBeside(length);
  const memory = length < LEAST_BYTES || room < LEAST_ROOM_BYTES ? null : openMemory(length, room);
  if (memory === null) return new Uint8Array(length);
  memories.set(memory.buffer, memory);
  return new Uint8Array(memory.buffer, FIRST_ADDRESS, length);
}

function roomBeside(length: number): number {
  return Math.min(ROOM * length + LEAST_ROOM_BYTES, MOST_BYTES - length - 2 * FIRST_ADDRESS);
}

/**
 * An array of any numbers, in which the caller puts together rows that are needed for a while. A long array lies in a
 * memory of the kernels. The caller calls `giveBack` once, and the next call then takes the same memory: the system
 * takes longer to give fresh memory than the caller to fill it.
 *
 * @param length numbers
 */
export function borrowFloats(length: number): { rows: Float64Array; giveBack: () => void } {
  const bytes = length * Float64Array.BYTES_PER_ELEMENT;
  const room = roomBeside(bytes);
  let memory: KernelMemory | null = null;
  if (bytes >= LEAST_BYTES && room >= LEAST_ROOM_BYTES) {
    memory = takeKept(bytes, { room });
    // A little more, for the next time it may be a little more.
    memory ??= openMemory(bytes, Math.max(room, Math.min(ROOM * bytes * 1.5, MOST_KEPT_BYTES - 2 * bytes)));
  }
  if (memory === null) return { rows: new Float64Array(length), giveBack: () => {} };
  const { buffer } = memory;
  memories.set(buffer, memory);
  const giveBack = () => {
    memories.delete(buffer);
    keep(memory);
  };
  return { rows: new Float64Array(buffer, FIRST_ADDRESS, length), giveBack };
}

/** The memory that was kept, if it has room beside so many bytes. */
function takeKept(bytes: number, besides: Readonly<Record<string, number>>): KernelMemory | null {
  const memory = kept;
  if (memory === null) return null;
  kept = null;
  memory.reserve(bytes);
  return memory.hasRoomFor(besides) ? memory : null;
}

function keep(memory: KernelMemory): void {
  if (memory.buffer.byteLength <= MOST_KEPT_BYTES) kept = memory;
}

/** The rows, if they lie where kernels can work on them, and nobody does so yet. */
export function heldRows(rows: Float64Array): HeldRows | null {
  const memory = memories.get(rows.buffer);
  return memory === undefined || taken.has(memory) ? null : { rows, address: rows.byteOffset, memory };
}

/**
 * The rows where kernels can work on them and nobody else does so: as they are if they lie there, or else copied.
 *
 * @param besides bytes of each region that kernels will need beside the rows
 * @returns null if there is no such memory: it would be too large, or the system has none left
 */
export function takeRows(rows: Float64Array, besides: Readonly<Record<string, number>>): TakenRows | null {
  const held = heldRows(rows);
  if (held?.memory.hasRoomFor(besides)) {
    taken.add(held.memory);
    return { ...held, release: () => taken.delete(held.memory) };
  }
  let memory = takeKept(rows.byteLength, besides);
  if (memory === null) {
    const regions = Object.values(besides);
    const bytes = regions.reduce((sum, size) => sum + size + 16, 0);
    memory = openMemory(rows.byteLength, bytes);
  }
  if (memory === null) return null;
  const copy = new Float64Array(memory.buffer, FIRST_ADDRESS, rows.length);
  copy.set(rows);
  const release = () => {
    // Once: by the next time it may be another's.
    if (memory !== null) keep(memory);
    memory = null;
  };
  return { rows: copy, address: FIRST_ADDRESS, memory, release };
}

/** A memory with so many bytes at FIRST_ADDRESS that are the caller's, and more; null if there is none. */
function openMemory(bytes: number, besides: number): KernelMemory | null {
  if (bytes + besides > MOST_BYTES - 2 * FIRST_ADDRESS) return null;
  try {
    const memory = new KernelMemory(bytes + besides, rowHelpers() !== null && bytes >= LEAST_SHARED_BYTES);
    memory.reserve(bytes);
    return memory;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
