import { types } from "node:util";
import type { TypedArray } from "../../directory/npy.js";
import type { Matrix } from "../../numerics/matrix.js";

/** What a cell of an object can hold. */
export type CellInMemory = number | bigint | string | boolean | null | undefined;

/** Numbers in a row. */
export type NumbersInMemory = readonly number[] | TypedArray;

/** An array with its shape, (rows, features) in C order, as NumPy has it. */
export interface ArrayInMemory {
  readonly data: NumbersInMemory;
  readonly shape: readonly number[];
}

/** Rows as objects: a column for each name, as `d3.csvParse` and pandas' `to_dict("records")` have them. */
export type ObjectRow = Readonly<Record<string, CellInMemory>>;

/** Rows of one table, in each of the forms that are taken. */
export type RowsOfOne = ArrayInMemory | Matrix | readonly NumbersInMemory[] | readonly ObjectRow[];

/**
 * One client's rows in memory: rows alone, of which objects may have a column of labels; or beside what else is known
 * of them.
 */
export type TableInMemory =
  | RowsOfOne
  | {
      readonly rows: RowsOfOne;
      /** One a row. */
      readonly labels?: ArrayLike<CellInMemory>;
      readonly featureNames?: readonly string[];
    };

/** Whether a value is one client's table, and not several. */
export function isTable(value: unknown): value is TableInMemory {
  if (Array.isArray(value)) {
    const first: unknown = value.find((row) => !isNumbers(row) || row.length > 0);
    return isNumbers(first) || (isPlainObject(first) && !isTable(first));
  }
  if (!isPlainObject(value)) return false;
  if ("rows" in value) return isTable(value.rows) || Array.isArray(value.rows);
  return "data" in value && isNumbers(value.data) && ("shape" in value || "nRows" in value);
}

/** Whether the columns of a table have names. */
export function hasNames(table: TableInMemory): boolean {
  if (Array.isArray(table)) return isPlainObject(table[0]);
  if (!("rows" in table)) return false;
  return table.featureNames !== undefined || hasNames(table.rows);
}

/** Whether a value holds numbers alone, as far as its type says. */
export function isNumbers(value: unknown): value is NumbersInMemory {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  return Array.isArray(value) && value.every((element) => typeof element !== "object" || element === null);
}

/** Whether a value is an object of no class of its own. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A value in few words. */
export function valueInWords(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (types.isPromise(value)) return "a promise: await it first";
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "Object"})`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
}
