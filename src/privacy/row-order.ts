import type { Matrix } from "../numerics/matrix.js";

/** Which word of a number has its lowest bits. */
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/** Up to so many numbers are sorted by insertion, which is done before the engine's own sort has begun. */
const FEW = 24;

/**
 * Rows by their first feature, ties by the next, and so on; equal rows by weight.
 *
 * @returns (nRows,) numbers of rows
 */
export function lexicographicOrder(
  { data, nRows, nColumns: d }: Matrix,
  weights: Float64Array | null,
): Uint32Array {
  const compare = (a: number, b: number) => {
    for (let j = 0; j < d; j++) {
      const x = data[a * d + j];
      const y = data[b * d + j];
      if (x !== y) return x < y ? -1 : 1;
    }
    return weights === null ? 0 : weights[a] - weights[b];
  };
  // Nearly by the first feature, then those exactly that it hardly tells apart.
  const sorting = new PositionSort(nRows);
  const { keys } = sorting;
  // With 0 added, as -0 is no less than 0.
  for (let i = 0; i < nRows; i++) keys[i] = data[i * d] + 0;
  const order = sorting.sort(nRows);
  for (let from = 0, to = 1; from < nRows; from = to++) {
    while (to < nRows && keys[to] === keys[from]) to += 1;
    if (to > from + 1) order.subarray(from, to).sort(compare);
  }
  return order;
}

/**
 * Sorts numbers that are put into `keys`, n at a time. The engine sorts numbers without a comparison by a function some
 * ten times as fast as with one, so each carries its position in its lowest bits; numbers that differ in no higher bit
 * may come in any order, which is the same for the same numbers.
 */
export class PositionSort {
  /** Finite. Once sorted, without their lowest bits. */
  readonly keys: Float64Array;
  readonly #words: Uint32Array;
  readonly #positions: Uint32Array;

  /** @param most numbers at most */
  constructor(most: number) {
    this.keys = new Float64Array(most);
    this.#words = new Uint32Array(this.keys.buffer);
    this.#positions = new Uint32Array(most);
  }

  /**
   * Sorts the first `n` keys.
   *
   * @returns where each was, and more behind these `n`; the next call overwrites it
   */
  sort(n: number): Uint32Array {
    const words = this.#words;
    const positions = this.#positions;
    const mask = 2 ** (32 - Math.clz32(n - 1)) - 1;
    for (let i = 0; i < n; i++) words[2 * i + LOW] = (words[2 * i + LOW] & ~mask) | i;
    if (n > FEW) this.keys.subarray(0, n).sort();
    else this.#insert(n);
    for (let i = 0; i < n; i++) {
      const word = words[2 * i + LOW];
      positions[i] = word & mask;
      words[2 * i + LOW] = word & ~mask;
    }
    return positions;
  }

  #insert(n: number): void {
    const keys = this.keys;
    for (let i = 1; i < n; i++) {
      const key = keys[i];
      let at = i;
      for (; at > 0 && keys[at - 1] > key; at--) keys[at] = keys[at - 1];
      keys[at] = key;
    }
  }
}
