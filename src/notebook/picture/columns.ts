import { compareClasses } from "../../data/partitions/class-order.js";
import { shownJson } from "../../directory/json-object.js";
import { UsageError } from "../../errors.js";

/** Rows of a table, as a cell holds them. */
export type Table = readonly Readonly<Record<string, unknown>>[];

/** A value in each row that tells rows apart. */
export interface Groups {
  /** (n,) index of its name; -1 where a row has no value. */
  readonly indices: Int32Array;
  readonly names: readonly string[];
}

/** Groups that are whole numbers up to this keep them as their index, so that cluster 3 has its colour in all pictures. */
const MOST_BY_VALUE = 64;

/**
 * A column's numbers; NaN where a row has none.
 *
 * @throws UsageError if the table has no such column, or if one of its values is no number
 */
export function numbersOf(table: Table, column: string): Float64Array {
  const values = valuesOf(table, column);
  return Float64Array.from(values, (value, row) => {
    if (typeof value === "number") return value;
    if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
    if (value === null || value === undefined) return Number.NaN;
    if (typeof value === "string") {
      const text = value.trim();
      if (text === "") return Number.NaN;
      const number = Number(text);
      if (!Number.isNaN(number)) return number;
    }
    throw new UsageError(`column ${column}, row ${row + 1}: a number expected, found ${shownJson(value)}`);
  });
}

/**
 * The groups that a column divides rows into, in natural order.
 *
 * @param most as many groups as can be told apart
 * @param what the column is for
 * @throws UsageError if the table has no such column, or more groups than that
 */
export function groupsOf(table: Table, column: string, most: number, what: string): Groups {
  const values = valuesOf(table, column);
  const isNone = (value: unknown) => value === null || value === undefined || value === "";
  const distinct = [...new Set(values.filter((value) => !isNone(value)).map(String))];
  if (distinct.length > most) {
    throw new UsageError(
      `${what}: at most ${most} different values can be told apart, found ${distinct.length} in column ${column}`,
    );
  }
  const areSmall = distinct.every((name) => /^\d{1,2}$/.test(name) && Number(name) < MOST_BY_VALUE);
  const names = areSmall
    ? Array.from({ length: 1 + Math.max(-1, ...distinct.map(Number)) }, (_, i) => String(i))
    : distinct.sort(compareClasses);
  const indexOf = new Map(names.map((name, i) => [areSmall ? Number(name) : name, i]));
  const indices = Int32Array.from(values, (value) =>
    isNone(value) ? -1 : indexOf.get(areSmall ? Number(value) : String(value))!,
  );
  return { indices, names };
}

function valuesOf(table: Table, column: string): unknown[] {
  if (!table.some((row) => column in row)) {
    const names = [...new Set(table.slice(0, 100).flatMap((row) => Object.keys(row)))];
    const more = names.length > 20 ? `, and ${names.length - 20} more` : "";
    throw new UsageError(`no column ${column}: the table has ${names.slice(0, 20).join(", ")}${more}`);
  }
  return table.map((row) => row[column]);
}

/**
 * Rows of what libraries call a table: an array of objects, Arquero's (`objects`), or nodejs-polars' (`toRecords`).
 *
 * @returns null if it is none of these
 * @throws UsageError if it has no rows
 */
export function tableOf(what: unknown): Table | null {
  const rows = rowsIn(what);
  if (!Array.isArray(rows) || !rows.every((row) => typeof row === "object" && row !== null)) return null;
  if (rows.length === 0) throw new UsageError("the table has no rows");
  return rows;
}

function rowsIn(what: unknown): unknown {
  if (typeof what !== "object" || what === null || Array.isArray(what)) return what;
  const { objects, toRecords } = what as { objects?: unknown; toRecords?: unknown };
  if (typeof objects === "function") return objects.call(what);
  return typeof toRecords === "function" ? toRecords.call(what) : null;
}
