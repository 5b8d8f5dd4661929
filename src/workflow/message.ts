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
 * @param expected what is said of an element that does not fit
 * @param fits whether an element is what it can be
 * @throws RunError with the first that does not fit
 */
export function checkElements(
  message: Message,
  name: string,
  array: Float64Array | Int32Array,
  expected: string,
  fits: (element: number, index: number) => boolean,
): void {
  for (let i = 0; i < array.length; i++) {
    if (!fits(array[i], i)) throw malformed(message, `array "${name}"`, expected, String(array[i]));
  }
}

/** @throws RunError if an element of an array that was read is negative */
export function checkNotNegative(message: Message, name: string, array: Float64Array | Int32Array): void {
  checkElements(message, name, array, "no negative element", (element) => element >= 0);
}

/** @throws RunError if an element of an array that was read is neither 0 nor 1 */
export function checkFlags(message: Message, name: string, array: Int32Array): void {
  checkElements(message, name, array, "0 or 1", (element) => element === 0 || element === 1);
}

function arrayOf(
  message: Message,
  name: string,
  dtype: NamedArray["dtype"],
  shape: readonly (number | null)[],
): NamedArray {
  const expected = () => `${dtype} (${shape.map((size) => size ?? "any").join(", ")})`;
  const array = message.arrays[name];
  if (array === undefined) throw malformed(message, `array "${name}"`, expected(), "none");
  const fits =
    array.dtype === dtype &&
    array.shape.length === shape.length &&
    shape.every((size, axis) => size === null || size === array.shape[axis]) &&
    array.data.length === array.shape.reduce((product, size) => product * size, 1);
  if (!fits)
    throw malformed(message, `array "${name}"`, expected(), `${array.dtype} (${array.shape.join(", ")})`);
  return array;
}

function malformed(message: Message, what: string, expected: string, found: string): RunError {
  return new RunError(`message "${message.kind}", ${what}: expected ${expected}, found ${found}`);
}
