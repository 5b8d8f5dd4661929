/** Bytes of the buffers that small arrays share. */
const CHUNK_BYTES = 2 ** 16;
const MOST_BYTES = 2 ** 13;

let chunk = new ArrayBuffer(0);
let used = 0;

/**
 * Zeros. Arrays of a few kilobytes share a buffer: a buffer of its own takes longer to make and to collect than such an
 * array to fill, and clients make several in every round. An array that is kept for long keeps the whole buffer alive.
 */
export function allocateSmall(length: number): Float64Array<ArrayBuffer> {
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
  const copy = allocateSmall(length);
  // Most arrays are so short that a call of `set` would take longer.
  for (let i = 0; i < length; i++) copy[i] = from[i];
  return copy;
}

/**
 * Some rows of a row-major array of `d` columns: the array itself where they are all of them.
 *
 * @param rows indices in ascending order, each once
 * @example pick(Float64Array.of(1, 2, 3, 4, 5, 6), [0, 2], 2) // => [1, 2, 5, 6]
 */
export function pick(values: Float64Array, rows: readonly number[], d: number): Float64Array {
  if (rows.length * d === values.length) return values;
  const picked = allocateSmall(rows.length * d);
  let at = 0;
  for (const row of rows) {
    for (let f = 0; f < d; f++) picked[at++] = values[row * d + f];
  }
  return picked;
}

/**
 * One array after the other. Cost n.
 *
 * @example concat([Float64Array.of(1, 2), Float64Array.of(3)]) // => [1, 2, 3]
 */
export function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Elementwise sum of arrays of one length, in the order given. Cost n.
 *
 * @param parts at least one
 * @example addUp([Float64Array.of(1, 2), Float64Array.of(3, 4)]) // => [4, 6]
 */
export function addUp(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0].length);
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  return sum;
}
