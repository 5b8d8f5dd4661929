import { RunError, theSetting } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { readArrayTable } from "../formats/array-table.js";
import { readCsvTable } from "../formats/csv-table.js";
import { readParquetTable } from "../formats/parquet-table.js";
import {
  type CodedTexts,
  formatOf,
  idNotices,
  labelNotices,
  NamelessError,
  NO_LABELS,
  type RawPartition,
  rolesOf,
  type SharedTable,
  type WantedClients,
} from "../formats/table.js";
import { compareClasses } from "./class-order.js";
import { ownPartition } from "./memory-data.js";
import type { FileRef, PartitionRef } from "./partition-list.js";

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
  /** Indices, rising, of the rows of the table that were left out for missing values; absent: none. */
  readonly leftOut?: readonly number[];
}

/**
 * Makes a function that loads partitions; their rows are whoever's asks for them. A file that several clients share is
 * read once for all of these that are to be loaded; drop the function to free what is left.
 *
 * @param refs all that the function will be asked for; of a shared file others cost a reading each
 * @returns a function of one client's reference. It throws UsageError if the file is gone; RunError, naming
 * file and place, if this client's rows cannot be used: none, a value that is missing or not finite, labels that
 * do not match them in number; NamelessError if columns are chosen that have no names
 */
export function createPartitionLoader(
  refs: readonly PartitionRef[] = [],
): (ref: PartitionRef) => Promise<Partition> {
  const files = refs.filter((ref): ref is FileRef => !("partition" in ref));
  const shared = new Map<string, Promise<SharedTable>>();

  /** The table of a file that several clients share, with the rows of this one. */
  async function sharedTable(ref: FileRef): Promise<SharedTable> {
    const key = keyOf(ref);
    let reading = shared.get(key);
    if (reading === undefined) {
      const wanted = files.filter((other) => keyOf(other) === key);
      reading = readTable(ref, countsOf([ref, ...wanted]));
      shared.set(key, reading);
    }
    const table = await reading;
    // Rows that were handed out are read again.
    return table.clients.has(ref.client) ? table : readTable(ref, countsOf([ref]));
  }

  return async (ref) => {
    if ("partition" in ref) return ownPartition(ref);
    const source = `client "${ref.client}" (${ref.path})`;
    let raw: RawPartition;
    if (formatOf(ref.path) === "arrays") raw = await readArrays(ref, source);
    else if (ref.clientColumn === null) raw = takeRows(await readTable(ref, null), "");
    else raw = takeRows(await sharedTable(ref), ref.client);
    return partitionOf(raw, ref.table.missing, source);
  };
}

/** An array's columns can be chosen where they have names. */
async function readArrays({ path, table }: FileRef, source: string): Promise<RawPartition> {
  const raw = await readArrayTable(path, table.labelColumn, source);
  const { rows, featureNames: names } = raw;
  const [first] = [...(table.columns ?? []), ...table.dropColumns];
  if (first === undefined) return raw;
  if (names === null) {
    throw new NamelessError(
      `${source}: no column ${JSON.stringify(first)}: the columns of its array have no names`,
    );
  }
  const options = { ...table, labelColumn: NO_LABELS, clientColumn: null };
  const { features } = rolesOf(names, names.length, options, source);
  const data = new Float64Array(rows.nRows * features.length);
  for (const [f, column] of features.entries()) {
    for (let i = 0; i < rows.nRows; i++)
      data[i * features.length + f] = rows.data[i * rows.nColumns + column];
  }
  return {
    ...raw,
    rows: { data, nRows: rows.nRows, nColumns: features.length },
    featureNames: features.map((column) => names[column]),
  };
}

function keyOf({ path, table, clientColumn }: FileRef): string {
  return JSON.stringify([path, table, clientColumn]);
}

function countsOf(refs: readonly FileRef[]): WantedClients {
  return new Map(refs.map(({ client, nRows }) => [client, nRows ?? null]));
}

function readTable(
  { path, table, clientColumn }: FileRef,
  wanted: WantedClients | null,
): Promise<SharedTable> {
  const read = formatOf(path) === "parquet" ? readParquetTable : readCsvTable;
  return read(path, { ...table, clientColumn }, wanted);
}

/** The rows of one client, which the table holds no longer: the client may standardize them where they lie. */
function takeRows(table: SharedTable, client: string): RawPartition {
  const { nFeatures, featureNames, labelColumn, notices } = table;
  const rows = table.clients.get(client);
  if (rows?.problem) throw rows.problem;
  table.clients.delete(client);
  return {
    rows: { data: rows?.values ?? new Float64Array(0), nRows: rows?.nRows ?? 0, nColumns: nFeatures },
    featureNames,
    labelColumn,
    labels: rows?.labels ?? null,
    missingAt: rows?.missingAt ?? null,
    notices,
  };
}

/**
 * A client's rows of its table.
 *
 * @param source what to call the client in errors
 * @throws RunError if there are none, at a value that is not finite, and at one that is missing, unless such rows are
 *   to be left out
 */
export function partitionOf(raw: RawPartition, missing: "refuse" | "drop", source: string): Partition {
  if (raw.rows.nRows === 0) throw new RunError(`${source}: no rows`);
  if (raw.rows.nColumns === 0) throw new RunError(`${source}: no features: no column is left for them`);
  const { featureNames, labelColumn, notices } = raw;
  const isWhole = areFinite(raw.rows.data) && (raw.labels === null || !raw.labels.codes.includes(-1));
  if (!isWhole) checkNotInfinite(raw, source);
  const lacks = isWhole ? null : missingIn(raw);
  if (lacks !== null && missing === "refuse") throw refusal(raw, lacks, source);
  const { rows, labels } = lacks === null ? raw : withoutRows(raw, lacks.rows);
  if (rows.nRows === 0) {
    const advice = lacks === null ? null : emptyColumnAdvice(raw, lacks);
    throw new RunError(
      `${source}: no rows are left: each of its ${raw.rows.nRows} has a missing value${advice === null ? "" : `; ${advice}`}`,
    );
  }
  const encoded = encodeLabels(labels);
  return {
    rows,
    featureNames,
    labelColumn,
    notices: [
      ...notices,
      ...(lacks === null ? [] : [leftOut(raw, lacks)]),
      ...idNotices(rows, featureNames),
      ...labelNotices(encoded.classes),
    ],
    ...(lacks !== null && { leftOut: lacks.rows }),
    ...encoded,
  };
}

function areFinite(data: Float64Array): boolean {
  // 0 times anything finite is 0, and times anything else no number: one sum instead of many questions.
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += 0 * data[i];
  return zero === 0;
}

function checkNotInfinite({ rows, featureNames }: RawPartition, source: string): void {
  const { data, nColumns } = rows;
  let at = 0;
  while (at < data.length && (Number.isFinite(data[at]) || Number.isNaN(data[at]))) at++;
  if (at === data.length) return;
  throw new RunError(
    `${place(source, Math.floor(at / nColumns), featureName(featureNames, at % nColumns))}: ` +
      `a finite number expected, found ${data[at]}; leave such rows out first`,
  );
}

/** The rows in which something is missing. */
interface Missing {
  /** Indices, rising. */
  readonly rows: readonly number[];
  /** How often each feature is missing. */
  readonly byFeature: readonly number[];
  readonly ofLabel: number;
}

function missingIn({ rows: { data, nRows, nColumns }, labels }: RawPartition): Missing | null {
  const rows: number[] = [];
  const byFeature = new Array<number>(nColumns).fill(0);
  let ofLabel = 0;
  for (let i = 0; i < nRows; i++) {
    let isWhole = true;
    for (let f = 0; f < nColumns; f++) {
      if (!Number.isNaN(data[i * nColumns + f])) continue;
      byFeature[f] += 1;
      isWhole = false;
    }
    if (labels !== null && labels.codes[i] < 0) {
      ofLabel += 1;
      isWhole = false;
    }
    if (!isWhole) rows.push(i);
  }
  return rows.length === 0 ? null : { rows, byFeature, ofLabel };
}

/** What to do about a feature that is missing in every one of several rows; null where there is none. */
function emptyColumnAdvice({ rows, featureNames }: RawPartition, { byFeature }: Missing): string | null {
  const feature = rows.nRows < 2 ? -1 : byFeature.indexOf(rows.nRows);
  if (feature < 0) return null;
  const out = featureNames === null ? "first" : `with ${theSetting("dropColumns")} ${featureNames[feature]}`;
  return `${featureName(featureNames, feature)} has no value at all: leave it out ${out}`;
}

function refusal(raw: RawPartition, missing: Missing, source: string): RunError {
  const {
    rows: [first, ...others],
  } = missing;
  const { data, nRows, nColumns } = raw.rows;
  const feature = data.subarray(first * nColumns, (first + 1) * nColumns).findIndex(Number.isNaN);
  const name = feature < 0 ? "label" : featureName(raw.featureNames, feature);
  const at = raw.missingAt ?? place(source, first, name);
  const count = others.length + 1;
  const advice =
    emptyColumnAdvice(raw, missing) ??
    `fill them in, or leave such rows out with ${theSetting("missing")} drop`;
  return new RunError(
    `${at}: a missing value; ${count} of ${nRows} rows ${count === 1 ? "has" : "have"} one: ${advice}`,
  );
}

function leftOut(raw: RawPartition, { rows, byFeature, ofLabel }: Missing): string {
  const counts = byFeature.map((count, f): [number, string] => [count, featureName(raw.featureNames, f)]);
  const labels = raw.labelColumn === null ? "labels" : `column ${JSON.stringify(raw.labelColumn)}`;
  const lacks = [...counts, [ofLabel, labels] as const]
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} in ${name}`);
  const which = `${rows.length} of ${raw.rows.nRows} rows ${rows.length === 1 ? "is" : "are"}`;
  return `${which} left out for missing values: ${lacks.join(", ")}`;
}

function withoutRows(
  raw: RawPartition,
  left: readonly number[],
): { rows: Matrix; labels: CodedTexts | null } {
  const { data, nRows, nColumns } = raw.rows;
  const codes = raw.labels?.codes ?? new Int32Array(nRows);
  let kept = 0;
  let next = 0;
  for (let i = 0; i < nRows; i++) {
    if (left[next] === i) {
      next += 1;
      continue;
    }
    data.copyWithin(kept * nColumns, i * nColumns, (i + 1) * nColumns);
    codes[kept++] = codes[i];
  }
  return {
    rows: { data: data.subarray(0, kept * nColumns), nRows: kept, nColumns },
    labels: raw.labels && { ...raw.labels, codes: codes.subarray(0, kept) },
  };
}

function place(source: string, row: number, column: string): string {
  return `${source}: row ${row} (counted from 0), ${column}`;
}

function featureName(names: readonly string[] | null, feature: number): string {
  return names === null ? `feature ${feature}` : `column ${JSON.stringify(names[feature])}`;
}

function encodeLabels(coded: CodedTexts | null): { labels: Int32Array | null; classes: readonly string[] } {
  if (coded === null) return { labels: null, classes: [] };
  const { codes, texts } = coded;
  const isUsed = new Uint8Array(texts.length);
  for (const code of codes) isUsed[code] = 1;
  const classes = texts.filter((_, code) => isUsed[code] === 1).sort(compareClasses);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const indexOf = Int32Array.from(texts, (text) => indices.get(text) ?? -1);
  return { labels: codes.map((code) => indexOf[code]), classes };
}
