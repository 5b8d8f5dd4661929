import type { Matrix } from "../numerics/matrix.js";
import { leadingDirection } from "./leading-direction.js";
import { lexicographicOrder, sortedPositions } from "./row-order.js";

/** What each feature is divided by before rows are compared: its standard deviation or its range over all rows. */
export type GroupScale = "std" | "range";

/** Rows in groups of similar ones. */
export interface Groups {
  /** Numbers of rows, group by group, in an order that follows from the rows' values: (nRows,). */
  readonly rows: Uint32Array;
  /** Where each group begins in `rows`, and where the last one ends: (nGroups + 1,). */
  readonly starts: Uint32Array;
}

/** What stands for rows from here on: the mean of each group, and the weight of its rows. */
export interface WeightedPoints {
  readonly points: Matrix;
  readonly weights: Float64Array;
}

/** Rows that lie together and may be split. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** Of the rows over their scales: (d,). */
  readonly mean: Float64Array;
}

/**
 * Puts rows into groups of similar ones, each of a weight of at least `size`; rows of weight one into groups of `size` to
 * `2 size - 1`. A part that can be split is: across its leading principal direction, where the sum of squares within the
 * two halves is least. The same rows in another order make the same groups, as multisets of rows. Groups are merged under
 * a larger size by taking their means as rows and their numbers of rows as weights.
 *
 * Cost: O(n d min(d, 64) log(n / size)) time; memory three times that of the rows.
 *
 * @param rows (n x d), finite, n >= 1
 * @param weights (n,), positive; null: one each
 * @param size least weight of a group, at least 1
 * @throws RangeError if all rows together weigh less than `size`
 * @see Domingo-Ferrer & Mateo-Sanz 2002, IEEE TKDE 14(1), section 3 (groups of k to 2k - 1 rows); Boley 1998, Data Mining
 *   and Knowledge Discovery 2(4), section 2 (principal direction divisive partitioning)
 */
export function groupRows(
  rows: Matrix,
  weights: Float64Array | null,
  size: number,
  scale: GroupScale = "std",
): Groups {
  const sorted = new SortedRows(rows, weights, scale);
  const all = sorted.all();
  if (all.weight < size) throw new RangeError(`rows that weigh ${all.weight} make no group of ${size}`);
  const starts: number[] = [];
  const parts = [all];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const halves = part.weight < 2 * size ? null : sorted.split(part, size);
    if (halves !== null) {
      parts.push(...halves);
    } else {
      starts.push(part.from);
    }
  }
  return { rows: sorted.order, starts: Uint32Array.from([...starts, rows.nRows]) };
}

/**
 * The weighted mean of each group's rows, which for equal values is that value to the bit, and of one row is the row.
 *
 * @param rows (n x d)
 * @param weights (n,), or null for one each
 * @returns `points` (nGroups x d) and `weights` (nGroups,), the same for the same rows in another order
 */
export function pointsOf(
  { data, nColumns: d }: Matrix,
  weights: Float64Array | null,
  { rows, starts }: Groups,
): WeightedPoints {
  const nGroups = starts.length - 1;
  const points = { data: new Float64Array(nGroups * d), nRows: nGroups, nColumns: d };
  const sums = new Float64Array(nGroups);
  for (let group = 0; group < nGroups; group++) {
    const point = points.data.subarray(group * d, (group + 1) * d);
    const first = rows[starts[group]] * d;
    for (let i = starts[group]; i < starts[group + 1]; i++) {
      const weight = weights === null ? 1 : weights[rows[i]];
      sums[group] += weight;
      // Halves of differences from the first row, which may be as large as two numbers of opposite signs.
      for (let j = 0; j < d; j++) point[j] += weight * (data[rows[i] * d + j] / 2 - data[first + j] / 2);
    }
    // With 0 added, as -0 and 0 are equal and either may be first.
    for (let j = 0; j < d; j++) point[j] = data[first + j] + 2 * (point[j] / sums[group]) + 0;
  }
  return { points, weights: sums };
}

/** Rows over their scales, which are put in another order part by part. */
class SortedRows {
  readonly order: Uint32Array;
  readonly #d: number;
  readonly #rows: Float64Array;
  readonly #weights: Float64Array;
  readonly #keys: Float64Array;
  readonly #spareRows: Float64Array;
  readonly #spareWeights: Float64Array;
  readonly #spareOrder: Uint32Array;

  constructor(rows: Matrix, weights: Float64Array | null, scale: GroupScale) {
    const { nRows, nColumns: d, data } = rows;
    this.order = lexicographicOrder(rows, weights);
    this.#d = d;
    this.#rows = new Float64Array(nRows * d);
    this.#weights = new Float64Array(nRows).fill(1);
    for (let i = 0; i < nRows; i++) {
      const row = this.order[i] * d;
      for (let j = 0; j < d; j++) this.#rows[i * d + j] = data[row + j];
      if (weights !== null) this.#weights[i] = weights[this.order[i]];
    }
    divideByScales(this.#rows, d, scale);
    this.#keys = new Float64Array(nRows);
    this.#spareRows = new Float64Array(nRows * d);
    this.#spareWeights = new Float64Array(nRows);
    this.#spareOrder = new Uint32Array(nRows);
  }

  all(): Part {
    const n = this.order.length;
    const d = this.#d;
    const mean = new Float64Array(d);
    let weight = 0;
    for (let i = 0; i < n; i++) {
      weight += this.#weights[i];
      const share = this.#weights[i] / weight;
      for (let j = 0; j < d; j++) mean[j] += share * (this.#rows[i * d + j] - mean[j]);
    }
    return { from: 0, to: n, weight, mean };
  }

  /**
   * Sorts the rows of a part along its leading direction and cuts it in two.
   *
   * @returns its halves, the second first; null where no two halves weigh `size` each
   */
  split(part: Part, size: number): [Part, Part] | null {
    const { from, to, mean } = part;
    const d = this.#d;
    const rows = this.#rows.subarray(from * d, to * d);
    const weights = this.#weights.subarray(from, to);
    const direction = leadingDirection(rows, weights, mean);
    const keys = this.#keys.subarray(from, to);
    for (let i = 0; i < keys.length; i++) {
      let key = 0;
      for (let j = 0; j < d; j++) key += (rows[i * d + j] - mean[j]) * direction[j];
      keys[i] = key;
    }
    this.#reorder(sortedPositions(keys), from, to);
    return cutWhereLeastWithin(part, rows, weights, size);
  }

  /** Puts rows `from` to `to` in the order of positions counted from `from`. */
  #reorder(positions: Uint32Array, from: number, to: number): void {
    const d = this.#d;
    const rows = this.#spareRows.subarray(from * d, to * d);
    const weights = this.#spareWeights.subarray(from, to);
    const order = this.#spareOrder.subarray(from, to);
    for (let i = 0; i < positions.length; i++) {
      const position = from + positions[i];
      for (let j = 0; j < d; j++) rows[i * d + j] = this.#rows[position * d + j];
      weights[i] = this.#weights[position];
      order[i] = this.order[position];
    }
    this.#rows.set(rows, from * d);
    this.#weights.set(weights, from);
    this.order.set(order, from);
  }
}

/**
 * Cuts sorted rows in two where the sum of squares within the halves is least, that between them greatest.
 *
 * @returns the halves, the second first; null where no two halves weigh `size` each
 */
function cutWhereLeastWithin(
  { from, to, weight, mean }: Part,
  rows: Float64Array,
  weights: Float64Array,
  size: number,
): [Part, Part] | null {
  const d = mean.length;
  const sums = new Float64Array(d);
  const best = { between: -1, rows: 0, weight: 0, sums: new Float64Array(d) };
  let left = 0;
  for (let i = 0; i < weights.length; i++) {
    let squares = 0;
    for (let j = 0; j < d; j++) {
      sums[j] += weights[i] * (rows[i * d + j] - mean[j]);
      squares += sums[j] * sums[j];
    }
    left += weights[i];
    if (weight - left < size) break;
    // The sums of the two halves about the mean of all are each other's negatives.
    const between = squares * (1 / left + 1 / (weight - left));
    if (left < size || between <= best.between) continue;
    best.between = between;
    best.rows = i + 1;
    best.weight = left;
    best.sums.set(sums);
  }
  if (best.rows === 0) return null;
  const at = from + best.rows;
  const half = (begin: number, end: number, of: number, sign: number): Part => ({
    from: begin,
    to: end,
    weight: of,
    mean: mean.map((x, j) => x + (sign * best.sums[j]) / of),
  });
  return [half(at, to, weight - best.weight, -1), half(from, at, best.weight, 1)];
}

/** Divides each feature by its scale, a constant one by 1; sums run in the order of the rows. */
function divideByScales(rows: Float64Array, d: number, scale: GroupScale): void {
  const n = rows.length / d;
  const low = rows.slice(0, d);
  const high = rows.slice(0, d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const x = rows[i * d + j];
      if (x < low[j]) low[j] = x;
      if (x > high[j]) high[j] = x;
    }
  }
  // Halves, as the difference of two large numbers may overflow.
  const middle = low.map((x, j) => x / 2 + high[j] / 2);
  const reach = low.map((x, j) => high[j] / 2 - x / 2 || 1);
  const mean = new Float64Array(d);
  const squares = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const x = (rows[i * d + j] - middle[j]) / reach[j];
      rows[i * d + j] = x;
      const before = x - mean[j];
      mean[j] += before / (i + 1);
      squares[j] += before * (x - mean[j]);
    }
  }
  if (scale === "range") return;
  const deviations = squares.map((sum) => Math.sqrt(sum / n) || 1);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) rows[i * d + j] /= deviations[j];
}
