import type { Matrix } from "../numerics/matrix.js";

/** Digits after the point beyond which values count as measured and not as written down. */
const MOST_DECIMALS = 6;
/** Whole numbers below it, and their differences, are exact. */
const MOST_EXACT = 2 ** 52;

/** What of a column could be known to whoever knows what is in it, but no row of it: which values it can take. */
export class ColumnValues {
  /** Values are whole multiples of 1 / `#perUnit`; 0 where they are not of so few decimals. */
  #perUnit = 1;
  /** What the values lie apart by at least, in these multiples; 0 where all are equal. */
  #step = 0;
  /** Its different values, and which of them in order each is; null where there are many. */
  #ranks: ReadonlyMap<number, number> | null;

  /**
   * @param rows (n x d)
   * @param size rows of a group: a column is of few values where each is that of as many rows on average
   */
  constructor({ data, nRows, nColumns }: Matrix, column: number, size: number) {
    const most = Math.max(2, nRows / size);
    const different = new Set<number>();
    for (let i = 0; i < nRows; i++) {
      const value = data[i * nColumns + column];
      if (different.size <= most) different.add(value);
      while (this.#perUnit > 0 && !isMultiple(value, this.#perUnit)) {
        this.#perUnit = this.#perUnit < 10 ** MOST_DECIMALS ? 10 * this.#perUnit : 0;
      }
    }
    for (let i = 1; i < nRows && this.#perUnit > 0 && this.#step !== 1; i++) {
      this.#step = greatestDivisor(this.#step, this.#multiples(data[column], data[i * nColumns + column]));
    }
    const inOrder = different.size <= most ? [...different].sort((a, b) => a - b) : null;
    this.#ranks = inOrder && new Map(inOrder.map((value, rank) => [value, rank]));
  }

  /** How many values the column can take between two of its own, these included; infinite where it may be any. */
  between(low: number, high: number): number {
    if (low === high) return 1;
    const steps = this.#perUnit > 0 ? this.#multiples(low, high) / this.#step + 1 : Number.POSITIVE_INFINITY;
    const ranks = this.#ranks;
    return ranks === null ? steps : Math.min(steps, ranks.get(high)! - ranks.get(low)! + 1);
  }

  #multiples(low: number, high: number): number {
    return Math.abs(Math.round(high * this.#perUnit) - Math.round(low * this.#perUnit));
  }
}

/** Whether a number is what a decimal reads as, of as many digits after the point as `perUnit` has zeros. */
function isMultiple(value: number, perUnit: number): boolean {
  const multiple = Math.round(value * perUnit);
  return Math.abs(multiple) < MOST_EXACT && multiple / perUnit === value;
}

/** Euclid's algorithm. */
function greatestDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
