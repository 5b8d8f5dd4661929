import { writeDecimal } from "../decimal.js";
import { Byte } from "./bytes.js";
import type { Separators } from "./dialect.js";

const PLUS = 43;
const MINUS = 45;
const ZERO = 48;
const SMALL_E = 101;
const CAPITAL_E = 69;

/**
 * Reads a number out of a cell's bytes, if it is written as nearly all are: decimal digits, at most one point, an
 * exponent, quotes or blanks around them. Nothing else is made of the cell, which is what makes it quick.
 *
 * @param cell where the cell begins
 * @param values takes the number at `target`, and nothing where the cell is not plain
 * @returns where the cell ends; -1 if it is not plain
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the bytes, in which each call would cost
export function readPlainNumber(
  bytes: Uint8Array,
  cell: number,
  separators: Separators,
  values: Float64Array,
  target: number,
): number {
  const { delimiter, alternative, isBlank, point } = separators;
  let p = cell;
  let c = bytes[p];
  const isQuoted = c === Byte.QUOTE;
  if (isQuoted) c = bytes[++p];
  else if (c === Byte.BLANK && !isBlank) while (c === Byte.BLANK) c = bytes[++p];
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
    if (c === Byte.QUOTE) c = bytes[++p];
    else nDigits = 0;
  }
  if (!isBlank) while (c === Byte.BLANK) c = bytes[++p];
  const isOver = c === delimiter || c === alternative || c === Byte.NEWLINE || c === Byte.RETURN;
  // Whole numbers of so many digits may be ones that no double holds.
  const isPlain = isOver && nDigits > 0 && !(isWhole && n > 15);
  if (!isPlain || !writeDecimal(high, low, n, exponent, values, target)) return -1;
  if (isNegative) values[target] = -values[target];
  return p;
}
