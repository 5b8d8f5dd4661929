import { RunError, theSetting, UsageError } from "../../errors.js";
import { type Dialect, decode } from "./csv.js";
import { isDecimal, isMissing, isNumeric } from "./decimal.js";
import type { TextPiece } from "./read-whole.js";

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
  /** What whoever reads should know of it. */
  readonly notices: readonly string[];
}

/** How a file is to be opened, as a user says it. */
export interface OpeningOptions {
  readonly delimiter: string | null;
  readonly header: "auto" | "yes" | "no";
  /** Names that its header must have. */
  readonly names: readonly string[];
}

const SAMPLED_RECORDS = 50;
/** Bytes that have to be there, unless the text is shorter, for the sample to be one. */
const SAMPLED_BYTES = 2 ** 16;
/** Tried in this order: of two that fit as well, the first is taken. */
const DELIMITERS = [",", ";", "\t", "|", " "];
const BLANK = " ";
const WORDS: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t", blank: BLANK, space: BLANK };
/** Columns from which a first line that counts them is hardly data, and one that rises steadily is seldom. */
const MANY_COLUMNS = 4;
const VERY_MANY_COLUMNS = 10;
/** Rows that say how columns are written where the columns are few. */
const SEVERAL_ROWS = 10;

/**
 * The character that a user calls a delimiter: one, or a word for a tab or for any number of blanks.
 *
 * @param source what to call it in errors
 * @throws UsageError if it cannot be one
 */
export function delimiterOf(text: string, source: string = theSetting("delimiter")): string {
  const character = WORDS[text.toLowerCase()] ?? text;
  if (!/^[ \t!-~]$/.test(character) || /["\w.+#-]/.test(character)) {
    throw new UsageError(
      `${source} must be one character between cells, tab or blank, found ${JSON.stringify(text)}`,
    );
  }
  return character;
}

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
  const reader = new RecordReader(bytes, hasMark(bytes) ? 3 : 0, end, isLast, path, given);
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
  const found = findHeader(plain(first), others.map(plain), comments, delimiter, options, where);
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
    sample: isFirst ? others.map(plain) : [plain(first), ...others.map(plain)],
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

interface TextRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Reads the first records of a text as texts. */
class RecordReader {
  position: number;
  line = 1;
  /** Where the second record begins. */
  afterFirst = 0;
  lineAfterFirst = 0;

  constructor(
    private readonly bytes: Uint8Array,
    from: number,
    private readonly end: number,
    private readonly isLast: boolean,
    private readonly path: string,
    private readonly delimiter: string | null,
  ) {
    this.position = from;
  }

  rewind(position: number, line: number): void {
    this.position = position;
    this.line = line;
  }

  /** Reads past the line with which Excel is told what separates cells, "sep=;", and returns that; null without one. */
  separatorLine(): string | null {
    const text = Buffer.from(this.bytes.subarray(this.position, this.position + 10)).toString("latin1");
    const found = /^"?sep=([^\r\n])"?(\r\n|\n|\r)/i.exec(text);
    if (found === null || !DELIMITERS.includes(found[1])) return null;
    this.position += found[0].length;
    this.line += 1;
    return found[1];
  }

  /** The lines before the first record that begin with #, without it; null if they go on. */
  comments(): string[] | null {
    const comments: string[] = [];
    for (;;) {
      const first = this.bytes[this.position];
      if (this.position >= this.end) return this.isLast ? comments : null;
      if (first !== 10 && first !== 13 && first !== 35) return comments;
      let p = this.position;
      while (this.bytes[p] !== 10 && this.bytes[p] !== 13) p++;
      if (p >= this.end && !this.isLast) return null;
      if (first === 35) comments.push(this.#text(this.position + 1, p));
      this.position = p + (this.bytes[p] === 13 && this.bytes[p + 1] === 10 ? 2 : 1);
      this.line += 1;
    }
  }

  /** The records from here on, as many as a sample has; at most `most`. */
  records(delimiter: string, most = SAMPLED_RECORDS): TextRecord[] {
    const records: TextRecord[] = [];
    while (records.length < most && this.position < this.end) {
      const { line } = this;
      const record = this.#record();
      if (record === null) break;
      if (records.length === 0) [this.afterFirst, this.lineAfterFirst] = [this.position, this.line];
      if (record.trim() === "" && records.length === 0) continue;
      const isComment = record.startsWith("#") && records.length > 0;
      if (record.trim() !== "" && !isComment) records.push({ cells: splitCells(record, delimiter), line });
    }
    return records;
  }

  /** The next record without its line end; null if it is not whole. */
  #record(): string | null {
    const { bytes, end } = this;
    let p = this.position;
    let isOpen = false;
    let newlines = 0;
    while (p < end && (isOpen || (bytes[p] !== 10 && bytes[p] !== 13))) {
      // A quote within a cell is one of its characters.
      if (bytes[p] === 34) isOpen = !isOpen && (p === this.position || this.#mayOpen(bytes[p - 1]));
      if (bytes[p] === 10) newlines++;
      p++;
    }
    if (p >= end && !this.isLast) return null;
    if (isOpen) throw new RunError(`${this.path} line ${this.line}: a quote does not close`);
    const text = this.#text(this.position, p);
    this.position = p + (bytes[p] === 13 && bytes[p + 1] === 10 ? 2 : 1);
    this.line += 1 + newlines;
    return text;
  }

  /** Whether a quote after this byte may begin a cell; one after another is doubled. */
  #mayOpen(before: number): boolean {
    const character = String.fromCharCode(before);
    return DELIMITERS.includes(character) || character === this.delimiter || character === '"';
  }

  #text(from: number, to: number): string {
    try {
      return decode(this.bytes, from, to);
    } catch {
      throw new RunError(
        `${this.path} line ${this.line}: text in UTF-8 expected, found bytes of another encoding; save the file as UTF-8`,
      );
    }
  }
}

/** The cells of one record, without quotes and blanks around them. */
export function splitCells(record: string, delimiter: string): string[] {
  if (!record.includes('"')) {
    const cells = delimiter === BLANK ? record.trim().split(/[ \t]+/) : record.split(delimiter);
    return cells.map((cell) => cell.trim());
  }
  const cells: string[] = [];
  const between = delimiter === BLANK ? /^[ \t]+/ : null;
  let rest = between === null ? record : record.trim();
  for (;;) {
    const quoted = /^[ \t]*"((?:[^"]|"")*)"[ \t]*/.exec(rest);
    const after =
      quoted === null ? null : rest.slice(between === null ? quoted[0].length : quoted[0].trimEnd().length);
    if (after !== null && (after === "" || after.startsWith(delimiter) || between?.test(after))) {
      cells.push(quoted![1].replaceAll('""', '"'));
      rest = after;
    } else {
      const length = between === null ? rest.indexOf(delimiter) : rest.search(/[ \t]/);
      cells.push((length < 0 ? rest : rest.slice(0, length)).trim());
      rest = length < 0 ? "" : rest.slice(length);
    }
    if (rest === "") return cells;
    rest = between === null ? rest.slice(1) : rest.replace(between, "");
  }
}

/** The one by which most records have as many cells as the first, and of these the one with the most numbers. */
function tellDelimiter(reader: RecordReader): string {
  const { position, line } = reader;
  const recordsBy = (delimiter: string, most?: number) => {
    reader.rewind(position, line);
    return reader.records(delimiter, most).map(({ cells }) => cells);
  };
  const possible = DELIMITERS.filter((delimiter) => recordsBy(delimiter, 1)[0]?.length > 1);
  if (possible.length === 0) {
    // Below the name of a single column commas can be in its numbers only; in quotes they may be of thousands.
    const isDivided = recordsBy(",").some((cells) => cells.length > 1);
    if (isDivided && decimalMark(recordsBy(";"), ";") === ",") return ";";
  }
  if (possible.length === 1) {
    const [first, second] = recordsBy(possible[0], 2);
    if (second?.length === first.length) return possible[0];
  }
  let best = { delimiter: DELIMITERS[0], alike: 0.5, numbers: 0 };
  for (const delimiter of possible) {
    const rows = recordsBy(delimiter);
    const cells = rows.flat();
    const point = decimalMark(rows, delimiter);
    const isNumber = (cell: string) =>
      cell !== "" && isNumeric(point === "." ? cell : cell.replace(point, "."));
    const alike = rows.filter((row) => row.length === rows[0].length).length / rows.length;
    const numbers = cells.filter(isNumber).length / cells.length;
    const isBetter = alike > best.alike || (alike === best.alike && numbers > best.numbers);
    if (isBetter) best = { delimiter, alike, numbers };
  }
  return best.delimiter;
}

/** A comma where commas are in numbers and points are not. */
function decimalMark(rows: readonly (readonly string[])[], delimiter: string): "." | "," {
  if (delimiter === ",") return ".";
  let commas = 0;
  for (const cells of rows) {
    for (const cell of cells) {
      if (/^[+-]?\d*\.\d/.test(cell) && isDecimal(cell)) return ".";
      if (/^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?$/.test(cell)) commas += 1;
    }
  }
  return commas > 0 ? "," : ".";
}

interface FoundHeader {
  readonly header: readonly string[] | null;
  /** Whether it is a comment before the first record. */
  readonly isComment: boolean;
  readonly notices: readonly string[];
}

/**
 * Decides whether the first line names the columns. A cell that is neither a number nor missing says so. Of a line of
 * numbers alone it takes what pandas writes for a table without names: 0, 1, 2, ..., unless the rows below may be
 * written like that too.
 */
function findHeader(
  first: readonly string[],
  others: readonly (readonly string[])[],
  comments: readonly string[],
  delimiter: string,
  { header, names }: OpeningOptions,
  where: string,
): FoundHeader {
  const no = { header: null, isComment: false, notices: [] };
  const yes = { header: first, isComment: false, notices: [] };
  if (header === "no") return no;
  if (header === "yes") return yes;
  const hasText = first.some((cell) => !isNumeric(cell));
  if (hasText && !first.some(isDecimal)) return yes;
  const comment =
    comments.length > 0 ? commentHeader(comments[comments.length - 1], first.length, delimiter) : null;
  if (comment !== null) return { header: comment, isComment: true, notices: [] };
  // Whole numbers do name columns; a measurement means that the header is missing.
  const measured = first.find((cell) => isDecimal(cell) && !/^\d+$/.test(cell));
  if (hasText && measured !== undefined) {
    throw new RunError(
      `${where}: text beside the number ${measured}; add a header line that names the columns, or say ${theSetting("header")} yes if this is one`,
    );
  }
  if (hasText) return yes;
  const counts = first.every((cell, column) => cell === String(column));
  if (counts && names.length > 0 && names.every((name) => first.includes(name))) return yes;
  if (
    first[0] === "" &&
    first.length > 1 &&
    first.slice(1).every((cell, column) => cell === String(column))
  ) {
    return yes;
  }
  const numbered = `the first line, ${first.slice(0, 3).join(delimiter)}${first.length > 3 ? `${delimiter}...` : ""},`;
  const setting = theSetting("header");
  if (counts && isHeaderOf(first.length, others)) {
    return {
      ...yes,
      notices: [`${numbered} numbers the columns, and is taken for a header; ${setting} no makes it a row`],
    };
  }
  if (counts && others.length > 0 && !goesOn(first, others[0])) {
    return {
      ...no,
      notices: [`${numbered} is taken for a row; ${setting} yes makes it a header, which it looks like`],
    };
  }
  if (isFarOff(first, others)) {
    return {
      ...no,
      notices: [
        `${numbered} lies far from all others, and is taken for a row; ${setting} yes makes it a header`,
      ],
    };
  }
  if (isScale(first, others)) {
    return {
      ...no,
      notices: [
        `${numbered} rises steadily, as no row does, and is taken for a row; ${setting} yes makes it a header`,
      ],
    };
  }
  return no;
}

/** NumPy's header: the last comment before the data, if it has a name for each column. */
function commentHeader(comment: string, nColumns: number, delimiter: string): string[] | null {
  const names = splitCells(comment.trim(), delimiter);
  if (names.length !== nColumns) return null;
  // The # is itself the name of the first.
  if (names[0] === "" && nColumns > 1) names[0] = "#";
  const isSentence = nColumns === 1 && /\s/.test(names[0]);
  const isUsable = names.every((name, column) => name !== "" && names.indexOf(name) === column);
  return isUsable && !isSentence ? names : null;
}

/** Whether 0, 1, 2, ... is rather the header of these rows than one of them. */
function isHeaderOf(nColumns: number, rows: readonly (readonly string[])[]): boolean {
  if (rows.length === 0) return false;
  const isWhole = (cell: string) => /^[+-]?\d+$/.test(cell);
  // A writer that gives each value of a column a point would have given one to the first as well.
  const pointed = Array.from({ length: nColumns }, (_, column) =>
    rows.every((row) => !isWhole(row[column] ?? "")),
  );
  if (nColumns < MANY_COLUMNS) return pointed.every(Boolean) && (nColumns > 2 || rows.length >= SEVERAL_ROWS);
  return (
    pointed.some(Boolean) ||
    !goesOn(
      Array.from({ length: nColumns }, (_, column) => String(column)),
      rows[0],
    )
  );
}

/** Whether the second row counts on where the first ends. */
function goesOn(first: readonly string[], second: readonly string[]): boolean {
  return second.every((cell, column) => Number(cell) === first.length + column);
}

/** Whether the first line has whole numbers, all different, each farther from its column than the column is wide: years. */
function isFarOff(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const areNames = first.every((cell, column) => /^\d+$/.test(cell) && first.indexOf(cell) === column);
  if (!areNames || rows.length < SEVERAL_ROWS) return false;
  return first.every((cell, column) => {
    const values = rows.map((row) => Number(row[column] || "nan")).filter((value) => !Number.isNaN(value));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const distance = Math.max(least - Number(cell), Number(cell) - most);
    return values.length > 0 && distance > most - least;
  });
}

/** Whether the first line rises or falls from cell to cell, over many, and no row does: wavelengths, or times. */
function isScale(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const isSteady = (cells: readonly string[]) => {
    const values = cells.map(Number);
    return (
      values.every((value, i) => i === 0 || value > values[i - 1]) ||
      values.every((value, i) => i === 0 || value < values[i - 1])
    );
  };
  return first.length >= VERY_MANY_COLUMNS && rows.length > 0 && isSteady(first) && !rows.some(isSteady);
}

function checkHeader(cells: readonly string[], where: string): readonly string[] {
  const unnamed = cells.indexOf("");
  if (unnamed >= 0) {
    const isTail = unnamed > 0 && cells.slice(unnamed).every((name) => name === "");
    const advice = isTail
      ? "end no line with what separates cells"
      : "leave it out (pandas: to_csv(..., index=False))";
    throw new RunError(`${where}: column ${unnamed + 1} has no name; name it, or ${advice}`);
  }
  const twice = cells.find((name, column) => cells.indexOf(name) !== column);
  if (twice !== undefined) throw new RunError(`${where}: two columns are named ${JSON.stringify(twice)}`);
  return cells;
}

/** Columns of a sample in which something is, and nothing is a number. */
export function textColumns({ sample, nColumns }: Pick<CsvOpening, "sample" | "nColumns">): number[] {
  return Array.from({ length: nColumns }, (_, column) => column).filter((column) => {
    let isText = false;
    for (const row of sample) {
      const cell = row[column] ?? "";
      if (isDecimal(cell)) return false;
      if (isMissing(cell)) continue;
      if (isNumeric(cell)) return false;
      isText = true;
    }
    return isText;
  });
}
