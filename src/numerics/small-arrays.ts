/** Bytes of the buffers that small arrays share. */
const CHUNK_BYTES = 2 ** 16;
const MOST_BYTES = 2 ** 13;

let chunk = new ArrayBuffer(0);
let used = 0;

/**
 * Zeros. Arrays of a few kilobytes share a buffer, for a buffer of its own costs more to make and to collect than such
 * an array to fill, and clients make several in every round. What is kept for long keeps the buffer.
 */
export function allocateFloats(length: number): Float64Array<ArrayBuffer> {
  const bytes = length * Float64Array.BYTES_PER_ELEMENT;
  if (bytes > MOST_BYTES) return new Float64Array(length);
  if (used + bytes > chunk.byteLength) {
    chunk = new ArrayBuffer(CHUNK_BYTES);
    used = 0;
  }
  used += bytes;
  return new Float64Array(chunk, used - bytes, length);
}

/** A copy of the first elements, allocated so. */
export function copyFloats(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const copy = allocateFloats(length);
  // Most are so short that to call `set` takes longer.
  for (let i = 0; i < length; i++) copy[i] = from[i];
  return copy;
}
