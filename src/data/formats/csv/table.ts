import { statSync } from "node:fs";
import { RunError } from "../../../errors.js";
import type { TableFormat } from "../format.js";
import {
  type ColumnRoles,
  NO_LABELS,
  rolesOf,
  type SharedColumns,
  type SharedTable,
  type WantedClients,
} from "../table.js";
import { type CsvOpening, openCsv } from "./opening.js";
import { readInPieces } from "./read-in-pieces.js";
import { asReading, checkFeatures, placeIn } from "./refusals.js";
import { RowCollector } from "./row-collector.js";
import { type CellKind, CsvScanner } from "./scanner.js";

/** What is to be made of a file, once its beginning is known. */
interface Plan {
  readonly numbers: readonly number[];
  readonly texts: readonly number[];
  readonly isWanted: ((client: string) => boolean) | null;
  onRecord(scanner: CsvScanner): void;
}

export const csvFormat: TableFormat = {
  extensions: [".csv", ".tsv"],
  mayBeGzip: true,
  holds: "table",
  read: readCsvTable,
  list: listCsvClients,
};

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

/** About how many rows a file has, if they are as long as the first ones; rather more. */
function rowsIn(path: string, { sample, sampleBytes }: CsvOpening): number | null {
  if (sample.length === 0 || /\.gz$/i.test(path)) return null;
  return Math.ceil((1.1 * statSync(path).size * sample.length) / sampleBytes);
}
