import { createHash, type Hash } from "node:crypto";
import { closeSync, fstatSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { messageOf, RunError } from "../errors.js";
import { openRegularFile } from "./regular-file.js";

/** A file as its bytes identify it. */
export interface FileFingerprint {
  /** Bytes. */
  readonly size: number;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

const CHUNK_BYTES = 2 ** 20;
/** Chunks after which others may have the thread. */
const STRETCH = 16;

/**
 * SHA-256 of a file of any size, a chunk in memory at a time.
 *
 * @throws the system's error if it cannot be read; Error if it is no regular file
 */
export function hashFile(path: string): FileFingerprint {
  const hash = createHash("sha256");
  let size = 0;
  for (const length of chunksInto(hash, path)) size += length;
  return { size, sha256: hash.digest("hex") };
}

/**
 * The same of a client's file, leaving the thread to others in between.
 *
 * @throws RunError naming the file if it cannot be read; the signal's reason, once it is aborted
 */
export async function identifyFile(path: string, signal: AbortSignal): Promise<FileFingerprint> {
  const hash = createHash("sha256");
  let size = 0;
  let chunks = 0;
  try {
    for (const length of chunksInto(hash, path)) {
      size += length;
      if (++chunks % STRETCH === 0) await setImmediate();
      signal.throwIfAborted();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new RunError(`${path}: cannot be read: ${messageOf(error)}`);
  }
  return { size, sha256: hash.digest("hex") };
}

/**
 * Adds the bytes of a file to a hash, yielding the length of each chunk.
 *
 * @throws as `hashFile`
 */
export function* chunksInto(hash: Hash, path: string): Generator<number> {
  const file = openRegularFile(path);
  try {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(fstatSync(file).size, 1)));
    for (let position = 0; ; ) {
      const length = readSync(file, chunk, 0, chunk.length, position);
      if (length === 0) return;
      hash.update(chunk.subarray(0, length));
      position += length;
      yield length;
    }
  } finally {
    closeSync(file);
  }
}
