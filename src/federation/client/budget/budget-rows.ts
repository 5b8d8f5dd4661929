import { createHmac, createSecretKey } from "node:crypto";
import { RunError } from "../../../errors.js";
import type { BudgetRows } from "./budget.js";
import type { BudgetColumns, BudgetState } from "./budget-state.js";

/** Rows as a budget knows them. */
export interface HashedBudgetRows {
  readonly columns: BudgetColumns;
  /** Of the rows that differ. */
  readonly hashes: ReadonlySet<string>;
}

/** Bytes that are kept of a row's hash: 96 bits, which no two of a client's rows share by chance. */
const KEPT_BYTES = 12;

/** Characters of a row's hash. */
export const HASH_LENGTH: number = (KEPT_BYTES / 3) * 4;

/**
 * Keyed hashes by which a budget knows rows again: of their values alone, in single precision and from the least on, so
 * that neither the format of the file nor the order of its rows or of its columns matters, whatever these are called. Rows
 * that are alike have one hash, and spend together. Where there is no row, what is hashed is one of no values: how much
 * may be asked does not depend on whether there is a row.
 *
 * @throws RunError naming a column that the rows lack, or that the budget does not know
 */
export function hashedRows(
  { secret, columns }: Pick<BudgetState, "secret" | "columns">,
  rows: BudgetRows,
): HashedBudgetRows {
  const of = columns ?? { nColumns: rows.rows.nColumns, names: rows.columns };
  checkColumns(of, rows);
  const key = createSecretKey(secret, "hex");
  const { data, nRows, nColumns: d } = rows.rows;
  const values = new Float32Array(d);
  const bytes = new DataView(new ArrayBuffer(4 * d));
  const hashOf = (view: DataView) =>
    createHmac("sha256", key).update(view).digest().toString("base64", 0, KEPT_BYTES);
  const hashes = new Set<string>();
  if (nRows === 0) hashes.add(hashOf(new DataView(new ArrayBuffer(0))));
  for (let i = 0; i < nRows; i++) {
    // With 0 added, as -0 and 0 are equal.
    for (let j = 0; j < d; j++) values[j] = data[i * d + j] + 0;
    values.sort();
    for (let j = 0; j < d; j++) bytes.setFloat32(4 * j, values[j], true);
    hashes.add(hashOf(bytes));
  }
  return { columns: { ...of, names: of.names ?? rows.columns }, hashes };
}

/** @throws RunError for rows of other columns than those of a budget: whoever adds one would have other rows */
function checkColumns({ nColumns, names }: BudgetColumns, { columns, rows }: BudgetRows): void {
  const missing = columns && names?.find((name) => !columns.includes(name));
  if (missing != null) {
    throw new RunError(`the rows have no column ${JSON.stringify(missing)}${advice(names)}`);
  }
  const stranger = names && columns?.find((name) => !names.includes(name));
  if (stranger != null) {
    throw new RunError(`the rows have a column ${JSON.stringify(stranger)}${advice(names)}`);
  }
  if (rows.nColumns === nColumns) return;
  throw new RunError(
    `the rows have ${rows.nColumns} columns, those of the budget ${nColumns}${advice(names)}`,
  );
}

function advice(names: readonly string[] | null): string {
  const which = names === null ? "" : ` (${names.join(", ")})`;
  return `: a budget knows rows by the columns that first spent of it${which}`;
}
