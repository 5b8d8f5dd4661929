import type { Partition } from "../../data/partitions/partition.js";
import { RunError } from "../../errors.js";
import { type Matrix, selectColumns } from "../../numerics/matrix.js";
import type { HashedRows } from "../../privacy/take-stock.js";
import { dealingOrder, hashRows } from "./row-hashes.js";
import type { ClientState } from "./state-file.js";

/** A client's rows as its state knows them. */
export interface RowsForState extends HashedRows {
  /** The state's from then on: while it has made no groups, that of these rows. */
  readonly dealing: readonly number[];
}

/**
 * A client's rows as its state knows rows: the grouping columns in the state's order, found by their names where both
 * have names, else by their order.
 *
 * @throws RunError if the rows lack a grouping column, or have another number of nameless ones
 */
export function rowsForState({ secret, dealing, groups }: ClientState, partition: Partition): RowsForState {
  const rows = groupingColumns(groups.columns, groups.nColumns, partition);
  const order = groups.batches.length === 0 ? dealingOrder(rows) : dealing;
  const { labels, classes } = partition;
  return { rows, hashes: hashRows(secret, rows, order), labels, classes, dealing: order };
}

function groupingColumns(
  columns: readonly string[] | null,
  nColumns: number,
  { rows, featureNames }: Partition,
): Matrix {
  if (columns === null || featureNames === null) {
    if (rows.nColumns === nColumns) return rows;
    throw new RunError(
      `the rows have ${rows.nColumns} columns, the groups of the state ${nColumns}${advice(columns)}`,
    );
  }
  const missing = columns.find((name) => !featureNames.includes(name));
  if (missing !== undefined) {
    throw new RunError(`the rows have no column ${JSON.stringify(missing)}${advice(columns)}`);
  }
  return selectColumns(
    rows,
    columns.map((name) => featureNames.indexOf(name)),
  );
}

function advice(columns: readonly string[] | null): string {
  const which = columns === null ? "" : ` (${columns.join(", ")})`;
  return `: groups are of the columns that they were made with${which}`;
}
