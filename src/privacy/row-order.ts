import type { Matrix } from "../numerics/matrix.js";

/** Which word of a number has its sign, exponent and 20 more bits. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Up to so many are sorted by insertion. */
const FEW = 64;
const DIGIT_BITS = 8;
const DIGITS = 32 / DIGIT_BITS;
const RADIX = 2 ** DIGIT_BITS;

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
  const sorting = new PositionSort(nRows);
  // With 0 added, as -0 is no less than 0.
  for (let i = 0; i < nRows; i++) sorting.keys[i] = data[i * d] + 0;
  const order = sorting.sort(nRows);
  for (let from = 0, to = 1; from < nRows; from = to++) {
    while (to < nRows && sorting.isTie(to)) to += 1;
    if (to > from + 1) order.subarray(from, to).sort(compare);
  }
  return order;
}

/**
 * Sorts numbers that are put into `keys`, n at a time, and tells where each was. Numbers that differ in no bit of their
 * higher halves, by less than a millionth, are ties and stay in the order they had.
 *
 * @see Knuth, The Art of Computer Programming 3, section 5.2.5 (sorting by distribution)
 */
export class PositionSort {
  /** Finite. */
  readonly keys: Float64Array;
  readonly #words: Uint32Array;
  #codes: Uint32Array;
  #positions: Uint32Array;
  #otherCodes: Uint32Array;
  #otherPositions: Uint32Array;
  readonly #counts = new Uint32Array(DIGITS * RADIX);

  /** @param most numbers at most */
  constructor(most: number) {
    this.keys = new Float64Array(most);
    this.#words = new Uint32Array(this.keys.buffer);
    this.#codes = new Uint32Array(most);
    this.#positions = new Uint32Array(most);
    this.#otherCodes = new Uint32Array(most);
    this.#otherPositions = new Uint32Array(most);
  }

  /**
   * Sorts the first `n` keys.
   *
   * @returns where each was, and more behind these `n`; the next call overwrites it
   */
  sort(n: number): Uint32Array {
    const words = this.#words;
    const codes = this.#codes;
    const positions = this.#positions;
    for (let i = 0; i < n; i++) {
      const word = words[2 * i + HIGH];
      // The sign is the highest bit, and what follows it rises with the magnitude.
      codes[i] = word >= 0x80000000 ? ~word : word + 0x80000000;
      positions[i] = i;
    }
    if (n > FEW) this.#distribute(n);
    else insert(codes, positions, n);
    return this.#positions;
  }

  /** Whether the number that came to place i, at least 1, is a tie with the one before it. */
  isTie(i: number): boolean {
    return this.#codes[i] === this.#codes[i - 1];
  }

  /** By the lowest digit, then by the next. */
  #distribute(n: number): void {
    const counts = this.#counts.fill(0);
    for (let i = 0; i < n; i++) {
      const code = this.#codes[i];
      for (let digit = 0; digit < DIGITS; digit++) {
        counts[digit * RADIX + ((code >>> (digit * DIGIT_BITS)) & (RADIX - 1))] += 1;
      }
    }
    for (let digit = 0; digit < DIGITS; digit++) {
      let before = 0;
      for (let value = digit * RADIX; value < (digit + 1) * RADIX; value++) {
        const count = counts[value];
        counts[value] = before;
        before += count;
      }
      this.#pass(n, digit);
    }
  }

  #pass(n: number, digit: number): void {
    const places = this.#counts;
    const from = this.#codes;
    const fromPositions = this.#positions;
    const to = this.#otherCodes;
    const toPositions = this.#otherPositions;
    const shift = digit * DIGIT_BITS;
    for (let i = 0; i < n; i++) {
      const code = from[i];
      const place = places[digit * RADIX + ((code >>> shift) & (RADIX - 1))]++;
      to[place] = code;
      toPositions[place] = fromPositions[i];
    }
    [this.#codes, this.#otherCodes] = [to, from];
    [this.#positions, this.#otherPositions] = [toPositions, fromPositions];
  }
}

function insert(codes: Uint32Array, positions: Uint32Array, n: number): void {
  for (let i = 1; i < n; i++) {
    const code = codes[i];
    let at = i;
    for (; at > 0 && codes[at - 1] > code; at--) {
      codes[at] = codes[at - 1];
      positions[at] = positions[at - 1];
    }
    codes[at] = code;
    positions[at] = i;
  }
}
