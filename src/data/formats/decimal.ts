/*
 * Numbers as text files write them, each to the double nearest to it, as Python's float() and JavaScript's Number()
 * have it.
 */

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;

/** What pandas takes for a missing value; NaN in any case beside. "Na" is sodium. */
const MISSING: ReadonlySet<string> = new Set([
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "None",
  "n/a",
  "null",
]);

/** Powers of ten that are doubles exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Digits of a significand that `writeDecimal` takes. */
const MOST_DIGITS = 18;
/** Veltkamp's constant: splits a double into halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;
/** More than what the quotient of `writeRatio` can be off, relatively, in its second half. */
const DOUBT = 2 ** -48;

/** True for a plain decimal number such as "-3.2" or "1e5"; false for "", "0x10", "inf" and "NaN". */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

export function isMissing(text: string): boolean {
  return MISSING.has(text) || NOT_A_NUMBER.test(text);
}

/** True for whatever a column of numbers can hold. */
export function isNumeric(text: string): boolean {
  return isDecimal(text) || isMissing(text) || INFINITE.test(text);
}

/**
 * A cell as a number.
 *
 * @param text without blanks around it, and with a decimal point
 * @returns NaN for a missing value; a text that says what else it is if it cannot be used
 */
export function parseNumber(text: string): number | string {
  if (isDecimal(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) return `a finite number expected, found ${text}`;
    if (Math.abs(value) >= 2 ** 53 && isRounded(text, value)) {
      return `a whole number of at most 2^53 expected, which a float64 can hold, found ${text}`;
    }
    return value;
  }
  if (isMissing(text)) return Number.NaN;
  if (INFINITE.test(text)) return `a finite number expected, found ${text}`;
  return `a number expected, found ${JSON.stringify(text)}`;
}

/** Whether the digits of a whole number say more than its double: not where they are the shortest for it. */
function isRounded(text: string, value: number): boolean {
  const digits = text.replace(/^\+/, "");
  if (!/^-?\d+$/.test(digits)) return false;
  return BigInt(digits) !== BigInt(value) && String(value) !== digits;
}

/**
 * Writes the double nearest to (high 10^(n - 9) + low) 10^exponent, where that can be had quickly: where significand
 * and power of ten are doubles exactly, by one rounding (Clinger, How to Read Floating Point Numbers Accurately, PLDI
 * 1990); for longer significands by a quotient of twice the precision (Dekker, Numerische Mathematik 18, 1971). Written
 * and not returned, as a double that a function returns takes memory.
 *
 * @param high the first 9 digits, or all of them
 * @param low the other digits
 * @param n number of digits; whole numbers beyond 2^53 are not for here
 * @param values where it is written, at `at`
 * @returns false where it takes more, and nothing is written
 */
export function writeDecimal(
  high: number,
  low: number,
  n: number,
  exponent: number,
  values: Float64Array,
  at: number,
): boolean {
  if (n > MOST_DIGITS || exponent < -22 || exponent > 22) return false;
  const significand = n <= 9 ? high : high * POWERS[n - 9] + low;
  if (significand < 2 ** 53) {
    values[at] = exponent < 0 ? significand / POWERS[-exponent] : significand * POWERS[exponent];
    return true;
  }
  return exponent < 0 && writeRatio(high, POWERS[n - 9], low, POWERS[-exponent], values, at);
}

/** (a b + c) / d, rounded once; false where it is too near to the middle of two doubles to tell. */
function writeRatio(a: number, b: number, c: number, d: number, values: Float64Array, at: number): boolean {
  const product = a * b;
  const sum = product + c;
  const back = sum - product;
  const rest = product - (sum - back) + (c - back) + productError(a, b, product);
  const quotient = sum / d;
  const undone = quotient * d;
  const correction = (sum - undone - productError(quotient, d, undone) + rest) / d;
  const up = quotient + correction * (1 + DOUBT);
  values[at] = up;
  return up === quotient + correction * (1 - DOUBT);
}

/** a b less their rounded product, exactly. */
function productError(a: number, b: number, product: number): number {
  let scaled = SPLITTER * a;
  const aHigh = scaled - (scaled - a);
  const aLow = a - aHigh;
  scaled = SPLITTER * b;
  const bHigh = scaled - (scaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
