import { UsageError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { checkRowsShape, shapeText } from "./rows-array.js";
import {
  type ArrayInMemory,
  type CellInMemory,
  isNumbers,
  isPlainObject,
  type NumbersInMemory,
  type ObjectRow,
  type RowsOfOne,
  type TableInMemory,
  valueInWords,
} from "./rows-in-memory.js";

/** Columns of a table in memory, of which one may say whose row it is. */
export interface Columns {
  /** Null where they have no names. */
  readonly names: readonly string[] | null;
  readonly nRows: number;
  readonly nColumns: number;
  cell(row: number, column: number): CellInMemory;
}

/** @throws UsageError for rows that are not alike, and names that do not fit them */
export function columnsOf(table: TableInMemory, source: string): Columns {
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
      `${source}: a different name for each of ${columns.nColumns} features expected, found ${areTexts ? featureNames.join(", ") : valueInWords(featureNames)}`,
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
      `${source}: row ${odd} (counted from 0): an object expected, found ${valueInWords(objects[odd])}`,
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
    const found = isNumbers(arrays[odd]) ? `${arrays[odd].length}` : valueInWords(arrays[odd]);
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
