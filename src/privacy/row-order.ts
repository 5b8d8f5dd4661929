import type { Matrix } from "../numerics/matrix.js";

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * Rows by their first feature, ties by the next, and so on; equal rows by weight.
 *
 * @returns (nRows,) numbers of rows
 */
export function lexicographicOrder(
  { data, nRows, nColumns: d }: Matrix,
  weights: Float64Array | null,
): Uint32Array {
  return Uint32Array.from({ length: nRows }, (_, i) => i).sort((a, b) => {
    for (let j = 0; j < d; j++) {
      const [x, y] = [data[a * d + j], data[b * d + j]];
      if (x !== y) return x < y ? -1 : 1;
    }
    return weights === null ? 0 : weights[a] - weights[b];
  });
}

/**
 * In which order numbers are sorted. The engine sorts numbers without a comparison by a function some ten times as fast as
 * with one, so each carries its position in its lowest bits; numbers that differ in no higher bit may come in any order,
 * which is the same for the same numbers.
 *
 * @param keys finite; overwritten
 * @returns (n,) positions
 */
export function sortedPositions(keys: Float64Array): Uint32Array {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  const low = LITTLE_ENDIAN ? 0 : 1;
  const mask = 2 ** (32 - Math.clz32(keys.length - 1)) - 1;
  for (let i = 0; i < keys.length; i++) words[2 * i + low] = (words[2 * i + low] & ~mask) | i;
  keys.sort();
  const positions = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) positions[i] = words[2 * i + low] & mask;
  return positions;
}
