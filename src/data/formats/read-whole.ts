import { closeSync, fstatSync, readSync } from "node:fs";
import { totalmem } from "node:os";
import { openRegularFile } from "../../files/regular-file.js";
import { allocateBytes } from "../../numerics/row-memory.js";

/** What one call may read: Linux stops at 2^31. */
const CHUNK_BYTES = 2 ** 30;

/**
 * Reads a file of any size into memory of its own, without a second copy.
 *
 * @throws the system's error if it cannot be read; Error if it is no regular file, or larger than the machine's memory
 */
export function readWhole(path: string): Uint8Array {
  const file = openRegularFile(path);
  try {
    const { size } = fstatSync(file);
    checkFitsInMemory(size);
    const bytes = allocateBytes(size);
    const length = readInto(file, bytes, 0);
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/**
 * Refuses what no memory of this machine can hold, before the system ends the process for trying.
 *
 * @throws Error with both sizes
 */
export function checkFitsInMemory(bytes: number): void {
  const memory = totalmem();
  if (bytes <= memory) return;
  const gigabytes = (size: number) => `${(size / 2 ** 30).toFixed(1)} GiB`;
  throw new Error(`it takes ${gigabytes(bytes)} of memory, and this machine has ${gigabytes(memory)}`);
}

/**
 * Fills memory from an open file.
 *
 * @param position where in the file to begin
 * @returns how many bytes there were
 */
export function readInto(file: number, bytes: Uint8Array, position: number): number {
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(
      file,
      bytes,
      length,
      Math.min(CHUNK_BYTES, bytes.length - length),
      position + length,
    );
    if (read === 0) break;
    length += read;
  }
  return length;
}
