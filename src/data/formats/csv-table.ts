import { statSync } from "node:fs";
import { messageOf, RunError, theSetting, UsageError } from "../../errors.js";
import { allocateBytes } from "../../numerics/row-memory.js";
import { type CellKind, CsvScanner } from "./csv.js";
import { type CsvOpening, openCsv, textColumns } from "./csv-dialect.js";
import { readInPieces } from "./read-whole.js";
import {
  type ClientRows,
  type ColumnRoles,
  cellAdvice,
  NO_LABELS,
  rolesOf,
  type SharedColumns,
  type SharedTable,
  textColumnAdvice,
  type WantedClients,
} from "./table.js";

/** What is to be made of a file, once its beginning is known. */
interface Plan {
  readonly numbers: readonly number[];
  readonly texts: readonly number[];
  readonly isWanted: ((client: string) => boolean) | null;
  onRecord(scanner: CsvScanner): void;
}

/**
 * Reads a text file of real numbers. What separates its cells, whether its first line is a header and what its columns
 * are is told from the file where it is not said. A cell that cannot be used spoils only the client whose row it is in.
 *
 * @param path the file
 * @param wanted null: all clients of the file
 * @throws UsageError if there is no such file; RunError for what spoils the whole file: no such column, two
 * columns of one name, a record of another length than the first, text that is not UTF-8
 */
export async function readCsvTable(
  path: string,
  columns: SharedColumns,
  wanted: WantedClients | null = null,
): Promise<SharedTable> {
  const clients = new Map<string, RowCollector>();
  let texts: readonly string[] = [];
  const facts = await readRecords(path, columns, (opening, { label, client, features }) => {
    checkFeatures(path, opening, features);
    const byCode: RowCollector[] = [];
    const labelIndex = client === null ? 0 : 1;
    const open = (name: string) => {
      const nRows = client === null ? rowsIn(path, opening) : (wanted?.get(name) ?? null);
      const rows = new RowCollector(path, opening, features, label, nRows);
      clients.set(name, rows);
      return rows;
    };
    return {
      numbers: features,
      texts: [client, label].filter((column) => column !== null),
      isWanted: client === null || wanted === null ? null : (name) => wanted.has(name),
      onRecord(scanner) {
        texts = scanner.texts;
        const code = client === null ? 0 : scanner.codes[0];
        let rows = byCode[code];
        if (rows === undefined) {
          const name = client === null || code < 0 ? "" : scanner.texts[code];
          rows = clients.get(name) ?? open(name);
          byCode[code] = rows;
        }
        rows.add(scanner, label === null ? 0 : scanner.codes[labelIndex]);
      },
    };
  });
  const { header, notices, label, features } = facts;
  return {
    featureNames: header && features.map((column) => header[column]),
    nFeatures: features.length,
    labelColumn: label === null ? null : header![label],
    clients: new Map(Array.from(clients, ([name, rows]) => [name, rows.rows(texts)])),
    notices,
  };
}

/**
 * The different values of the client column with the number of rows of each, in the order they first appear. No row
 * is kept.
 *
 * @param path the file
 * @throws as readCsvTable, and RunError if a row names no client
 */
export async function listCsvClients(path: string, columns: SharedColumns): Promise<Map<string, number>> {
  const counts: number[] = [];
  let names: readonly string[] = [];
  await readRecords(path, columns, ({ header }, { client }) => ({
    numbers: [],
    texts: [client!],
    isWanted: null,
    onRecord({ codes, texts, line }) {
      const [code] = codes;
      if (code < 0) {
        throw new RunError(`${placeIn(path, header, line, client!)}: a client's name is missing`);
      }
      counts[code] = (counts[code] ?? 0) + 1;
      names = texts;
    },
  }));
  return new Map(counts.map((count, code) => [names[code], count]));
}

async function readRecords(
  path: string,
  columns: SharedColumns,
  planFor: (opening: CsvOpening, roles: ColumnRoles) => Plan,
): Promise<CsvOpening & ColumnRoles> {
  const { labelColumn, clientColumn, dropColumns } = columns;
  const named = [
    labelColumn === NO_LABELS ? null : labelColumn,
    clientColumn,
    ...(columns.columns ?? []),
    ...dropColumns,
  ];
  const names = named.filter((name) => name !== null);
  let scanner: CsvScanner | null = null;
  let onRecord = () => {};
  let facts: (CsvOpening & ColumnRoles) | null = null;
  await asReading(path, () =>
    readInPieces(path, (piece) => {
      let from = 0;
      if (scanner === null) {
        const opening = openCsv(piece, path, { ...columns, names });
        if (opening === null) return 0;
        const { header, nColumns, dialect, line } = opening;
        const roles = rolesOf(header, nColumns, columns, path);
        const plan = planFor(opening, roles);
        const kinds = new Array<CellKind>(nColumns).fill("skip");
        for (const column of plan.numbers) kinds[column] = "number";
        for (const column of plan.texts) kinds[column] = "text";
        const made = new CsvScanner(dialect, kinds, plan, line, (at, column) =>
          placeIn(path, header, at, column),
        );
        made.hasComments = roles.features.includes(0);
        made.isWanted = plan.isWanted;
        onRecord = () => plan.onRecord(made);
        scanner = made;
        facts = { ...opening, ...roles };
        from = opening.start;
      }
      return scanner.scan(piece.bytes, from, piece.end, piece.isLast, onRecord);
    }),
  );
  return facts!;
}

/** Names the file in what the system says of it. */
async function asReading(path: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_")) {
      throw new RunError(`${path}: damaged, or not compressed by gzip: ${messageOf(error)}`);
    }
    if (messageOf(error).startsWith("a record"))
      throw new RunError(`${path}: not a readable CSV file: ${messageOf(error)}`);
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
}

function placeIn(
  path: string,
  header: readonly string[] | null,
  line: number,
  column: number | null,
): string {
  if (column === null) return `${path} line ${line}`;
  return `${path} line ${line}, column ${header === null ? column + 1 : JSON.stringify(header[column])}`;
}

/** Columns that hold nothing but text are named all at once. */
function checkFeatures(path: string, opening: CsvOpening, features: readonly number[]): void {
  const { header, sample, line } = opening;
  const texts = textColumns(opening).filter((column) => features.includes(column));
  if (texts.length === 0 || header === null) return;
  const found = sample.map((row) => row[texts[0]]).find((cell) => cell);
  const what = `a number expected, found ${JSON.stringify(found)}`;
  if (header.length === 1) {
    const separated = `if several values stand there, say with ${theSetting("delimiter")} what separates them`;
    throw new RunError(`${placeIn(path, header, line, 0)}: ${what}; ${separated}`);
  }
  const advice = /^if the column/.test(cellAdvice(what, header[texts[0]]))
    ? textColumnAdvice(texts.map((column) => header[column]))
    : cellAdvice(what, header[texts[0]]);
  throw new RunError(`${placeIn(path, header, line, texts[0])}: ${what}; ${advice}`);
}

/** About how many rows a file has, if they are as long as the first ones; rather more. */
function rowsIn(path: string, { sample, sampleBytes }: CsvOpening): number | null {
  if (sample.length === 0 || /\.gz$/i.test(path)) return null;
  return Math.ceil((1.1 * statSync(path).size * sample.length) / sampleBytes);
}

/** Puts one client's rows together. */
class RowCollector {
  #values: Float64Array;
  #labels: Int32Array;
  #nRows = 0;
  #problem: RunError | null = null;
  #missingAt: string | null = null;

  /** @param nRows about how many there will be, if that is known */
  constructor(
    private readonly path: string,
    private readonly opening: CsvOpening,
    private readonly features: readonly number[],
    private readonly label: number | null,
    nRows: number | null,
  ) {
    const most = Math.max(nRows ?? 0, 64);
    this.#values = allocate(most * features.length);
    this.#labels = new Int32Array(label === null ? 0 : most);
  }

  add(scanner: CsvScanner, label: number): void {
    if (this.#problem !== null) return;
    const { odd, values: row } = scanner;
    if (odd !== null) {
      this.#problem = this.#oddCell(scanner.line, odd.column, odd.what);
      return;
    }
    const nFeatures = row.length;
    const at = this.#nRows * nFeatures;
    if (
      at + nFeatures > this.#values.length ||
      (this.label !== null && this.#nRows === this.#labels.length)
    ) {
      this.#grow();
    }
    const values = this.#values;
    let isWhole = label >= 0;
    for (let f = 0; f < nFeatures; f++) {
      const value = row[f];
      values[at + f] = value;
      if (Number.isNaN(value)) isWhole = false;
    }
    if (this.label !== null) this.#labels[this.#nRows] = label;
    this.#nRows += 1;
    if (isWhole || this.#missingAt !== null) return;
    const column = this.features[row.findIndex(Number.isNaN)] ?? this.label;
    this.#missingAt = placeIn(this.path, this.opening.header, scanner.line, column);
  }

  rows(texts: readonly string[]): ClientRows {
    const nRows = this.#nRows;
    return {
      values: this.#values.subarray(0, nRows * this.features.length),
      nRows,
      labels: this.label === null ? null : { codes: this.#labels.subarray(0, nRows), texts },
      problem: this.#problem,
      missingAt: this.#missingAt,
    };
  }

  #grow(): void {
    const nRows = Math.ceil(1.5 * this.#nRows) + 64;
    const values = allocate(nRows * this.features.length);
    values.set(this.#values);
    this.#values = values;
    if (this.label === null) return;
    const labels = new Int32Array(nRows);
    labels.set(this.#labels);
    this.#labels = labels;
  }

  #oddCell(line: number, column: number, what: string): RunError {
    const { header } = this.opening;
    const advice = cellAdvice(what, header === null ? null : header[column]);
    return new RunError(`${placeIn(this.path, header, line, column)}: ${what}; ${advice}`);
  }
}

function allocate(length: number): Float64Array {
  const bytes = allocateBytes(length * Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, length);
}
