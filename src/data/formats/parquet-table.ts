import { closeSync, fstatSync, readSync } from "node:fs";
import type { AsyncBuffer, DecodedArray, FileMetaData } from "hyparquet";
import { messageOf, RunError, UsageError } from "../../errors.js";
import { openRegularFile } from "../../files/regular-file.js";
import { allocateFloats } from "../../numerics/row-memory.js";
import type { TableFormat } from "./format.js";
import { textLabel } from "./labels.js";
import {
  type ClientRows,
  type ColumnRoles,
  cellAdvice,
  codeTexts,
  rolesOf,
  type SharedColumns,
  type SharedTable,
  textColumnAdvice,
  type WantedClients,
} from "./table.js";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

export const parquetFormat: TableFormat = {
  extensions: [".parquet"],
  mayBeGzip: false,
  holds: "table",
  read: readParquetTable,
  list: listParquetClients,
};

/**
 * Reads a Parquet file of real numbers, a group of its rows after the other. Numbers, booleans and nulls make features,
 * whatever is text can be labels or name the client.
 *
 * @param path the file
 * @param wanted null: all clients of the file
 * @throws UsageError if there is no such file; RunError if it is damaged, has no such column, or a feature that holds
 * no numbers
 */
function readParquetTable(
  path: string,
  columns: SharedColumns,
  wanted: WantedClients | null = null,
): Promise<SharedTable> {
  return withParquet(path, columns, async ({ names, roles, nRows, read }) => {
    const { label, client, features } = roles;
    const owners = client === null ? null : await textsOf(client, nRows, read);
    const owner = owners === null ? new Int32Array(nRows) : owners.codes;
    const clientNames = owners === null ? [""] : owners.texts;
    const counts = new Array<number>(clientNames.length).fill(0);
    // (nRows,) the place of each row among its client's.
    const places = Int32Array.from(owner, (code) => (code < 0 ? -1 : counts[code]++));
    const isWanted = clientNames.map((name) => client === null || wanted === null || wanted.has(name));
    const values = counts.map((count, code) => allocateFloats(isWanted[code] ? count * features.length : 0));
    const problems = new Array<RunError | null>(counts.length).fill(null);
    for (const [feature, column] of features.entries()) {
      await read(column, (data, from) => {
        const isFloat = data instanceof Float64Array || data instanceof Float32Array;
        for (let i = 0; i < data.length; i++) {
          const code = owner[from + i];
          if (code < 0 || !isWanted[code]) continue;
          const value = isFloat ? data[i] : numberOf(data[i]);
          if (typeof value !== "number") {
            const place = `${path}: row ${from + i} (counted from 0), column ${JSON.stringify(names[column])}`;
            const isText = value.startsWith("a number");
            const advice = isText ? textColumnAdvice([names[column]]) : cellAdvice(value, names[column]);
            problems[code] ??= new RunError(`${place}: ${value}; ${advice}`);
            continue;
          }
          values[code][places[from + i] * features.length + feature] = value;
        }
      });
    }
    const labels = label === null ? null : await textsOf(label, nRows, read);
    const labelsOf = counts.map((count, code) =>
      labels !== null && isWanted[code] ? new Int32Array(count) : null,
    );
    for (let i = 0; i < nRows; i++) if (owner[i] >= 0) labelsOf[owner[i]]?.set([labels!.codes[i]], places[i]);
    const clients = clientNames.flatMap((name, code): [string, ClientRows][] => {
      if (!isWanted[code]) return [];
      const codes = labelsOf[code];
      const own = codes === null ? null : { codes, texts: labels!.texts };
      const rows = { values: values[code], nRows: counts[code], labels: own };
      return [[name, { ...rows, problem: problems[code], missingAt: null }]];
    });
    return {
      featureNames: features.map((column) => names[column]),
      nFeatures: features.length,
      labelColumn: label === null ? null : names[label],
      clients: new Map(clients),
      notices: [],
    };
  });
}

/**
 * The different values of the client column with the number of rows of each.
 *
 * @throws as readParquetTable, and RunError if a row names no client
 */
function listParquetClients(path: string, columns: SharedColumns): Promise<Map<string, number>> {
  return withParquet(path, columns, async ({ names, roles, nRows, read }) => {
    const { codes, texts } = await textsOf(roles.client!, nRows, read);
    const counts = new Array<number>(texts.length).fill(0);
    for (let i = 0; i < nRows; i++) {
      if (codes[i] < 0) {
        const place = `${path}: row ${i} (counted from 0), column ${JSON.stringify(names[roles.client!])}`;
        throw new RunError(`${place}: a client's name is missing`);
      }
      counts[codes[i]] += 1;
    }
    return new Map(texts.map((name, code) => [name, counts[code]]));
  });
}

/** Hands on the values of a column, a chunk at a time, with the number of the first of them. */
type ReadColumn = (column: number, use: (data: DecodedArray, from: number) => void) => Promise<void>;

interface OpenParquet {
  readonly names: readonly string[];
  readonly roles: ColumnRoles;
  readonly nRows: number;
  readonly read: ReadColumn;
}

async function withParquet<T>(
  path: string,
  columns: SharedColumns,
  use: (file: OpenParquet) => Promise<T>,
): Promise<T> {
  let descriptor: number;
  try {
    descriptor = openRegularFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
  try {
    const { parquetMetadataAsync, parquetRead } = await import("hyparquet");
    const { compressors } = await import("hyparquet-compressors");
    const file = bufferOf(descriptor);
    const metadata = await parquetMetadataAsync(file);
    const names = topLevel(metadata);
    // They are read by name.
    const twice = names.find((name, column) => names.indexOf(name) < column);
    if (twice !== undefined) throw new RunError(`${path}: two columns are named ${JSON.stringify(twice)}`);
    const asked = [columns.labelColumn, columns.clientColumn, ...(columns.columns ?? [])];
    const index = indexOf(metadata).filter((name) => names.includes(name) && !asked.includes(name));
    const dropColumns = [...columns.dropColumns, ...index];
    const roles = rolesOf(names, names.length, { ...columns, dropColumns }, path);
    const parsers = { stringFromBytes: (bytes: Uint8Array) => bytes && UTF8.decode(bytes) };
    const read: ReadColumn = (column, onData) => {
      const onChunk = (chunk: { columnData: DecodedArray; rowStart: number }) =>
        onData(chunk.columnData, chunk.rowStart);
      return parquetRead({ file, metadata, compressors, parsers, columns: [names[column]], onChunk });
    };
    return await use({ names, roles, nRows: Number(metadata.num_rows), read });
  } catch (error) {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    throw new RunError(`${path}: damaged, or not a readable Parquet file: ${messageOf(error)}`);
  } finally {
    closeSync(descriptor);
  }
}

function bufferOf(descriptor: number): AsyncBuffer {
  const { size } = fstatSync(descriptor);
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      let length = 0;
      while (length < bytes.length) {
        const read = readSync(descriptor, bytes, length, bytes.length - length, start + length);
        if (read === 0) throw new Error("it ends too early");
        length += read;
      }
      return bytes.buffer;
    },
  };
}

/** Names of the columns, nested ones as one. */
function topLevel({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at].num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) names.push(schema[at].name);
  return names;
}

/** The columns that were the index of a table of pandas, where it says so. */
function indexOf({ key_value_metadata }: FileMetaData): string[] {
  const text = key_value_metadata?.find(({ key }) => key === "pandas")?.value;
  try {
    const { index_columns } = JSON.parse(text ?? "{}") as { index_columns?: unknown };
    return Array.isArray(index_columns) ? index_columns.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

async function textsOf(
  column: number,
  nRows: number,
  read: ReadColumn,
): Promise<ReturnType<typeof codeTexts>> {
  const texts = new Array<string | null>(nRows).fill(null);
  await read(column, (data, from) => {
    for (let i = 0; i < data.length; i++) texts[from + i] = textOf(data[i]);
  });
  return codeTexts(texts);
}

/** 3 and 3.0 are one class. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === "" || Number.isNaN(value)) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return JSON.stringify(value);
  return textLabel(String(value));
}

/** @returns NaN for a null; a text that says what else a value is */
function numberOf(value: unknown): number | string {
  if (typeof value === "number") return value;
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "bigint") return `a number expected, found ${JSON.stringify(value)}`;
  const number = Number(value);
  if (Math.abs(number) < 2 ** 53 || value === BigInt(2 ** 53)) return number;
  return `a whole number of at most 2^53 expected, which a float64 can hold, found ${value}`;
}
