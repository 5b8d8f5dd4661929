import { RunError } from "../../../errors.js";
import { parseNumber } from "../decimal.js";
import { Byte, blanksEnd, decode, decodeLoosely, lineEnd, nextByte, nextLine, separatorAt } from "./bytes.js";
import type { Dialect, Separators } from "./dialect.js";
import { readPlainNumber } from "./plain-number.js";
import { HASH_FACTOR, HASH_START, TextCodes } from "./text-codes.js";

/** What is made of a column: nothing, a number, or a text by its code. */
export type CellKind = "skip" | "number" | "text";

/** What stands in a cell that should be a number and is none. */
interface OddCell {
  readonly column: number;
  readonly what: string;
}

const SKIP_KIND = 0;
const NUMBER_KIND = 1;
const TEXT_KIND = 2;
const KINDS: Record<CellKind, number> = { skip: SKIP_KIND, number: NUMBER_KIND, text: TEXT_KIND };

/**
 * Reads the records of a delimited text (RFC 4180, any line ends, blanks around cells) out of its bytes: numbers of
 * the columns that have them, codes of texts. Nothing else is made of a record, which is what makes it quick.
 */
export class CsvScanner {
  /** Of the record, in the order in which the columns of numbers are wanted; NaN where one is missing. */
  readonly values: Float64Array;
  /** Of the record, in the order in which the columns of texts are wanted: index into `texts`; -1 for an empty one. */
  readonly codes: Int32Array;
  /** The first cell of the record that should be a number and is none. */
  odd: OddCell | null = null;
  /** The line the record begins on, counted from 1. */
  line: number;
  /** Only records whose first text passes are read whole; null: all. */
  isWanted: ((text: string) => boolean) | null = null;
  /** Whether a line that begins with # is no record. */
  hasComments = false;

  readonly #kinds: Uint8Array;
  /** Index among the numbers, or among the texts. */
  readonly #targets: Int32Array;
  readonly #separators: Separators;
  /** The column of the first text. */
  readonly #key: number;
  /** The same, if nothing else is wanted of a record; otherwise -1. */
  readonly #onlyColumn: number;
  readonly #where: (line: number, column: number | null) => string;
  readonly #texts = new TextCodes();
  /** By code: whether the records of a text are wanted, where that has been asked. */
  readonly #passes: boolean[] = [];
  /** Where the next quote and the next carriage return are, as far as that is known. */
  #nextQuote = -1;
  #nextReturn = -1;
  /** Where the cell that was looked at last ends; -1 if its end is not there yet. */
  #end = 0;
  #newlines = 0;
  #isLast = false;

  /**
   * @param kinds of the columns
   * @param order the columns of numbers, then those of texts, as they are wanted
   * @param line number of the first line to come
   * @param where says of a line and a column, counted from 0, where that is
   */
  constructor(
    dialect: Dialect,
    kinds: readonly CellKind[],
    order: { readonly numbers: readonly number[]; readonly texts: readonly number[] },
    line: number,
    where: (line: number, column: number | null) => string,
  ) {
    this.#separators = { ...dialect, alternative: dialect.isBlank ? Byte.TAB : dialect.delimiter };
    this.#kinds = Uint8Array.from(kinds, (kind) => KINDS[kind]);
    this.#targets = new Int32Array(kinds.length);
    for (const columns of [order.numbers, order.texts]) {
      for (const [index, column] of columns.entries()) this.#targets[column] = index;
    }
    this.#key = order.texts[0] ?? -1;
    this.#onlyColumn = order.numbers.length === 0 && order.texts.length === 1 ? this.#key : -1;
    this.values = new Float64Array(order.numbers.length);
    this.codes = new Int32Array(order.texts.length);
    this.line = line;
    this.#where = where;
  }

  /** The different texts. */
  get texts(): readonly string[] {
    return this.#texts.texts;
  }

  /**
   * Reads as many records as there are.
   *
   * @param bytes with a newline at `end`, beyond the text
   * @param isLast whether the text ends there; otherwise a record that does may go on
   * @param onRecord called for each
   * @returns where the first record begins that is not whole yet
   * @throws RunError at a record of another length than the others, a quote that does not close, and text that is
   * not UTF-8
   */
  scan(bytes: Uint8Array, from: number, end: number, isLast: boolean, onRecord: () => void): number {
    let start = from;
    this.#isLast = isLast;
    this.#nextQuote = -1;
    this.#nextReturn = -1;
    while (start < end) {
      this.#newlines = 0;
      const next = this.#record(bytes, start, end, isLast, onRecord);
      if (next < 0) {
        if (isLast) throw new RunError(`${this.#where(this.line, null)}: a quote does not close`);
        return start;
      }
      this.line += 1 + this.#newlines;
      start = next;
    }
    return start;
  }

  /** @returns where the next record begins; -1 if this one is not whole */
  #record(bytes: Uint8Array, start: number, end: number, isLast: boolean, onRecord: () => void): number {
    const skipped = this.#skip(bytes, start, end, isLast);
    if (skipped !== 0) return skipped;
    const { isBlank } = this.#separators;
    const nColumns = this.#kinds.length;
    this.odd = null;
    let p = isBlank ? blanksEnd(bytes, start) : start;
    for (let column = 0; ; column++) {
      p = this.#cell(bytes, p, end, column);
      if (p < 0) return -1;
      if (column === this.#onlyColumn) {
        // Nothing else of the record is wanted. Its length is checked when all of it is read.
        const next = this.#nextRecord(bytes, p, end);
        if (next > 0) {
          onRecord();
          return next;
        }
      }
      if (isBlank) p = separatorAt(bytes, p);
      const c = bytes[p];
      if (c === Byte.NEWLINE || c === Byte.RETURN) {
        const next = nextLine(bytes, p, end, isLast);
        if (next < 0) return -1;
        if (column + 1 !== nColumns) return this.#short(bytes, start, p, column + 1, next);
        onRecord();
        return next;
      }
      p++;
      if (column + 1 === nColumns) return this.#long(bytes, start, p, end, isLast);
    }
  }

  /**
   * Passes over what is no record, and a record that is not wanted.
   *
   * @returns where the next line begins; 0 if there is a record to read; -1 if the line is not whole
   */
  #skip(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    const first = bytes[start];
    if (first === Byte.NEWLINE || first === Byte.RETURN) {
      // A blank line is no row, except that in a table of one column it is a missing value.
      if (this.#kinds.length > 1) return nextLine(bytes, start, end, isLast);
    } else if (first === Byte.HASH && this.hasComments) {
      return nextLine(bytes, lineEnd(bytes, start), end, isLast);
    }
    if (this.isWanted === null) return 0;
    const from = this.#separators.isBlank ? blanksEnd(bytes, start) : start;
    const next = this.#passOver(bytes, from, end, isLast);
    if (next === 0) this.#newlines = 0;
    return next;
  }

  /**
   * Reads a cell as what its column is.
   *
   * @returns where it ends; -1 if that is not there yet
   */
  #cell(bytes: Uint8Array, from: number, end: number, column: number): number {
    const kind = this.#kinds[column];
    if (kind === NUMBER_KIND) {
      const to = readPlainNumber(bytes, from, this.#separators, this.values, this.#targets[column]);
      if (to >= 0) return to;
      this.#oddNumber(bytes, from, end, column);
    } else if (kind === TEXT_KIND) {
      this.codes[this.#targets[column]] = this.#text(bytes, from, end, column);
    } else {
      this.#cellEnd(bytes, from, end);
    }
    return this.#end;
  }

  /**
   * Looks for the text by which records are chosen, and passes over one that is not wanted.
   *
   * @returns where the next begins; 0 if it is wanted; -1 if it is not whole
   */
  #passOver(bytes: Uint8Array, from: number, end: number, isLast: boolean): number {
    let p = from;
    for (let column = 0; ; column++) {
      if (column === this.#key) {
        const code = this.#text(bytes, p, end, column);
        if (code < 0 || this.#isPassing(code)) return this.#end < 0 ? -1 : 0;
        const next = this.#nextRecord(bytes, this.#end, end);
        if (next > 0) return next;
      } else this.#cellEnd(bytes, p, end);
      if (this.#end < 0) return -1;
      p = this.#end;
      if (bytes[p] === Byte.NEWLINE || bytes[p] === Byte.RETURN) {
        // The record has another length than the others: reading it whole refuses it.
        if (column + 1 !== this.#kinds.length) return 0;
        return nextLine(bytes, p, end, isLast);
      }
      if (column + 1 === this.#kinds.length) return 0;
      p++;
      if (this.#separators.isBlank) p = blanksEnd(bytes, p);
    }
  }

  #isPassing(code: number): boolean {
    this.#passes[code] ??= this.isWanted!(this.texts[code]);
    return this.#passes[code];
  }

  /**
   * The quick way past the rest of a record, which is not looked at: to the next newline, if no quote and no other line
   * end is before it.
   *
   * @returns where the next begins; 0 if it takes the slow way
   */
  #nextRecord(bytes: Uint8Array, from: number, end: number): number {
    const newline = bytes.indexOf(Byte.NEWLINE, from);
    if (newline >= end) return 0;
    if (this.#nextQuote < from) this.#nextQuote = nextByte(Byte.QUOTE, bytes, from, end);
    if (this.#nextReturn < from) this.#nextReturn = nextByte(Byte.RETURN, bytes, from, end);
    return this.#nextQuote < newline || this.#nextReturn < newline - 1 ? 0 : newline + 1;
  }

  #short(bytes: Uint8Array, start: number, end: number, found: number, next: number): number {
    const isBlankLine = found === 1 && decodeLoosely(bytes, start, end).trim() === "";
    if (isBlankLine || bytes[start] === Byte.HASH) return next;
    throw this.#ragged(found);
  }

  #long(bytes: Uint8Array, start: number, from: number, end: number, isLast: boolean): number {
    if (bytes[start] === Byte.HASH) return nextLine(bytes, lineEnd(bytes, start), end, isLast);
    let found = this.#kinds.length;
    for (let p = from; ; p++) {
      this.#cellEnd(bytes, p, end);
      if (this.#end < 0) return -1;
      found += 1;
      p = this.#end;
      if (bytes[p] === Byte.NEWLINE || bytes[p] === Byte.RETURN) break;
    }
    throw this.#ragged(found);
  }

  #ragged(found: number): RunError {
    const { length } = this.#kinds;
    return new RunError(`${this.#where(this.line, null)}: ${length} cells expected, found ${found}`);
  }

  /** The slow way to a number, for whatever is not plain. */
  #oddNumber(bytes: Uint8Array, from: number, end: number, column: number): void {
    const { point } = this.#separators;
    const isQuoted = this.#cellEnd(bytes, from, end);
    if (this.#end < 0) return;
    const text = this.#decode(bytes, from, this.#end, isQuoted, column).trim();
    const mark = String.fromCharCode(point);
    const value = parseNumber(mark === "." ? text : text.replace(".", "\0").replace(mark, "."));
    this.values[this.#targets[column]] = typeof value === "number" ? value : Number.NaN;
    if (typeof value === "number") return;
    const what = mark === "." ? value : parseNumberError(text, value);
    this.odd ??= { column, what };
  }

  #text(bytes: Uint8Array, from: number, end: number, column: number): number {
    const { delimiter, alternative } = this.#separators;
    let isQuoted = false;
    let hash = HASH_START;
    let to = from;
    let c = bytes[to];
    while (
      c !== delimiter &&
      c !== alternative &&
      c !== Byte.NEWLINE &&
      c !== Byte.RETURN &&
      c !== Byte.QUOTE
    ) {
      hash = Math.imul(hash ^ c, HASH_FACTOR);
      c = bytes[++to];
    }
    this.#end = to < end || this.#isLast ? to : -1;
    if (this.#end < 0) return -1;
    if (c === Byte.QUOTE) {
      isQuoted = this.#cellEnd(bytes, from, end);
      if (this.#end < 0) return -1;
      to = this.#end;
      for (let p = from; p < to; p++) hash = Math.imul(hash ^ bytes[p], HASH_FACTOR);
    }
    const known = this.#texts.known(hash, bytes, from, to);
    if (known !== null) return known;
    return this.#texts.add(this.#decode(bytes, from, to, isQuoted, column), hash, bytes.slice(from, to));
  }

  #decode(bytes: Uint8Array, from: number, to: number, isQuoted: boolean, column: number): string {
    try {
      const text = decode(bytes, from, to).replaceAll(/^[ \t]+|[ \t]+$/g, "");
      return isQuoted ? text.slice(1, -1).replaceAll('""', '"') : text;
    } catch {
      throw new RunError(
        `${this.#where(this.line, column)}: text in UTF-8 expected, found ${JSON.stringify(decodeLoosely(bytes, from, to))} ` +
          "of another encoding; save the file as UTF-8",
      );
    }
  }

  /**
   * Looks for the end of a cell, past quotes.
   *
   * @returns whether it is quoted; where it ends is in `#end`
   */
  #cellEnd(bytes: Uint8Array, from: number, end: number): boolean {
    const { delimiter, alternative, isBlank } = this.#separators;
    let p = from;
    let c = bytes[p];
    if (!isBlank) while ((c === Byte.BLANK || c === Byte.TAB) && c !== delimiter) c = bytes[++p];
    const isQuoted = c === Byte.QUOTE;
    if (isQuoted) {
      p = this.#quoteEnd(bytes, p, end);
      this.#end = p;
      if (p < 0) return true;
      c = bytes[p];
      if (!isBlank) while ((c === Byte.BLANK || c === Byte.TAB) && c !== delimiter) c = bytes[++p];
      if (c !== delimiter && c !== alternative && c !== Byte.NEWLINE && c !== Byte.RETURN) {
        throw new RunError(
          `${this.#where(this.line, null)}: the end of a cell expected after its closing quote, found ` +
            JSON.stringify(String.fromCharCode(c)),
        );
      }
    } else {
      while (c !== delimiter && c !== alternative && c !== Byte.NEWLINE && c !== Byte.RETURN) c = bytes[++p];
    }
    // A cell that ends where the piece does may go on in the next piece.
    this.#end = p < end || this.#isLast ? p : -1;
    return isQuoted;
  }

  /** @returns where what follows the closing quote begins; -1 if there is none */
  #quoteEnd(bytes: Uint8Array, from: number, end: number): number {
    for (let p = from + 1; p < end; p++) {
      const c = bytes[p];
      if (c === Byte.NEWLINE) this.#newlines++;
      if (c !== Byte.QUOTE) continue;
      if (bytes[p + 1] !== Byte.QUOTE || p + 1 === end) return p + 1;
      p++;
    }
    return -1;
  }
}

function parseNumberError(text: string, error: string): string {
  return error.startsWith("a number expected") ? `a number expected, found ${JSON.stringify(text)}` : error;
}
