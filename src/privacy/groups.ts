import type { Matrix } from "../numerics/matrix.js";
import { Bisection, type NumberedRows } from "./bisection.js";
import { roundTogether } from "./point-grid.js";
import { lexicographicOrder } from "./row-order.js";

/** What each feature is divided by before rows are compared: its standard deviation or its range over all rows. */
export type GroupScale = "std" | "range";
export const GROUP_SCALES: readonly GroupScale[] = ["std", "range"];

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

/**
 * Puts rows into groups of similar ones, each of a weight of at least `size`; rows of weight one into groups of `size` to
 * `2 size - 1`. A part that can be split is: across its leading principal direction, where the sum of squares within the
 * two halves is least. The same rows in another order make the same groups, as multisets of rows. Groups are merged under
 * a larger size by taking their means as rows and their numbers of rows as weights.
 *
 * Cost: O(n d min(d, 64) log(n / size)) time; memory twice that of the rows beside them.
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
  const bisection = new Bisection(sortedRows(rows, weights, scale));
  const all = bisection.all();
  if (all.weight < size) throw new RangeError(`rows that weigh ${all.weight} make no group of ${size}`);
  const numbers = new Uint32Array(rows.nRows);
  const starts: number[] = [];
  const parts = [all];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const halves = part.weight < 2 * size ? null : bisection.split(part, size);
    if (halves !== null) {
      parts.push(...halves);
    } else {
      starts.push(part.from);
      numbers.set(bisection.numbersOf(part), part.from);
    }
  }
  return { rows: numbers, starts: Uint32Array.from([...starts, rows.nRows]) };
}

/** Of sums of a group's values, against the largest of them. */
const ROUNDING = 1e-14;

/**
 * The weighted mean of each group's rows: where each group is one row, that row to the bit; otherwise rounded, so that it
 * tells of its rows' sum and of nothing else (but for a bit or two where large values of a client's only point cancel).
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
  const largest = new Float64Array(d);
  for (let group = 0; group < nGroups; group++) {
    const point = points.data.subarray(group * d, (group + 1) * d);
    const first = rows[starts[group]] * d;
    largest.fill(0);
    for (let i = starts[group]; i < starts[group + 1]; i++) {
      const weight = weights === null ? 1 : weights[rows[i]];
      sums[group] += weight;
      for (let j = 0; j < d; j++) {
        const x = data[rows[i] * d + j];
        // Halves of differences from the first row, which may be as large as two numbers of opposite signs.
        point[j] += weight * (x / 2 - data[first + j] / 2);
        largest[j] = Math.max(largest[j], Math.abs(x));
      }
    }
    for (let j = 0; j < d; j++) {
      // With 0 added, as -0 and 0 are equal and either may be first.
      const mean = data[first + j] + 2 * (point[j] / sums[group]) + 0;
      // What is left of values that cancel out is rounding.
      point[j] = Math.abs(mean) <= ROUNDING * largest[j] ? 0 : mean;
    }
  }
  if (nGroups < rows.length) roundTogether(points);
  return { points, weights: sums };
}

/** Rows in lexicographic order and over their scales. */
function sortedRows(rows: Matrix, weights: Float64Array | null, scale: GroupScale): NumberedRows {
  const { nRows, nColumns: d, data } = rows;
  const order = lexicographicOrder(rows, weights);
  const sorted = new Float64Array(nRows * d);
  const sortedWeights = new Float64Array(nRows).fill(1);
  for (let i = 0; i < nRows; i++) {
    const row = order[i] * d;
    for (let j = 0; j < d; j++) sorted[i * d + j] = data[row + j];
    if (weights !== null) sortedWeights[i] = weights[order[i]];
  }
  divideByScales(sorted, d, scale);
  return { numbers: order, rows: sorted, weights: sortedWeights };
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
