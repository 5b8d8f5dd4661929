import { RunError, theSetting, UsageError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { type Columns, columnsOf } from "./columns-in-memory.js";
import { parseNumber } from "./decimal.js";
import { textLabel } from "./labels.js";
import {
  type CellInMemory,
  isNumbers,
  isPlainObject,
  isTable,
  type TableInMemory,
  valueInWords,
} from "./rows-in-memory.js";
import {
  type CodedTexts,
  codeTexts,
  NO_LABELS,
  type RawPartition,
  rolesOf,
  type SharedColumns,
  textColumnAdvice,
} from "./table.js";

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
    throw new UsageError(
      `${source}: labels must be an array of texts or numbers, found ${valueInWords(labels)}`,
    );
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

/** A label, or a client's name; null where it is missing. */
export function labelText(cell: CellInMemory): string | null {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return null;
  return textLabel(String(cell).trim());
}

function codedLabels(nRows: number, labelOf: (row: number) => string | null): CodedTexts {
  return codeTexts(Array.from({ length: nRows }, (_, row) => labelOf(row)));
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
  if (typeof cell !== "bigint") return `a number expected, found ${valueInWords(cell)}`;
  const value = Number(cell);
  return BigInt(value) === cell ? value : `a whole number of at most 2^53 expected, found ${cell}`;
}

function noTable(value: unknown, source: string): UsageError {
  return new UsageError(
    `${source}: rows expected: arrays of numbers, objects, or { data, shape }; found ${valueInWords(value)}`,
  );
}
