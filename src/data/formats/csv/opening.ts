import { RunError } from "../../../errors.js";
import { decimalMark, delimiterOf, tellDelimiter } from "./delimiter.js";
import type { Dialect } from "./dialect.js";
import { checkHeader, findHeader, type HeaderOptions } from "./header.js";
import type { TextPiece } from "./read-in-pieces.js";
import { BLANK, RecordReader } from "./records.js";

/** What the beginning of a text file says of the whole of it. */
export interface CsvOpening {
  readonly dialect: Dialect;
  /** Null if the first record is data. */
  readonly header: readonly string[] | null;
  readonly nColumns: number;
  /** The first records of data, for a look at what their columns hold. */
  readonly sample: readonly (readonly string[])[];
  /** Bytes that the sample takes. */
  readonly sampleBytes: number;
  /** Where the data begins, in bytes, and its first line. */
  readonly start: number;
  readonly line: number;
  /** What the user who reads the file should know of it. */
  readonly notices: readonly string[];
}

/** How a file is to be opened, as a user says it. */
interface OpeningOptions extends HeaderOptions {
  readonly delimiter: string | null;
}

/** Bytes that have to be there, unless the text is shorter, for the sample to be one. */
const SAMPLED_BYTES = 2 ** 16;
/** Bytes of the mark that some programs begin a text in UTF-8 with. */
const BYTE_ORDER_MARK = 3;

/**
 * Finds out how a text file is written: its encoding, what separates its cells, its decimal mark, comments before its
 * data, and whether its first line names the columns.
 *
 * @returns null if the piece is too short to tell
 * @throws RunError if it is empty, no UTF-8, or has a header that will not do
 */
export function openCsv(
  { bytes, end, isLast }: TextPiece,
  path: string,
  options: OpeningOptions,
): CsvOpening | null {
  if (!isLast && end < SAMPLED_BYTES) return null;
  checkEncoding(bytes, end, path);
  const given = options.delimiter === null ? null : delimiterOf(options.delimiter);
  const reader = new RecordReader(bytes, hasMark(bytes) ? BYTE_ORDER_MARK : 0, end, isLast, path, given);
  const separator = given === null ? reader.separatorLine() : null;
  const comments = reader.comments();
  if (comments === null) return null;
  const { position, line } = reader;
  const delimiter = given ?? separator ?? tellDelimiter(reader);
  reader.rewind(position, line);
  const records = reader.records(delimiter);
  if (records.length === 0) {
    if (!isLast) return null;
    throw new RunError(`${path}: no rows; the file is empty`);
  }
  const point = decimalMark(
    records.map(({ cells }) => cells),
    delimiter,
  );
  const plain = (cells: readonly string[]) =>
    point === "." ? cells : cells.map((cell) => cell.replace(point, "."));
  const [first, ...others] = records.map(({ cells }) => cells);
  const where = `${path} line ${records[0].line}`;
  const beginning = { first: plain(first), others: others.map(plain), comments, delimiter };
  const found = findHeader(beginning, options, where);
  const isFirst = found.header !== null && !found.isComment;
  const second = isFirst ? { position: reader.afterFirst, line: reader.lineAfterFirst } : { position, line };
  const notices =
    point === "." ? found.notices : [...found.notices, "numbers have decimal commas: 1,5 is read as 1.5"];
  return {
    dialect: {
      delimiter: delimiter.charCodeAt(0),
      isBlank: delimiter === BLANK,
      point: point.charCodeAt(0),
    },
    header: found.header === null || !isFirst ? found.header : checkHeader(first, where),
    nColumns: first.length,
    sample: isFirst ? beginning.others : [beginning.first, ...beginning.others],
    sampleBytes: Math.max(1, reader.position - second.position),
    start: second.position,
    line: second.line,
    notices,
  };
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function checkEncoding(bytes: Uint8Array, end: number, path: string): void {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) throw new RunError(`${path}: text in UTF-8 expected, found UTF-16; save the file as UTF-8`);
  if (bytes.subarray(0, Math.min(end, SAMPLED_BYTES)).includes(0)) {
    throw new RunError(
      `${path}: text in UTF-8 expected, found zero bytes, as in UTF-16 and in what is no text; save the file as UTF-8`,
    );
  }
}
