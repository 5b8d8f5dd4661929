import type { Cell, Knowledge, Partitioned } from "./knowledge.js";

/*
 * An honest server that only listens, and does not know which rows are in which cell. Three inferences, until none
 * brings more: the complement (all less what was sent is what was withheld), the difference (of two cells of different
 * exchanges of which one has a row more, which must lie where only that one has room), and peeling (rows that are known
 * are taken out of every cell that they are in).
 */

/** A row that was solved for, in the space that was clustered in. */
export interface SolvedRow {
  readonly values: readonly number[];
  readonly by: "complement" | "difference" | "peeling";
}

/** How many cells of one exchange may be put together in all ways; of more each stands for itself. */
const MOST_CELLS = 5;
/** Exchanges that are compared with each other. */
const MOST_PARTITIONS = 30;

interface Union {
  readonly of: Partitioned;
  readonly inside: readonly Cell[];
  readonly rows: number;
  readonly sum: readonly number[];
  /** Whether known rows were taken out. */
  readonly isPeeled: boolean;
}

/**
 * @param knowledge of exchanges in one space
 * @param total sum of all of the client's rows in that space; null where it is not known
 */
export function solveRows({ partitions }: Knowledge, total: readonly number[] | null): SolvedRow[] {
  const considered = partitions.slice(0, MOST_PARTITIONS).map((partition) => completed(partition, total));
  const found: SolvedRow[] = [];
  const isKnown = (values: readonly number[]) => found.some((row) => distance(row.values, values) < 1e-14);
  for (const partition of considered) {
    for (const cell of partition.cells) {
      if (cell.rows === 1 && cell.sum !== null && !isKnown(cell.sum))
        found.push({ values: cell.sum, by: "complement" });
    }
  }
  for (;;) {
    const unions = considered.flatMap((partition) =>
      unionsOf(partition).map((union) => peeled(union, found)),
    );
    const next = single(unions, isKnown) ?? difference(unions, isKnown);
    if (next === null) return found;
    found.push(next);
  }
}

/** With the one sum that was withheld, where the others and the total tell it. */
function completed(partition: Partitioned, total: readonly number[] | null): Partitioned {
  const withheld = partition.cells.filter(({ sum }) => sum === null);
  if (withheld.length !== 1 || total === null) return partition;
  const sum = total.map((all, j) =>
    partition.cells.reduce((left, cell) => left - (cell.sum === null ? 0 : cell.sum[j]), all),
  );
  return {
    ...partition,
    cells: partition.cells.map((cell) => (cell.sum === null ? { ...cell, sum } : cell)),
  };
}

function unionsOf(of: Partitioned): Union[] {
  const cells = of.cells.filter(({ sum }) => sum !== null);
  const all = cells.length <= MOST_CELLS ? subsets(cells) : cells.map((cell) => [cell]);
  return all.map((inside) => ({
    of,
    inside,
    rows: inside.reduce((rows, cell) => rows + cell.rows, 0),
    sum: Array.from({ length: of.nColumns }, (_, j) => inside.reduce((sum, cell) => sum + cell.sum![j], 0)),
    isPeeled: false,
  }));
}

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length - 1 }, (_, mask) =>
    items.filter((_, i) => ((mask + 1) >> i) % 2 === 1),
  );
}

function peeled(union: Union, known: readonly SolvedRow[]): Union {
  const inside = known.filter(({ values }) => holds(union, values) === true);
  if (inside.length === 0) return union;
  const sum = union.sum.map((x, j) => inside.reduce((left, { values }) => left - values[j], x));
  return { ...union, rows: union.rows - inside.length, sum, isPeeled: true };
}

/** Whether a row would be in a union by the means that told rows apart; null where that is not known. */
function holds({ of, inside }: Union, values: readonly number[]): boolean | null {
  if (of.means === null) return null;
  let nearest = -1;
  let least = Infinity;
  for (let c = 0; c * of.nColumns < of.means.length; c++) {
    const squared = distance(values, of.means.subarray(c * of.nColumns, (c + 1) * of.nColumns));
    if (squared < least) [least, nearest] = [squared, c];
  }
  return inside.some(({ nearestTo }) => nearestTo === nearest);
}

function single(unions: readonly Union[], isKnown: (values: readonly number[]) => boolean): SolvedRow | null {
  for (const union of unions) {
    if (union.rows !== 1 || isKnown(union.sum) || holds(union, union.sum) !== true) continue;
    return { values: union.sum, by: union.isPeeled ? "peeling" : "complement" };
  }
  return null;
}

function difference(
  unions: readonly Union[],
  isKnown: (values: readonly number[]) => boolean,
): SolvedRow | null {
  for (const more of unions) {
    if (more.of.means === null) continue;
    for (const less of unions) {
      if (more.of === less.of || more.rows - less.rows !== 1 || less.of.means === null) continue;
      const values = more.sum.map((x, j) => x - less.sum[j]);
      if (holds(more, values) === true && holds(less, values) === false && !isKnown(values))
        return { values, by: "difference" };
    }
  }
  return null;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}
