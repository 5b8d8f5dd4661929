import { types } from "node:util";
import type { TypedArray } from "../../directory/npy.js";
import { RunError, theSetting, UsageError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { parseNumber } from "./decimal.js";
import { textLabel } from "./labels.js";
import { checkRowsShape, shapeText } from "./rows-array.js";
import {
  type CodedTexts,
  codeTexts,
  NO_LABELS,
  type RawPartition,
  rolesOf,
  type SharedColumns,
  textColumnAdvice,
} from "./table.js";

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

/** Columns of a table in memory, of which one may say whose row it is. */
interface Columns {
  /** Null where they have no names. */
  readonly names: readonly string[] | null;
  readonly nRows: number;
  readonly nColumns: number;
  cell(row: number, column: number): CellInMemory;
}

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

/**
 * A table's rows, labels and names, by the rules of a text file's columns where there are names.
 *
 * @param source what to call it in errors
 * @throws UsageError for what is no table; RunError for cells that will not do
 */
export function tableInMemory(table: TableInMemory, options: SharedColumns, source: string): RawPartition {
  const isEmpty = Array.isArray(table) && table.length === 0;
  if (!isTable(table) && !isEmpty) throw noTable(table, source);
  const columns = columnsOf(table, source);
  const { nRows } = columns;
  const isBeside = isPlainObject(table) && "rows" in table;
  const labels = isBeside ? (table as { labels?: ArrayLike<CellInMemory> }).labels : undefined;
  if (labels !== undefined && !isNumbers(labels)) {
    throw new UsageError(`${source}: labels must be an array of texts or numbers, found ${shown(labels)}`);
  }
  if (labels !== undefined && labels.length !== nRows) {
    throw new RunError(
      `${source}: as many labels as rows expected, found ${labels.length} labels and ${nRows} rows`,
    );
  }
  const all = Array.from({ length: columns.nColumns }, (_, column) => column);
  const labelColumn = labels === undefined ? options.labelColumn : NO_LABELS;
  const { names } = columns;
  const wanted = { ...options, labelColumn, clientColumn: null };
  const roles = names && rolesOf(names, columns.nColumns, wanted, source);
  const [chosen] = [...(options.columns ?? []), ...options.dropColumns];
  if (roles === null && chosen !== undefined) {
    throw new RunError(`${source}: no column ${JSON.stringify(chosen)}: its columns have no names`);
  }
  const label = roles?.label ?? null;
  const features = roles?.features ?? all;
  const labelOf = (row: number) => labelText(labels === undefined ? columns.cell(row, label!) : labels[row]);
  const isNameless =
    names === null && labels === undefined && ![null, NO_LABELS].includes(options.labelColumn);
  const hasLabels = (labels !== undefined || label !== null) && options.labelColumn !== NO_LABELS;
  return {
    rows: numbersOf(columns, features, source),
    featureNames: names && features.map((column) => names[column]),
    labelColumn: names !== null && label !== null ? names[label] : null,
    labels: hasLabels ? codedLabels(nRows, labelOf) : null,
    missingAt: null,
    notices: isNameless
      ? [
          `no labels: columns without names have none that ${theSetting("labelColumn")} ${options.labelColumn} could name`,
        ]
      : [],
  };
}

/** Whether the columns of a table have names. */
export function hasNames(table: TableInMemory): boolean {
  if (Array.isArray(table)) return isPlainObject(table[0]);
  if (!("rows" in table)) return false;
  return table.featureNames !== undefined || hasNames(table.rows);
}

/** A label, or a client's name; null where it is missing. */
export function labelText(cell: CellInMemory): string | null {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return null;
  return textLabel(String(cell).trim());
}

function codedLabels(nRows: number, labelOf: (row: number) => string | null): CodedTexts {
  return codeTexts(Array.from({ length: nRows }, (_, row) => labelOf(row)));
}

function columnsOf(table: TableInMemory, source: string): Columns {
  if (isPlainObject(table) && "rows" in table) {
    const { rows, featureNames } = table as { rows: RowsOfOne; featureNames?: readonly string[] };
    const columns = columnsOf(rows, source);
    if (featureNames === undefined || columns.nRows === 0) return columns;
    const areTexts = Array.isArray(featureNames) && featureNames.every((name) => typeof name === "string");
    const isDifferent = areTexts && new Set(featureNames).size === columns.nColumns;
    if (columns.names === null && featureNames.length === columns.nColumns && isDifferent) {
      return { ...columns, names: featureNames };
    }
    throw new UsageError(
      `${source}: a different name for each of ${columns.nColumns} features expected, found ${areTexts ? featureNames.join(", ") : shown(featureNames)}`,
    );
  }
  if (Array.isArray(table)) {
    return isPlainObject(table[0])
      ? columnsOfObjects(table as readonly ObjectRow[], source)
      : columnsOfArrays(table as readonly NumbersInMemory[], source);
  }
  return columnsOfMatrix(table as ArrayInMemory | Matrix, source);
}

function columnsOfObjects(objects: readonly ObjectRow[], source: string): Columns {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const odd = objects.findIndex((object) => !isPlainObject(object));
  if (odd >= 0)
    throw new UsageError(
      `${source}: row ${odd} (counted from 0): an object expected, found ${shown(objects[odd])}`,
    );
  return {
    names,
    nRows: objects.length,
    nColumns: names.length,
    cell: (row, column) => objects[row][names[column]],
  };
}

function columnsOfArrays(arrays: readonly NumbersInMemory[], source: string): Columns {
  const nColumns = arrays[0]?.length ?? 0;
  const odd = arrays.findIndex((row) => !isNumbers(row) || row.length !== nColumns);
  if (odd >= 0) {
    const found = isNumbers(arrays[odd]) ? `${arrays[odd].length}` : shown(arrays[odd]);
    throw new UsageError(
      `${source}: row ${odd} (counted from 0): ${nColumns} numbers expected, found ${found}`,
    );
  }
  return { names: null, nRows: arrays.length, nColumns, cell: (row, column) => arrays[row][column] };
}

function columnsOfMatrix(table: ArrayInMemory | Matrix, source: string): Columns {
  const { data } = table;
  const shape = "shape" in table ? [...table.shape] : [table.nRows, table.nColumns];
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new UsageError(
      `${source}: ${count} numbers expected for shape ${shapeText(shape)}, found ${data.length}`,
    );
  }
  if ("stride" in table && String(table.stride) !== String(cOrder(shape))) {
    throw new UsageError(`${source}: rows one after the other expected, found strides (${table.stride})`);
  }
  checkRowsShape(shape, source);
  const [nRows, nColumns = 1] = shape;
  return { names: null, nRows, nColumns, cell: (row, column) => data[row * nColumns + column] };
}

function cOrder(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

/** The features as numbers; NaN where one is missing. */
function numbersOf({ names, nRows, cell }: Columns, features: readonly number[], source: string): Matrix {
  const data = new Float64Array(nRows * features.length);
  let at = 0;
  for (let row = 0; row < nRows; row++) {
    for (const column of features) {
      const value = numberOf(cell(row, column));
      if (typeof value === "string") {
        const name = names === null ? `feature ${column}` : `column ${JSON.stringify(names[column])}`;
        const isText = names !== null && value.startsWith("a number");
        const advice = isText ? `; ${textColumnAdvice([names[column]])}` : "";
        throw new RunError(`${source}: row ${row} (counted from 0), ${name}: ${value}${advice}`);
      }
      data[at++] = value;
    }
  }
  return { data, nRows, nColumns: features.length };
}

/** @returns NaN where it is missing; a text that says what else it is */
function numberOf(cell: CellInMemory): number | string {
  if (typeof cell === "number") return cell;
  if (typeof cell === "string") return parseNumber(cell.trim());
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (cell === null || cell === undefined) return Number.NaN;
  if (typeof cell !== "bigint") return `a number expected, found ${shown(cell)}`;
  const value = Number(cell);
  return BigInt(value) === cell ? value : `a whole number of at most 2^53 expected, found ${cell}`;
}

function isNumbers(value: unknown): value is NumbersInMemory {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView);
  return Array.isArray(value) && value.every((element) => typeof element !== "object" || element === null);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function noTable(value: unknown, source: string): UsageError {
  return new UsageError(
    `${source}: rows expected: arrays of numbers, objects, or { data, shape }; found ${shown(value)}`,
  );
}

/** A value in few words. */
export function shown(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (types.isPromise(value)) return "a promise: await it first";
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "Object"})`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
}
