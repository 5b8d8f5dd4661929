import { messageOf, RunError, theSetting } from "../errors.js";
import { type CsvRecord, forEachCsvRecord } from "./csv.js";
import { isDecimal } from "./natural-order.js";
import { NO_LABELS, type TableOptions } from "./table.js";

/** How a CSV file is to be read. */
export interface CsvColumns extends TableOptions {
  /** Name of the column that says whose row it is; null: all rows are one client's. */
  readonly clientColumn: string | null;
}

/** One client's rows. */
export interface CsvRows {
  /** Row-major values of the features. */
  readonly values: number[];
  /** One label a row; stays empty where the file has no label column. */
  readonly labels: string[];
  nRows: number;
  /** What is wrong with the first of these rows that cannot be used. */
  problem: RunError | null;
}

export interface CsvTable {
  /** Null if the file has no header line. */
  readonly featureNames: readonly string[] | null;
  readonly nFeatures: number;
  /** Name of the column of labels; null if there is none. */
  readonly labelColumn: string | null;
  /** Rows by client; by "" if there is no client column. */
  readonly clients: ReadonlyMap<string, CsvRows>;
}

interface Layout {
  /** Null if the first record is data. */
  readonly header: readonly string[] | null;
  readonly nColumns: number;
  readonly label: number | null;
  readonly client: number | null;
  readonly features: readonly number[];
}

const MISSING = /^(na|n\/a|null|nan)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;

/**
 * Reads a CSV file of real numbers. The first line is a header if any of its cells is neither a number nor
 * missing. A cell that cannot be used spoils only the client whose row it is in.
 *
 * @param path the file
 * @throws UsageError if there is no such file; RunError for what spoils the whole file: no such column, two
 * columns of one name, a record of another length than the first
 */
export async function readCsvTable(path: string, columns: CsvColumns): Promise<CsvTable> {
  const clients = new Map<string, CsvRows>();
  const layout = await forEachRow(path, columns, (record, { header, label, client, features }) => {
    const name = client === null ? "" : canonicalInteger(record.cells[client]);
    let rows = clients.get(name);
    if (rows === undefined) {
      rows = { values: [], labels: [], nRows: 0, problem: null };
      clients.set(name, rows);
    }
    if (rows.problem !== null) return;
    const where = (column: number) => `${path} line ${record.line}, column ${columnName(header, column)}`;
    try {
      for (const column of features) rows.values.push(parseNumber(record.cells[column], () => where(column)));
      if (label !== null) rows.labels.push(parseLabel(record.cells[label], () => where(label)));
      rows.nRows += 1;
    } catch (error) {
      rows.problem = new RunError(messageOf(error));
    }
  });
  const { header, features, label } = layout;
  const featureNames = header && features.map((column) => header[column]);
  const labelColumn = label === null ? null : header![label];
  return { featureNames, nFeatures: features.length, labelColumn, clients };
}

/**
 * The different values of the client column, in the order they first appear. Streams: no row is kept.
 *
 * @param path the file
 * @throws as readCsvTable, and RunError if a row names no client
 */
export async function listCsvClients(path: string, columns: CsvColumns): Promise<string[]> {
  const names = new Set<string>();
  await forEachRow(path, columns, ({ cells, line }, { header, client }) => {
    if (client === null) return;
    if (cells[client] === "") {
      throw new RunError(
        `${path} line ${line}, column ${columnName(header, client)}: a client's name is missing`,
      );
    }
    names.add(canonicalInteger(cells[client]));
  });
  return [...names];
}

async function forEachRow(
  path: string,
  columns: CsvColumns,
  onRow: (record: CsvRecord, layout: Layout) => void,
): Promise<Layout> {
  let layout: Layout | undefined;
  await forEachCsvRecord(path, (record) => {
    const { cells, line } = record;
    // A blank line is no row, except that in a table of one column it is a missing value.
    if (cells.length === 1 && cells[0] === "" && layout?.nColumns !== 1) return;
    if (layout === undefined) {
      layout = layoutOf(record, path, columns);
      if (layout.header !== null) return;
    }
    if (cells.length !== layout.nColumns) {
      throw new RunError(`${path} line ${line}: ${layout.nColumns} cells expected, found ${cells.length}`);
    }
    onRow(record, layout);
  });
  if (layout === undefined) throw new RunError(`${path}: no rows; the file is empty`);
  return layout;
}

function layoutOf(
  { cells, line }: CsvRecord,
  path: string,
  { labelColumn, clientColumn, columns, dropColumns }: CsvColumns,
): Layout {
  const isHeader = cells.some((cell) => !isDecimal(cell) && !MISSING.test(cell) && !INFINITE.test(cell));
  if (isHeader) checkHeader(cells, `${path} line ${line}`);
  const find = (name: string | null) => {
    if (name === null) return null;
    const column = isHeader ? cells.indexOf(name) : -1;
    if (column >= 0) return column;
    const present = isHeader ? `the columns are ${cells.join(", ")}` : "the file has no header line";
    throw new RunError(`${path}: no column ${JSON.stringify(name)}: ${present}`);
  };
  const customary = isHeader ? customaryLabelColumn(cells) : null;
  const wanted = labelColumn ?? (customary !== null && columns?.includes(customary) ? null : customary);
  const label = wanted === NO_LABELS ? null : find(wanted);
  const client = find(clientColumn);
  const dropped = dropColumns.map(find);
  const features = (columns === null ? [...cells.keys()] : columns.map((name) => find(name)!)).filter(
    (column) => column !== label && column !== client && !dropped.includes(column),
  );
  return { header: isHeader ? cells : null, nColumns: cells.length, label, client, features };
}

function checkHeader(cells: readonly string[], where: string): void {
  const unnamed = cells.indexOf("");
  if (unnamed >= 0) {
    throw new RunError(
      `${where}: column ${unnamed + 1} has no name; name it, or leave it out (pandas: to_csv(..., index=False))`,
    );
  }
  const twice = cells.find((name, column) => cells.indexOf(name) !== column);
  if (twice !== undefined) throw new RunError(`${where}: two columns are named ${JSON.stringify(twice)}`);
  // Whole numbers do name columns (pandas numbers them); a measurement means that the header is missing.
  const measured = cells.find((name) => isDecimal(name) && !/^\d+$/.test(name));
  if (measured !== undefined) {
    throw new RunError(
      `${where}: text beside the number ${measured}; add a header line that names the columns`,
    );
  }
}

/** A "y" beside an "x" is a coordinate. */
function customaryLabelColumn(names: readonly string[]): string | null {
  if (names.includes("label")) return "label";
  return names.includes("y") && !names.includes("x") ? "y" : null;
}

function columnName(header: readonly string[] | null, column: number): string {
  return header === null ? String(column + 1) : JSON.stringify(header[column]);
}

function parseNumber(cell: string, where: () => string): number {
  if (isDecimal(cell)) {
    const value = Number(cell);
    if (Number.isFinite(value)) return value;
  }
  if (MISSING.test(cell)) throw missingValue(where);
  if (isDecimal(cell) || INFINITE.test(cell)) {
    throw new RunError(`${where()}: a finite number expected, found ${cell}; leave such rows out first`);
  }
  throw new RunError(
    `${where()}: a number expected, found ${JSON.stringify(cell)}; if the column holds labels, name it with ${theSetting("labelColumn")}`,
  );
}

export function parseLabel(cell: string, where: () => string): string {
  if (MISSING.test(cell)) throw missingValue(where);
  return canonicalInteger(cell);
}

/** 3 and 3.0 are one class, and one client, whichever way software writes whole numbers. */
function canonicalInteger(cell: string): string {
  return cell.replace(/^([+-]?\d+)\.0*$/, "$1");
}

function missingValue(where: () => string): RunError {
  return new RunError(`${where()}: a missing value; leave such rows out first`);
}
