import { RunError } from "../../../errors.js";
import { decode } from "./bytes.js";

/** Tried in this order: of two that fit as well, the first is taken. */
export const DELIMITERS: readonly string[] = [",", ";", "\t", "|", " "];
/** As a delimiter, any number of blanks and tabs. */
export const BLANK = " ";
const SAMPLED_RECORDS = 50;

/** A record of a text, as texts. */
interface TextRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Reads the first records of a text as texts. */
export class RecordReader {
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
  records(delimiter: string, most: number = SAMPLED_RECORDS): TextRecord[] {
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
