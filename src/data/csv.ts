import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { messageOf, RunError, UsageError } from "../errors.js";
import { checkRegularFile } from "./regular-file.js";

/** One record of a CSV file. */
export interface CsvRecord {
  /** Cells as written, without quotes and surrounding blanks. */
  readonly cells: readonly string[];
  /** The line it ends on, counted from 1. */
  readonly line: number;
}

/**
 * Streams a comma-separated UTF-8 file (RFC 4180, with or without a byte order mark), record by record, so that
 * no more than `onRecord` keeps is ever held.
 *
 * @param path the file
 * @param onRecord called once a record in file order; what it throws ends the reading
 * @throws UsageError if there is no such file; RunError if quotes do not match, naming the line
 */
export async function forEachCsvRecord(path: string, onRecord: (record: CsvRecord) => void): Promise<void> {
  try {
    checkRegularFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
  const parser = parse({
    bom: true,
    trim: true,
    relax_column_count: true,
    on_record: (cells: string[], { lines }) => {
      onRecord({ cells, line: lines });
      return null;
    },
  });
  try {
    await pipeline(createReadStream(path), parser.resume());
  } catch (error) {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    throw new RunError(`${path}: not a readable CSV file: ${messageOf(error)}`);
  }
}
