import type { Matrix } from "../numerics/matrix.js";

/** How a file's table is to be read, whatever its format. Plain data: it travels to whichever thread is the client. */
export interface TableOptions {
  /** Name of the column (array) of class labels; `NO_LABELS` for none; null: one named "label" or "y". */
  readonly labelColumn: string | null;
  /** The columns that are features; null: every one that is nothing else. */
  readonly columns: readonly string[] | null;
  /** Columns that are left out. */
  readonly dropColumns: readonly string[];
  /** What separates the cells of a text file; null: told from the file. */
  readonly delimiter: string | null;
  /** Whether a row with a missing value ends the reading or is left out. */
  readonly missing: "refuse" | "drop";
}

/** Stands for a label column where there is to be none. */
export const NO_LABELS = "none";

export const TABLE_DEFAULTS: TableOptions = {
  labelColumn: null,
  columns: null,
  dropColumns: [],
  delimiter: null,
  missing: "refuse",
};

/** The table options among others, complete. */
export function tableOptions(options: Partial<TableOptions>): TableOptions {
  const names = Object.keys(TABLE_DEFAULTS) as (keyof TableOptions)[];
  const given = names.map((name) => [name, options[name] ?? TABLE_DEFAULTS[name]]);
  return Object.fromEntries(given) as unknown as TableOptions;
}

/** A client's table as a file holds it, before it is checked. */
export interface RawPartition {
  readonly rows: Matrix;
  readonly featureNames: readonly string[] | null;
  /** Of the column that holds the labels; null without labels. */
  readonly labelColumn: string | null;
  readonly labels: readonly string[] | null;
  /** What the client should know of its table, one line each. */
  readonly notices: readonly string[];
}
