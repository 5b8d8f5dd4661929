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
 * Keyed hashes by which a budget knows rows again: of their values alone, in single precision, so that the format of the
 * file and the order of its rows do not matter. Columns are found by their names where both have names, else by their
 * order. Rows that are alike have one hash, and spend together.
 *
 * @throws RunError naming a column that the rows lack, or that the budget does not know
 */
export function hashedRows(
  { secret, columns }: Pick<BudgetState, "secret" | "columns">,
  rows: BudgetRows,
): HashedBudgetRows {
  const of = columns ?? { nColumns: rows.rows.nColumns, names: rows.columns };
  const order = placesOf(of, rows);
  const key = createSecretKey(secret, "hex");
  const { data, nRows, nColumns: d } = rows.rows;
  const bytes = new DataView(new ArrayBuffer(4 * d));
  const hashes = new Set<string>();
  for (let i = 0; i < nRows; i++) {
    // With 0 added, as -0 and 0 are equal.
    for (let j = 0; j < d; j++) bytes.setFloat32(4 * j, data[i * d + order[j]] + 0, true);
    hashes.add(createHmac("sha256", key).update(bytes).digest().toString("base64", 0, KEPT_BYTES));
  }
  return { columns: { ...of, names: of.names ?? rows.columns }, hashes };
}

/** @returns (d,) where among the rows' columns each of the budget's is */
function placesOf({ nColumns, names }: BudgetColumns, { columns, rows }: BudgetRows): number[] {
  if (names === null || columns === null) {
    if (rows.nColumns === nColumns) return Array.from({ length: nColumns }, (_, j) => j);
    throw new RunError(
      `the rows have ${rows.nColumns} columns, those of the budget ${nColumns}${advice(names)}`,
    );
  }
  const missing = names.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    throw new RunError(`the rows have no column ${JSON.stringify(missing)}${advice(names)}`);
  }
  const stranger = columns.find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new RunError(`the rows have a column ${JSON.stringify(stranger)}${advice(names)}`);
  }
  return names.map((name) => columns.indexOf(name));
}

function advice(names: readonly string[] | null): string {
  const which = names === null ? "" : ` (${names.join(", ")})`;
  return `: a budget knows rows by the columns that first spent of it${which}`;
}
