import type { Matrix } from "../numerics/matrix.js";
import { ColumnValues } from "./column-values.js";
import type { Groups } from "./groups.js";
import { lexicographicOrder } from "./row-order.js";

/** Rows between a group's least and greatest values that are so few that how groups are made singles some out. */
const FEW_ROWS = 16;

/** Rows that whoever has a client's points could prove to be among its rows. */
interface ProvenRows {
  /** Their numbers, group by group. */
  readonly proven: readonly number[];
  /** Those of them that stand out: fewer of the client's rows are equal to each of them than a group has at least. */
  readonly rare: readonly number[];
}

/**
 * Finds the rows that could be proven: those that every table of rows has which fits the points. A row of a group of n
 * rows is one
 * - where it is left over however the values of each column are dealt out among the rows. At least
 *   n - sum of (n - c_j) over the columns have all of its values, where c_j of them have that of column j. (Fréchet's
 *   bound, which is attained.) c_j follows from the group's mean where the column takes two values in it, or could take
 *   few between its least and its greatest; else it counts as 0.
 * - where few rows at all lie between the group's least and greatest values, as of a few yes/no columns: then who knows
 *   how groups are made can tell which of them are there.
 *
 * With tables of small whole numbers the first is exact for whoever knows means, numbers of rows and what values there
 * can be; with the second none was missed in any table that was tried, and some are found that could not be proven.
 *
 * @param rows (n x d)
 * @param groups of these rows
 * @param size least number of rows of a group
 * @see Dobra & Fienberg 2000, PNAS 97(22), section 2 (bounds on a cell of a table by its margins)
 */
export function provenRows(rows: Matrix, groups: Groups, size: number): ProvenRows {
  const columns = Array.from({ length: rows.nColumns }, (_, j) => new ColumnValues(rows, j, size));
  const proven: number[] = [];
  for (let group = 0; group + 1 < groups.starts.length; group++) {
    const members = groups.rows.subarray(groups.starts[group], groups.starts[group + 1]);
    for (const row of provenOf(members, rows, columns, Math.max(FEW_ROWS, 2 * size))) proven.push(row);
  }
  if (proven.length === 0) return { proven, rare: [] };
  const equal = equalRows(rows);
  return { proven, rare: proven.filter((row) => equal[row] < size) };
}

/**
 * The rows of one group that could be proven.
 *
 * @param members numbers of its rows
 * @param fewValues how many values a column can take between two others while its mean tells how often each is there
 */
function provenOf(
  members: Uint32Array,
  { data, nColumns: d }: Matrix,
  columns: readonly ColumnValues[],
  fewValues: number,
): Iterable<number> {
  const n = members.length;
  /** How many rows are left over that have all of a row's values. */
  const left = new Int32Array(n).fill(n);
  let possibleRows = 1;
  for (let j = 0; j < d; j++) {
    const counts = new Map<number, number>();
    let low = data[members[0] * d + j];
    let high = low;
    for (const row of members) {
      const value = data[row * d + j];
      counts.set(value, (counts.get(value) ?? 0) + 1);
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (counts.size === 1) continue;
    const values = columns[j].between(low, high);
    possibleRows *= values;
    const isKnown = counts.size === 2 || values <= fewValues;
    let most = 0;
    for (let i = 0; i < n; i++) {
      left[i] -= n - (isKnown ? counts.get(data[members[i] * d + j])! : 0);
      most = Math.max(most, left[i]);
    }
    if (most === 0 && possibleRows > FEW_ROWS) return [];
  }
  return possibleRows <= FEW_ROWS ? members : members.filter((_, i) => left[i] > 0);
}

/** How many rows are equal to each, itself included: (n,). */
function equalRows(rows: Matrix): Uint32Array {
  const { data, nRows, nColumns: d } = rows;
  const order = lexicographicOrder(rows, null);
  const equal = new Uint32Array(nRows);
  let first = 0;
  for (let i = 1; i <= nRows; i++) {
    if (i < nRows && areEqual(data, order[i - 1] * d, order[i] * d, d)) continue;
    for (let at = first; at < i; at++) equal[order[at]] = i - first;
    first = i;
  }
  return equal;
}

function areEqual(data: Float64Array, a: number, b: number, d: number): boolean {
  for (let j = 0; j < d; j++) if (data[a + j] !== data[b + j]) return false;
  return true;
}
