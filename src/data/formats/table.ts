import { RunError, theSetting } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";

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
  /** Whether the first line of a text file names its columns; "auto": told from the file. */
  readonly header: "auto" | "yes" | "no";
  /** Whether a row with a missing value ends the reading or is left out. */
  readonly missing: "refuse" | "drop";
}

/** Stands for a label column where there is to be none. */
export const NO_LABELS = "none";

/** The table options among others. */
export function tableOptions(options: TableOptions): TableOptions {
  const { labelColumn, columns, dropColumns, delimiter, header, missing } = options;
  return { labelColumn, columns, dropColumns, delimiter, header, missing };
}

/** A text a row, of which few differ. */
export interface CodedTexts {
  /** (n,) index into `texts`; -1 where it is missing. */
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

/** A client's table as a file holds it, before it is checked. */
export interface RawPartition {
  /** NaN where a value is missing. */
  readonly rows: Matrix;
  readonly featureNames: readonly string[] | null;
  /** Of the column that holds the labels; null without labels. */
  readonly labelColumn: string | null;
  readonly labels: CodedTexts | null;
  /** Where the first row with a missing value is, if the format has places; null: by its number. */
  readonly missingAt: string | null;
  /** What the client should know of its table, one line each. */
  readonly notices: readonly string[];
}

/** How a file is to be read that several clients may share. */
export interface SharedColumns extends TableOptions {
  /** Name of the column that says whose row it is; null: all rows are one client's. */
  readonly clientColumn: string | null;
}

/** The clients whose rows are wanted of a file that several share, with how many each has, where that is known. */
export type WantedClients = ReadonlyMap<string, number | null>;

/** One client's rows of a file. */
export interface ClientRows {
  /** (nRows, nFeatures) row-major; NaN where a value is missing. */
  readonly values: Float64Array;
  readonly nRows: number;
  /** Null where the file has no label column. */
  readonly labels: CodedTexts | null;
  /** What is wrong with the first of these rows that cannot be used. */
  readonly problem: RunError | null;
  /** Where the first missing value is; null if there is none, or by the row's number. */
  readonly missingAt: string | null;
}

/** A file's table by clients. */
export interface SharedTable {
  /** Null if the file has no header line. */
  readonly featureNames: readonly string[] | null;
  readonly nFeatures: number;
  /** Name of the column of labels; null if there is none. */
  readonly labelColumn: string | null;
  /** Rows by client; by "" if there is no client column. */
  readonly clients: Map<string, ClientRows>;
  /** What the user who reads the file should know, one line each. */
  readonly notices: readonly string[];
}

/** @param texts null where one is missing */
export function codeTexts(texts: Iterable<string | null>): CodedTexts {
  const codeOf = new Map<string, number>();
  const codes: number[] = [];
  for (const text of texts) {
    if (text !== null && !codeOf.has(text)) codeOf.set(text, codeOf.size);
    codes.push(text === null ? -1 : codeOf.get(text)!);
  }
  return { codes: Int32Array.from(codes), texts: [...codeOf.keys()] };
}

/** Columns are asked for by name where a table has no names. */
export class NamelessError extends RunError {}

/** What the columns of a table are, by index. */
export interface ColumnRoles {
  readonly label: number | null;
  readonly client: number | null;
  /** In the order in which they are wanted. */
  readonly features: readonly number[];
}

/**
 * Finds out which columns of a table are what.
 *
 * @param names of the columns; null if they have none
 * @param path what to call the file in errors
 * @throws RunError for a name that is none of them; NamelessError for any name if they have none
 */
export function rolesOf(
  names: readonly string[] | null,
  nColumns: number,
  { labelColumn, columns, dropColumns, clientColumn }: SharedColumns,
  path: string,
): ColumnRoles {
  const find = (name: string) => {
    const column = names === null ? -1 : names.indexOf(name);
    if (column >= 0) return column;
    const absent = `${path}: no column ${JSON.stringify(name)}`;
    if (names === null) throw new NamelessError(`${absent}: the file has no header line`);
    throw new RunError(`${absent}: the columns are ${names.join(", ")}`);
  };
  const dropped = new Set(dropColumns.map(find));
  const wanted = columns?.map(find);
  const client = clientColumn === null ? null : find(clientColumn);
  const customary = names === null ? null : customaryLabelColumn(names);
  const isFree =
    customary !== null && customary !== client && !wanted?.includes(customary) && !dropped.has(customary);
  const label =
    labelColumn === NO_LABELS ? null : labelColumn === null ? (isFree ? customary : null) : find(labelColumn);
  const features = (wanted ?? Array.from({ length: nColumns }, (_, column) => column)).filter(
    (column) => column !== label && column !== client && !dropped.has(column),
  );
  return { label, client, features };
}

/** A "y" beside an "x" is a coordinate. */
function customaryLabelColumn(names: readonly string[]): number | null {
  const column =
    names.indexOf("label") >= 0 || names.includes("x") ? names.indexOf("label") : names.indexOf("y");
  return column < 0 ? null : column;
}

/** What to do about columns of text that are neither features nor labels. */
export function textColumnAdvice(names: readonly string[]): string {
  const list = names.join(",");
  return (
    `leave text columns out (${theSetting("dropColumns")} ${list}) or ` +
    `name one as the column of labels (${theSetting("labelColumn")} ${names[0]})`
  );
}

/**
 * What to do about a cell that is no number which a feature can have.
 *
 * @param what says so: "a number expected, found ..."
 * @param name of its column; null where it has none
 */
export function cellAdvice(what: string, name: string | null): string {
  const out = name === null ? "" : `the column (${theSetting("dropColumns")} ${name}) or `;
  if (what.startsWith("a whole number")) return `leave ${out}such rows out first`;
  if (!what.startsWith("a number expected")) return "leave such rows out first";
  if (/found "[+-]?\d[\d.]*(,\d+)+"$/.test(what)) {
    return "write such numbers with a point and without commas: decimal commas are read where all numbers of a file have them and none separates cells";
  }
  const advice = name === null ? "add a header line that names the columns" : textColumnAdvice([name]);
  return `if the column holds text: ${advice}`;
}
