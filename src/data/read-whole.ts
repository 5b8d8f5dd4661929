import { closeSync, fstatSync, readSync } from "node:fs";
import { allocateBytes } from "../numerics/kernels/held-rows.js";
import { openRegularFile } from "./regular-file.js";

/** What one call may read: Linux stops at 2^31. */
const CHUNK_BYTES = 2 ** 30;

/**
 * Reads a file of any size into memory of its own, without a second copy.
 *
 * @throws the system's error if it cannot be read; Error if it is no regular file
 */
export function readWhole(path: string): Uint8Array {
  const file = openRegularFile(path);
  try {
    const bytes = allocateBytes(fstatSync(file).size);
    const length = readInto(file, bytes, 0);
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
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
