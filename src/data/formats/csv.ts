import { RunError } from "../../errors.js";
import { parseNumber, writeDecimal } from "./decimal.js";
import { textLabel } from "./labels.js";

/** How a text file writes a table. Characters as bytes. */
export interface Dialect {
  /** Between cells. */
  readonly delimiter: number;
  /** Whether any number of blanks and tabs is between two cells. */
  readonly isBlank: boolean;
  /** The decimal point, or comma. */
  readonly point: number;
}

/** What is made of a column: nothing, a number, or a text by its code. */
export type CellKind = "skip" | "number" | "text";

/** What stands in a cell that should be a number and is none. */
export interface OddCell {
  readonly column: number;
  readonly what: string;
}

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const HASH = 35;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;
const SMALL_E = 101;
const CAPITAL_E = 69;

const SKIP_KIND = 0;
const NUMBER_KIND = 1;
const TEXT_KIND = 2;
const KINDS: Record<CellKind, number> = { skip: SKIP_KIND, number: NUMBER_KIND, text: TEXT_KIND };

/** FNV-1a, to tell spellings apart quickly. */
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;
/** Spellings of texts that are known by their bytes: labels and names have few. A power of two. */
const SPELLINGS = 512;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text of bytes, strictly: two labels of another encoding would both become U+FFFD, and one class.
 *
 * @throws TypeError if they are not UTF-8
 */
export function decode(bytes: Uint8Array, from: number, to: number): string {
  return UTF8.decode(bytes.subarray(from, to));
}

/**
 * Reads the records of a delimited text (RFC 4180, any line ends, blanks around cells) out of its bytes: numbers of
 * the columns that have them, codes of texts. Nothing else is made of a record, which is what makes it quick.
 */
export class CsvScanner {
  /** Of the record, in the order in which the columns of numbers are wanted; NaN where one is missing. */
  readonly values: Float64Array;
  /** Of the record, in the order in which the columns of texts are wanted: index into `texts`; -1 for an empty one. */
  readonly codes: Int32Array;
  /** The different texts. */
  readonly texts: string[] = [];
  /** Of the record: the first cell that is no number and should be. */
  odd: OddCell | null = null;
  /** The line it begins on, counted from 1. */
  line: number;
  /** Only records whose first text passes are read whole; null: all. */
  isWanted: ((text: string) => boolean) | null = null;
  /** Whether a line that begins with # is no record. */
  hasComments = false;

  readonly #kinds: Uint8Array;
  /** Index among the numbers, or among the texts. */
  readonly #targets: Int32Array;
  readonly #dialect: Dialect;
  readonly #alternative: number;
  /** The column of the first text. */
  readonly #key: number;
  readonly #where: (line: number, column: number | null) => string;
  /** What was last found in place of a hash. */
  readonly #spellings = new Array<{ bytes: Uint8Array; code: number } | undefined>(SPELLINGS).fill(undefined);
  readonly #codeOf = new Map<string, number>();
  readonly #passes: boolean[] = [];
  /** Where the next quote and the next carriage return are, as far as that is known. */
  #nextQuote = -1;
  #nextReturn = -1;
  /** Where the cell that was looked at last ends; -1 if it does not yet. */
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
    this.#dialect = dialect;
    this.#alternative = dialect.isBlank ? TAB : dialect.delimiter;
    this.#kinds = Uint8Array.from(kinds, (kind) => KINDS[kind]);
    this.#targets = new Int32Array(kinds.length);
    for (const columns of [order.numbers, order.texts]) {
      for (const [index, column] of columns.entries()) this.#targets[column] = index;
    }
    this.#key = order.texts[0] ?? -1;
    this.values = new Float64Array(order.numbers.length);
    this.codes = new Int32Array(order.texts.length);
    this.line = line;
    this.#where = where;
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

  /** @returns where the next one begins; -1 if it is not whole */
  #record(bytes: Uint8Array, start: number, end: number, isLast: boolean, onRecord: () => void): number {
    const { isBlank } = this.#dialect;
    const kinds = this.#kinds;
    const targets = this.#targets;
    const { values } = this;
    const nColumns = kinds.length;
    const first = bytes[start];
    if (first === NEWLINE || first === RETURN) {
      // A blank line is no row, except that in a table of one column it is a missing value.
      if (nColumns > 1) return nextLine(bytes, start, end, isLast);
    } else if (first === HASH && this.hasComments) {
      return nextLine(bytes, lineEnd(bytes, start), end, isLast);
    }
    let p = start;
    if (isBlank) while (bytes[p] === BLANK || bytes[p] === TAB) p++;
    if (this.isWanted !== null) {
      const next = this.#passOver(bytes, p, end, isLast);
      if (next !== 0) return next;
      this.#newlines = 0;
    }
    this.odd = null;
    for (let column = 0; ; column++) {
      if (kinds[column] === NUMBER_KIND) {
        p = this.#number(bytes, p, end, column);
        if (p < 0) return -1;
      } else {
        if (kinds[column] === TEXT_KIND) this.codes[targets[column]] = this.#text(bytes, p, end, column);
        else this.#cellEnd(bytes, p, end);
        if (this.#end < 0) return -1;
        p = this.#end;
        if (values.length === 0 && column === this.#key && this.codes.length === 1) {
          // Nothing else is wanted of the record, which whoever reads all of it checks.
          const next = this.#nextRecord(bytes, p, end);
          if (next > 0) {
            onRecord();
            return next;
          }
        }
      }
      let c = bytes[p];
      if (isBlank && (c === BLANK || c === TAB)) {
        while (c === BLANK || c === TAB) c = bytes[++p];
        if (c !== NEWLINE && c !== RETURN) p--;
      }
      c = bytes[p];
      if (c === NEWLINE || c === RETURN) {
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
   * Reads a number.
   *
   * @returns where its cell ends; -1 if that is not there yet
   */
  #number(bytes: Uint8Array, cell: number, end: number, column: number): number {
    const { values } = this;
    const { delimiter, isBlank, point } = this.#dialect;
    const alternative = this.#alternative;
    let p = cell;
    let c = bytes[p];
    const isQuoted = c === QUOTE;
    if (isQuoted) c = bytes[++p];
    else if (c === BLANK && !isBlank) while (c === BLANK) c = bytes[++p];
    const isNegative = c === MINUS;
    if (isNegative || c === PLUS) c = bytes[++p];
    const digits = p;
    while (c === ZERO) c = bytes[++p];
    let high = 0;
    let low = 0;
    let n = 0;
    let exponent = 0;
    // From 0 to 9 for a digit alone, as an unsigned number.
    let digit = c - ZERO;
    while (digit >>> 0 <= 9) {
      if (n < 9) high = (high * 10 + digit) | 0;
      else low = (low * 10 + digit) | 0;
      n++;
      digit = bytes[++p] - ZERO;
    }
    let nDigits = p - digits;
    let isWhole = true;
    if (digit + ZERO === point) {
      isWhole = false;
      const fraction = ++p;
      digit = bytes[p] - ZERO;
      if (n === 0) while (digit === 0) digit = bytes[++p] - ZERO;
      while (digit >>> 0 <= 9) {
        if (n < 9) high = (high * 10 + digit) | 0;
        else low = (low * 10 + digit) | 0;
        n++;
        digit = bytes[++p] - ZERO;
      }
      exponent = fraction - p;
      nDigits -= exponent;
    }
    c = digit + ZERO;
    if ((c === SMALL_E || c === CAPITAL_E) && nDigits > 0) {
      isWhole = false;
      c = bytes[++p];
      const isSmall = c === MINUS;
      if (isSmall || c === PLUS) c = bytes[++p];
      const from = p;
      let power = 0;
      while (c >= ZERO && c <= ZERO + 9) {
        if (power < 9999) power = power * 10 + c - ZERO;
        c = bytes[++p];
      }
      if (p === from) nDigits = 0;
      exponent += isSmall ? -power : power;
    }
    if (isQuoted) {
      if (c === QUOTE) c = bytes[++p];
      else nDigits = 0;
    }
    if (!isBlank) while (c === BLANK) c = bytes[++p];
    const isOver = c === delimiter || c === alternative || c === NEWLINE || c === RETURN;
    // Whole numbers of so many digits may be ones that no double holds.
    const isPlain = isOver && nDigits > 0 && !(isWhole && n > 15);
    const target = this.#targets[column];
    if (!isPlain || !writeDecimal(high, low, n, exponent, values, target)) {
      this.#oddNumber(bytes, cell, end, column);
      return this.#end;
    }
    if (isNegative) values[target] = -values[target];
    return p;
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
        if (code < 0 || this.#passes[code]) return this.#end < 0 ? -1 : 0;
        const next = this.#nextRecord(bytes, this.#end, end);
        if (next > 0) return next;
      } else this.#cellEnd(bytes, p, end);
      if (this.#end < 0) return -1;
      p = this.#end;
      if (bytes[p] === NEWLINE || bytes[p] === RETURN) {
        // Of another length, which is for whoever reads it whole to say.
        if (column + 1 !== this.#kinds.length) return 0;
        return nextLine(bytes, p, end, isLast);
      }
      if (column + 1 === this.#kinds.length) return 0;
      p++;
      if (this.#dialect.isBlank) while (bytes[p] === BLANK || bytes[p] === TAB) p++;
    }
  }

  /**
   * The quick way past the rest of a record, which is not looked at: to the next newline, if no quote and no other line
   * end is before it.
   *
   * @returns where the next begins; 0 if it takes the slow way
   */
  #nextRecord(bytes: Uint8Array, from: number, end: number): number {
    const newline = bytes.indexOf(NEWLINE, from);
    if (newline >= end) return 0;
    if (this.#nextQuote < from) this.#nextQuote = placeOf(QUOTE, bytes, from, end);
    if (this.#nextReturn < from) this.#nextReturn = placeOf(RETURN, bytes, from, end);
    return this.#nextQuote < newline || this.#nextReturn < newline - 1 ? 0 : newline + 1;
  }

  #short(bytes: Uint8Array, start: number, end: number, found: number, next: number): number {
    const isBlankLine = found === 1 && decodeLoosely(bytes, start, end).trim() === "";
    if (isBlankLine || bytes[start] === HASH) return next;
    throw this.#ragged(found);
  }

  #long(bytes: Uint8Array, start: number, from: number, end: number, isLast: boolean): number {
    if (bytes[start] === HASH) return nextLine(bytes, lineEnd(bytes, start), end, isLast);
    let found = this.#kinds.length;
    for (let p = from; ; p++) {
      this.#cellEnd(bytes, p, end);
      if (this.#end < 0) return -1;
      found += 1;
      p = this.#end;
      if (bytes[p] === NEWLINE || bytes[p] === RETURN) break;
    }
    throw this.#ragged(found);
  }

  #ragged(found: number): RunError {
    const { length } = this.#kinds;
    return new RunError(`${this.#where(this.line, null)}: ${length} cells expected, found ${found}`);
  }

  /** The slow way to a number, for whatever is not plain. */
  #oddNumber(bytes: Uint8Array, from: number, end: number, column: number): void {
    const { point } = this.#dialect;
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
    const { delimiter } = this.#dialect;
    const alternative = this.#alternative;
    let isQuoted = false;
    let hash = HASH_START;
    let to = from;
    let c = bytes[to];
    while (c !== delimiter && c !== alternative && c !== NEWLINE && c !== RETURN && c !== QUOTE) {
      hash = Math.imul(hash ^ c, HASH_FACTOR);
      c = bytes[++to];
    }
    this.#end = to < end || this.#isLast ? to : -1;
    if (this.#end < 0) return -1;
    if (c === QUOTE) {
      isQuoted = this.#cellEnd(bytes, from, end);
      if (this.#end < 0) return -1;
      to = this.#end;
      for (let p = from; p < to; p++) hash = Math.imul(hash ^ bytes[p], HASH_FACTOR);
    }
    const slot = (hash ^ (hash >>> 15)) & (SPELLINGS - 1);
    const known = this.#spellings[slot];
    if (known !== undefined && isSame(known.bytes, bytes, from, to)) return known.code;
    const code = this.#codeOfText(this.#decode(bytes, from, to, isQuoted, column));
    this.#spellings[slot] = { bytes: bytes.slice(from, to), code };
    return code;
  }

  #codeOfText(text: string): number {
    const plain = textLabel(text);
    if (plain === null) return -1;
    const known = this.#codeOf.get(plain);
    if (known !== undefined) return known;
    const code = this.texts.push(plain) - 1;
    this.#codeOf.set(plain, code);
    this.#passes[code] = this.isWanted === null || this.isWanted(plain);
    return code;
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
    const { delimiter, isBlank } = this.#dialect;
    const alternative = this.#alternative;
    let p = from;
    let c = bytes[p];
    if (!isBlank) while ((c === BLANK || c === TAB) && c !== delimiter) c = bytes[++p];
    const isQuoted = c === QUOTE;
    if (isQuoted) {
      p = this.#quoteEnd(bytes, p, end);
      this.#end = p;
      if (p < 0) return true;
      c = bytes[p];
      if (!isBlank) while ((c === BLANK || c === TAB) && c !== delimiter) c = bytes[++p];
      if (c !== delimiter && c !== alternative && c !== NEWLINE && c !== RETURN) {
        throw new RunError(
          `${this.#where(this.line, null)}: the end of a cell expected after its closing quote, found ` +
            JSON.stringify(String.fromCharCode(c)),
        );
      }
    } else {
      while (c !== delimiter && c !== alternative && c !== NEWLINE && c !== RETURN) c = bytes[++p];
    }
    // What ends where the piece does may go on in the next, with half a character for one.
    this.#end = p < end || this.#isLast ? p : -1;
    return isQuoted;
  }

  /** @returns where what follows the closing quote begins; -1 if there is none */
  #quoteEnd(bytes: Uint8Array, from: number, end: number): number {
    for (let p = from + 1; p < end; p++) {
      const c = bytes[p];
      if (c === NEWLINE) this.#newlines++;
      if (c !== QUOTE) continue;
      if (bytes[p + 1] !== QUOTE || p + 1 === end) return p + 1;
      p++;
    }
    return -1;
  }
}

function parseNumberError(text: string, error: string): string {
  return error.startsWith("a number expected") ? `a number expected, found ${JSON.stringify(text)}` : error;
}

function placeOf(byte: number, bytes: Uint8Array, from: number, end: number): number {
  const place = bytes.indexOf(byte, from);
  return place < 0 || place >= end ? end : place;
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const { length } = known;
  if (length !== to - from || length === 0) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  let p = from;
  while (bytes[p] !== NEWLINE && bytes[p] !== RETURN) p++;
  return p;
}

/** @returns where the line after a line's end begins; -1 if that is not there yet */
function nextLine(bytes: Uint8Array, lineEnd: number, end: number, isLast: boolean): number {
  if (bytes[lineEnd] === NEWLINE) return lineEnd < end || isLast ? lineEnd + 1 : -1;
  if (lineEnd + 1 < end) return bytes[lineEnd + 1] === NEWLINE ? lineEnd + 2 : lineEnd + 1;
  return isLast ? lineEnd + 1 : -1;
}

function decodeLoosely(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}
