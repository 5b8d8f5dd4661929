import type { WeightedPoints } from "#src/privacy/groups.js";
import { type LeastCounts, leastCounts, type SquareRange } from "./column-proof.js";

/** What everybody knows of a column of a file: its values are `low`, `low + step`, ... up to `high`. */
export interface Lattice {
  readonly low: number;
  readonly step: number;
  /** Infinity where it is not known. */
  readonly high: number;
}

/** Standard deviations that agree with what a client told of a column of its rows. */
export interface SpreadRange {
  readonly least: number;
  readonly most: number;
}

/** A row that is in a group for certain. */
export interface ProvenRow {
  readonly group: number;
  readonly row: readonly number[];
  /** In how many rows of the group, at least. */
  readonly count: number;
}

export interface Proof {
  readonly rows: readonly ProvenRow[];
  /** Per column, by value: rows that have it for certain. */
  readonly cells: readonly LeastCounts[];
}

/**
 * All that follows of rows from weighted points whose columns have few values. A row is in a group for certain where the
 * rows that may differ from it in some column are fewer than the group's, which for given columns is all that follows.
 *
 * @param points as heard: means of groups, which rounding may have moved
 * @param columns one entry a column
 * @param spreads one entry a column: standard deviations of the client's rows that agree with what it told; null where it
 *   told none
 * @see Fréchet 1940, Comptes Rendus 208 (bounds of a table's cells by its margins; the lower one is reached)
 */
export function proveRows(
  { points, weights }: WeightedPoints,
  columns: readonly Lattice[],
  spreads: readonly (SpreadRange | null)[],
): Proof {
  const nRows = weights.reduce((sum, weight) => sum + weight, 0);
  const least = columns.map(({ low, step, high }, j) => {
    const groups = Array.from(weights, (rows, g) => ({
      rows,
      sum: Math.round(((points.data[g * points.nColumns + j] - low) * rows) / step),
    }));
    const highest = high === Infinity ? Infinity : Math.round((high - low) / step);
    const total = groups.reduce((sum, group) => sum + group.sum, 0);
    const spread = spreads[j];
    const squares = spread === null ? null : squareRange(spread, step, total, nRows);
    return leastCounts(groups, highest, squares);
  });
  const rows: ProvenRow[] = [];
  for (let group = 0; group < weights.length; group++) {
    const ofGroup = least.map((column) => column[group]);
    for (const { values, count } of certainRows(ofGroup, weights[group])) {
      rows.push({ group, count, row: values.map((value, j) => columns[j].low + value * columns[j].step) });
    }
  }
  const cells = least.map((column, j) => {
    const counts = new Map<number, number>();
    for (const ofGroup of column) {
      for (const [level, count] of ofGroup) {
        const value = columns[j].low + level * columns[j].step;
        counts.set(value, (counts.get(value) ?? 0) + count);
      }
    }
    return counts;
  });
  return { rows, cells };
}

/** Sums of squares of levels that agree with a standard deviation of rows, by its steps' sum. */
function squareRange(spread: SpreadRange, step: number, total: number, nRows: number): SquareRange {
  const about = (deviation: number) => (deviation / step) ** 2 * nRows + (total * total) / nRows;
  return { least: about(spread.least) - 1e-6, most: about(spread.most) + 1e-6 };
}

function certainRows(
  columns: readonly LeastCounts[],
  nRows: number,
): { values: readonly number[]; count: number }[] {
  const found: { values: number[]; count: number }[] = [];
  const choose = (values: number[], count: number) => {
    if (values.length === columns.length) {
      found.push({ values, count });
      return;
    }
    for (const [value, least] of columns[values.length]) {
      const left = count - (nRows - least);
      if (left > 0) choose([...values, value], left);
    }
  };
  choose([], nRows);
  return found;
}
