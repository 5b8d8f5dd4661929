import { RunError } from "../errors.js";

/** A named array as it travels: C order, its element type by NumPy's name. */
export type NamedArray =
  | { readonly dtype: "float64"; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: "int32"; readonly shape: readonly number[]; readonly data: Int32Array };

export type Scalar = number | boolean | string | readonly string[];

/**
 * All that ever travels between server and client: a kind, and a flat record of named arrays and scalars.
 * A carrier moves it without understanding it.
 */
export interface Message {
  readonly kind: string;
  readonly arrays: Readonly<Record<string, NamedArray>>;
  readonly scalars: Readonly<Record<string, Scalar>>;
}

/** A float64 array for a message. */
export function floats(data: Float64Array, ...shape: number[]): NamedArray {
  return { dtype: "float64", shape, data };
}

/** An int32 array for a message. */
export function ints(data: Int32Array, ...shape: number[]): NamedArray {
  return { dtype: "int32", shape, data };
}

/**
 * Reads a float64 array of a message that came from elsewhere.
 *
 * @param shape the expected shape; null leaves a dimension open
 * @throws RunError if it is absent, of another dtype or shape, or not finite
 */
export function floatsOf(message: Message, name: string, shape: readonly (number | null)[]): Float64Array {
  const array = arrayOf(message, name, "float64", shape);
  const data = array.data as Float64Array;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]))
      throw malformed(message, `array "${name}"`, "finite numbers", "NaN or infinity");
  }
  return data;
}

/**
 * Reads an int32 array of a message that came from elsewhere.
 *
 * @param shape the expected shape; null leaves a dimension open
 * @throws RunError if it is absent, of another dtype or shape
 */
export function intsOf(message: Message, name: string, shape: readonly (number | null)[]): Int32Array {
  return arrayOf(message, name, "int32", shape).data as Int32Array;
}

/**
 * Reads a finite number of a message that came from elsewhere.
 *
 * @throws RunError if it is absent or something else
 */
export function numberOf(message: Message, name: string): number {
  const value = message.scalars[name];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw malformed(message, `scalar "${name}"`, "a finite number", String(value));
  }
  return value;
}

/**
 * Reads a count of a message that came from elsewhere.
 *
 * @throws RunError if it is absent, negative or no integer
 */
export function countOf(message: Message, name: string): number {
  const value = numberOf(message, name);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw malformed(message, `scalar "${name}"`, "a count", String(value));
  }
  return value;
}

/**
 * Reads a truth value of a message that came from elsewhere.
 *
 * @throws RunError if it is absent or something else
 */
export function flagOf(message: Message, name: string): boolean {
  const value = message.scalars[name];
  if (typeof value !== "boolean")
    throw malformed(message, `scalar "${name}"`, "true or false", String(value));
  return value;
}

/**
 * Reads a text of a message that came from elsewhere.
 *
 * @throws RunError if it is absent or something else
 */
export function textOf(message: Message, name: string): string {
  const value = message.scalars[name];
  if (typeof value !== "string") throw malformed(message, `scalar "${name}"`, "a text", String(value));
  return value;
}

/**
 * Reads a list of texts of a message that came from elsewhere.
 *
 * @throws RunError if it is absent or something else
 */
export function textsOf(message: Message, name: string): readonly string[] {
  const value = message.scalars[name];
  if (!Array.isArray(value) || !value.every((text) => typeof text === "string")) {
    throw malformed(message, `scalar "${name}"`, "a list of texts", String(value));
  }
  return value;
}

/**
 * Checks the elements of an array that was read.
 *
 * @param expected what is said of an element that is not from `least` to `most`
 * @throws RunError with the first such element
 */
export function checkRange(
  message: Message,
  name: string,
  array: Float64Array | Int32Array,
  least: number,
  most: number,
  expected: string,
): void {
  for (let i = 0; i < array.length; i++) {
    if (array[i] >= least && array[i] <= most) continue;
    throw malformed(message, `array "${name}"`, expected, String(array[i]));
  }
}

/** @throws RunError if an element of an array that was read is negative */
export function checkNotNegative(message: Message, name: string, array: Float64Array | Int32Array): void {
  checkRange(message, name, array, 0, Infinity, "no negative element");
}

/** @throws RunError if an element of an array that was read is neither 0 nor 1 */
export function checkFlags(message: Message, name: string, array: Int32Array): void {
  checkRange(message, name, array, 0, 1, "0 or 1");
}

/** @throws RunError if a sum that was sent, where `sent` is 1, is said to be of no rows */
export function checkRowsBehind(message: Message, counts: Int32Array, sent: Int32Array): void {
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] > 0 || sent[c] === 0) continue;
    throw malformed(message, 'array "counts"', "rows behind each sum", String(counts[c]));
  }
}

function arrayOf(
  message: Message,
  name: string,
  dtype: NamedArray["dtype"],
  shape: readonly (number | null)[],
): NamedArray {
  const array = message.arrays[name];
  if (array !== undefined && array.dtype === dtype && hasShape(array, shape)) return array;
  const expected = `${dtype} (${shape.map((size) => size ?? "any").join(", ")})`;
  const found = array === undefined ? "none" : `${array.dtype} (${array.shape.join(", ")})`;
  throw malformed(message, `array "${name}"`, expected, found);
}

function hasShape({ shape: found, data }: NamedArray, expected: readonly (number | null)[]): boolean {
  if (found.length !== expected.length) return false;
  let length = 1;
  for (let axis = 0; axis < found.length; axis++) {
    if (expected[axis] !== null && expected[axis] !== found[axis]) return false;
    length *= found[axis];
  }
  return data.length === length;
}

function malformed(message: Message, what: string, expected: string, found: string): RunError {
  return new RunError(`message "${message.kind}", ${what}: expected ${expected}, found ${found}`);
}
