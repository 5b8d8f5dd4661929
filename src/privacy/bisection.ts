import { LeadingDirection } from "./leading-direction.js";
import { PositionSort } from "./row-order.js";

/** Rows that are numbered, in some order. */
export interface NumberedRows {
  /** (n,) */
  readonly numbers: Uint32Array;
  /** (n x d) */
  readonly rows: Float64Array;
  /** (n,), positive */
  readonly weights: Float64Array;
}

/** Rows that lie together and may be split. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** (d,) */
  readonly mean: Float64Array;
  /** Which of the two copies of the rows has the part's. */
  readonly copy: 0 | 1;
}

/**
 * Splits rows in two again and again. Each split puts a part's rows into another order, from one of two copies into the
 * other; what it needs of memory is there from the beginning, as small arrays take longer to make than to use.
 */
export class Bisection {
  readonly #d: number;
  readonly #copies: readonly [NumberedRows, NumberedRows];
  readonly #leading: LeadingDirection;
  readonly #positions: PositionSort;
  readonly #sums: Float64Array;
  readonly #bestSums: Float64Array;

  /** @param rows is changed */
  constructor(rows: NumberedRows) {
    const n = rows.numbers.length;
    const d = rows.rows.length / n;
    this.#d = d;
    const other = {
      numbers: new Uint32Array(n),
      rows: new Float64Array(n * d),
      weights: new Float64Array(n),
    };
    this.#copies = [rows, other];
    this.#leading = new LeadingDirection(d);
    this.#positions = new PositionSort(n);
    this.#sums = new Float64Array(d);
    this.#bestSums = new Float64Array(d);
  }

  all(): Part {
    const { rows, weights } = this.#copies[0];
    const d = this.#d;
    const mean = new Float64Array(d);
    let weight = 0;
    for (let i = 0; i < weights.length; i++) {
      weight += weights[i];
      const share = weights[i] / weight;
      for (let j = 0; j < d; j++) mean[j] += share * (rows[i * d + j] - mean[j]);
    }
    return { from: 0, to: weights.length, weight, mean, copy: 0 };
  }

  /** (to - from,) numbers of a part's rows. */
  numbersOf({ from, to, copy }: Part): Uint32Array {
    return this.#copies[copy].numbers.subarray(from, to);
  }

  /**
   * Sorts the rows of a part along its leading direction and cuts it in two, where the sum of squares within the halves
   * is least, that between them greatest.
   *
   * @returns the halves, the second first; null where no two halves weigh `size` each: the part then is as it was
   */
  split(part: Part, size: number): [Part, Part] | null {
    const { from, to, weight, mean, copy } = part;
    if (this.#areEqual(part)) return this.#halve(part, size);
    const d = this.#d;
    this.#reorder(part, this.#sortedPositions(part));
    const { rows, weights } = this.#copies[1 - copy];
    const sums = this.#sums.fill(0);
    const bestSums = this.#bestSums;
    let best = -1;
    let at = from;
    let leftOfBest = 0;
    let left = 0;
    for (let i = from; i < to; i++) {
      const ofRow = weights[i];
      let squares = 0;
      for (let j = 0; j < d; j++) {
        const sum = sums[j] + ofRow * (rows[i * d + j] - mean[j]);
        sums[j] = sum;
        squares += sum * sum;
      }
      left += ofRow;
      // The sums of the two halves about the mean of all are each other's negatives.
      const between = squares * (1 / left + 1 / (weight - left));
      if (left < size || weight - left < size || between <= best) continue;
      best = between;
      at = i + 1;
      leftOfBest = left;
      for (let j = 0; j < d; j++) bestSums[j] = sums[j];
    }
    if (at === from) return null;
    const half = (begin: number, end: number, of: number, sign: number): Part => {
      const ofHalf = new Float64Array(d);
      for (let j = 0; j < d; j++) ofHalf[j] = mean[j] + (sign * bestSums[j]) / of;
      return { from: begin, to: end, weight: of, mean: ofHalf, copy: copy === 0 ? 1 : 0 };
    };
    return [half(at, to, weight - leftOfBest, -1), half(from, at, leftOfBest, 1)];
  }

  /** Copies a part's rows into the other copy, in the order of positions counted from `from`. */
  #reorder({ from, to, copy }: Part, positions: Uint32Array): void {
    const d = this.#d;
    const { numbers, rows, weights } = this.#copies[copy];
    const { numbers: toNumbers, rows: toRows, weights: toWeights } = this.#copies[1 - copy];
    for (let i = from; i < to; i++) {
      const position = from + positions[i - from];
      for (let j = 0; j < d; j++) toRows[i * d + j] = rows[position * d + j];
      toWeights[i] = weights[position];
      toNumbers[i] = numbers[position];
    }
  }

  #areEqual({ from, to, copy }: Part): boolean {
    const d = this.#d;
    const { rows } = this.#copies[copy];
    for (let i = (from + 1) * d; i < to * d; i++) if (rows[i] !== rows[i - d]) return false;
    return true;
  }

  /** Cuts equal rows by half their weight: any cut is as good, and one at the end would make as many as there are groups. */
  #halve({ from, to, weight, mean, copy }: Part, size: number): [Part, Part] | null {
    const { weights } = this.#copies[copy];
    let left = 0;
    let at = from;
    while (at < to && (left < size || 2 * left < weight) && weight - left - weights[at] >= size)
      left += weights[at++];
    if (left < size) return null;
    return [
      { from: at, to, weight: weight - left, mean, copy },
      { from, to: at, weight: left, mean, copy },
    ];
  }

  /** Positions, counted from `from`, of a part's rows along its leading direction; longer than that. */
  #sortedPositions({ from, to, mean, copy }: Part): Uint32Array {
    const d = this.#d;
    const { rows, weights } = this.#copies[copy];
    const direction = this.#leading.of({ rows, weights, from, to, mean });
    const { keys } = this.#positions;
    for (let i = from; i < to; i++) {
      let key = 0;
      for (let j = 0; j < d; j++) key += (rows[i * d + j] - mean[j]) * direction[j];
      keys[i - from] = key;
    }
    return this.#positions.sort(to - from);
  }
}
