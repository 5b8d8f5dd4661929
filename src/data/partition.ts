import { RunError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { readArrayTable } from "./array-table.js";
import { type CsvTable, readCsvTable } from "./csv-table.js";
import { compareClasses } from "./natural-order.js";
import type { PartitionRef } from "./partition-list.js";
import type { RawPartition } from "./table.js";

/** One client's rows. */
export interface Partition {
  /** (n_samples, n_features), all finite; at least one row and one feature. */
  readonly rows: Matrix;
  /** Null if the file names no columns. */
  readonly featureNames: readonly string[] | null;
  /** (n_samples,) indices into `classes`; null if the file holds no labels. */
  readonly labels: Int32Array | null;
  /** This client's classes: numbers by value first, then text in natural order. */
  readonly classes: readonly string[];
  /** Name of the column the labels are from; absent or null: there are none, or they came without a name. */
  readonly labelColumn?: string | null;
  /** What whoever holds the rows should know of them, one line each. */
  readonly notices?: readonly string[];
}

/**
 * Makes a function that loads partitions. A CSV file that several clients share is parsed once for all that the
 * function is asked for; drop the function to free it.
 *
 * @returns a function of one client's reference. It throws UsageError if the file is gone; RunError, naming
 * file and place, if this client's rows cannot be used: none, a value that is missing or not finite, labels that
 * do not match them in number
 */
export function createPartitionLoader(): (ref: PartitionRef) => Promise<Partition> {
  const tables = new Map<string, Promise<CsvTable>>();

  function table({ path, table: options, clientColumn }: PartitionRef): Promise<CsvTable> {
    const key = JSON.stringify([path, options, clientColumn]);
    const known = tables.get(key) ?? readCsvTable(path, { ...options, clientColumn });
    if (clientColumn !== null) tables.set(key, known);
    return known;
  }

  return async (ref) => {
    const source = `client "${ref.client}" (${ref.path})`;
    const raw = /\.csv$/i.test(ref.path)
      ? csvPartition(await table(ref), ref.clientColumn === null ? "" : ref.client)
      : await readArrayTable(ref.path, ref.table.labelColumn, source);
    if (raw.rows.nRows === 0) throw new RunError(`${source}: no rows`);
    if (raw.rows.nColumns === 0) throw new RunError(`${source}: no features`);
    checkFinite(raw, source);
    const { rows, featureNames, labelColumn, notices } = raw;
    return { rows, featureNames, labelColumn, notices, ...encodeLabels(raw.labels) };
  };
}

function csvPartition(table: CsvTable, key: string): RawPartition {
  const rows = table.clients.get(key);
  if (rows?.problem) throw rows.problem;
  return {
    rows: { data: Float64Array.from(rows?.values ?? []), nRows: rows?.nRows ?? 0, nColumns: table.nFeatures },
    featureNames: table.featureNames,
    labelColumn: table.labelColumn,
    labels: table.labelColumn === null ? null : (rows?.labels ?? []),
    notices: [],
  };
}

function checkFinite({ rows, featureNames }: RawPartition, source: string): void {
  const { data } = rows;
  let at = 0;
  while (at < data.length && Number.isFinite(data[at])) at++;
  if (at === data.length) return;
  const row = Math.floor(at / rows.nColumns);
  const column = at % rows.nColumns;
  throw new RunError(
    `${source}: row ${row} (counted from 0), feature ${featureNames?.[column] ?? column}: a finite number expected, found ${rows.data[at]}; leave such rows out first`,
  );
}

function encodeLabels(texts: readonly string[] | null): Pick<Partition, "labels" | "classes"> {
  if (texts === null) return { labels: null, classes: [] };
  const classes = [...new Set(texts)].sort(compareClasses);
  const indices = new Map(classes.map((name, index) => [name, index]));
  return { labels: Int32Array.from(texts, (text) => indices.get(text)!), classes };
}
