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
  /** Number, within the run, of the exchange it belongs to: a reply repeats its request's. Absent outside a run. */
  readonly exchange?: number;
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
 * Magnitudes up to which numbers of other parties are taken: of values and sums of values, and of their squares. The
 * squared distance of two values up to the first, added up over 10^17 numbers, is below 1.8e308, the largest there is.
 */
export const LARGEST_VALUE = 1e145;
export const LARGEST_SQUARE = 1e290;

/**
 * Checks that something that came from elsewhere is a message at all. Whether it is the one that was expected is
 * checked as it is read.
 *
 * @throws RunError if it is none
 */
export function checkMessage(value: unknown): Message {
  const { kind, arrays, scalars } = isRecord(value) ? value : {};
  if (typeof kind !== "string" || kind.length > LONGEST_KIND || !isRecord(arrays) || !isRecord(scalars)) {
    throw new RunError(`expected a message with a kind, arrays and scalars, found ${shown(value)}`);
  }
  const message = value as Message;
  for (const name in arrays) {
    const array: unknown = arrays[name];
    if (isNamedArray(array) && hasShape(array, array.shape)) continue;
    const expected = "float64 or int32, as many as its shape says";
    throw malformed(message, `array ${shown(name)}`, expected, describeArray(array));
  }
  for (const name in scalars) {
    const scalar: unknown = scalars[name];
    if (typeof scalar === "number" || typeof scalar === "boolean" || typeof scalar === "string") continue;
    if (Array.isArray(scalar) && scalar.every((text) => typeof text === "string")) continue;
    throw malformed(message, `scalar ${shown(name)}`, "a number, a truth value or text", shown(scalar));
  }
  return message;
}

/** Characters of a kind at most; every one there is has fewer. */
const LONGEST_KIND = 100;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a float64 array of a message that came from elsewhere.
 *
 * @param shape the expected shape; null leaves a dimension open
 * @param largest the largest magnitude of an element
 * @throws RunError if it is absent, of another dtype or shape, or an element is not finite or is larger
 */
export function floatsOf(
  message: Message,
  name: string,
  shape: readonly (number | null)[],
  largest: number = LARGEST_SQUARE,
): Float64Array {
  const array = arrayOf(message, name, "float64", shape);
  const data = array.data as Float64Array;
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]) <= largest) continue;
    if (!Number.isFinite(data[i]))
      throw malformed(message, `array "${name}"`, "finite numbers", "NaN or infinity");
    throw malformed(message, `array "${name}"`, `numbers of at most ${largest}`, String(data[i]));
  }
  return data;
}

/**
 * Reads means of a message that came from elsewhere.
 *
 * @param nColumns p
 * @returns (k, p) with k of at least 1
 * @throws RunError as `floatsOf`
 */
export function meansOf(message: Message, name: string, nColumns: number): Float64Array {
  const means = floatsOf(message, name, [null, nColumns], LARGEST_VALUE);
  if (means.length === 0) throw malformed(message, `array "${name}"`, "at least one row", "none");
  return means;
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
 * Reads a number of a message that came from elsewhere.
 *
 * @param least the least it may be
 * @param most the most it may be
 * @throws RunError if it is absent or something else
 */
export function numberOf(
  message: Message,
  name: string,
  least: number = -LARGEST_SQUARE,
  most: number = LARGEST_SQUARE,
): number {
  const value = message.scalars[name];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw malformed(message, `scalar "${name}"`, "a finite number", shown(value));
  }
  if (value < least || value > most) {
    throw malformed(message, `scalar "${name}"`, `a number from ${least} to ${most}`, String(value));
  }
  return value;
}

/** The most rows or features that one client can have: counts travel as int32. */
const LARGEST_COUNT = 2 ** 31 - 1;

/**
 * Reads a count of a message that came from elsewhere.
 *
 * @param least the least it may be
 * @param most the most it may be; by default what an int32 holds
 * @throws RunError if it is absent, less, more, or no integer
 */
export function countOf(message: Message, name: string, least = 0, most: number = LARGEST_COUNT): number {
  const value = message.scalars[name];
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    const range = least === 0 ? "a count" : `a count of at least ${least}`;
    const expected = most === LARGEST_COUNT ? range : `a count from ${least} to ${most}`;
    throw malformed(message, `scalar "${name}"`, expected, shown(value));
  }
  return value as number;
}

/**
 * Reads the seed of a client's random draws.
 *
 * @throws RunError if it is absent or no integer of at least 0
 */
export function randomStateOf(message: Message): number {
  const value = message.scalars.random_state;
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw malformed(message, 'scalar "random_state"', "an integer of at least 0", shown(value));
  }
  return value as number;
}

/**
 * Reads a truth value of a message that came from elsewhere.
 *
 * @throws RunError if it is absent or something else
 */
export function flagOf(message: Message, name: string): boolean {
  const value = message.scalars[name];
  if (typeof value !== "boolean") throw malformed(message, `scalar "${name}"`, "true or false", shown(value));
  return value;
}

/** The most characters of one name of a client, a feature or a class. */
const LONGEST_TEXT = 10_000;

/**
 * Reads a text of a message that came from elsewhere.
 *
 * @throws RunError if it is absent, something else, or longer than any name
 */
export function textOf(message: Message, name: string): string {
  const value = message.scalars[name];
  if (typeof value !== "string") throw malformed(message, `scalar "${name}"`, "a text", shown(value));
  checkLength(message, name, value);
  return value;
}

/**
 * Reads a list of texts of a message that came from elsewhere.
 *
 * @throws RunError if it is absent, something else, or one is longer than any name
 */
export function textsOf(message: Message, name: string): readonly string[] {
  const value = message.scalars[name];
  if (!Array.isArray(value) || !value.every((text) => typeof text === "string")) {
    throw malformed(message, `scalar "${name}"`, "a list of texts", shown(value));
  }
  for (const text of value) checkLength(message, name, text);
  return value;
}

function checkLength(message: Message, name: string, text: string): void {
  if (text.length <= LONGEST_TEXT) return;
  const expected = `texts of at most ${LONGEST_TEXT} characters`;
  throw malformed(message, `scalar "${name}"`, expected, `one of ${text.length}`);
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

/** @throws RunError if the elements of an array that was read do not add up to what the handshake has told */
export function checkTotal(message: Message, name: string, array: Int32Array, total: number): void {
  let sum = 0;
  for (let i = 0; i < array.length; i++) sum += array[i];
  if (sum === total) return;
  throw malformed(message, `array "${name}"`, `${total} rows in all, as the handshake said`, String(sum));
}

/** @throws RunError if a reply is of other rows than all the client has, or of none where it withholds them */
export function checkRows(message: Message, nSamples: number, told: number): void {
  if (nSamples === told || nSamples === 0) return;
  const expected = `${told}, as the handshake said, or 0`;
  throw malformed(message, 'scalar "n_samples"', expected, String(nSamples));
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
  const array: unknown = message.arrays[name];
  if (isNamedArray(array) && array.dtype === dtype && hasShape(array, shape)) return array;
  const expected = `${dtype} (${shape.map((size) => size ?? "any").join(", ")})`;
  throw malformed(message, `array "${name}"`, expected, describeArray(array));
}

function isNamedArray(array: unknown): array is NamedArray {
  if (!isRecord(array) || !Array.isArray(array.shape)) return false;
  if (array.dtype === "float64") return isOf(Float64Array, array.data);
  return array.dtype === "int32" && isOf(Int32Array, array.data);
}

/** Whether a value is a typed array of a type, in whatever realm it was made. */
function isOf(type: Float64ArrayConstructor | Int32ArrayConstructor, value: unknown): boolean {
  // Nearly every one is of this realm, of which to know takes less time.
  return (ArrayBuffer.isView(value) && value instanceof type) || TYPE_NAME.call(value) === type.name;
}

/** Reads a typed array's type, whatever it says of itself; undefined of anything else. */
const TYPE_NAME = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get!;

function describeArray(array: unknown): string {
  if (array === undefined) return "none";
  if (!isNamedArray(array)) return "no array of numbers";
  const { dtype, shape, data } = array;
  const size = shape.length > 8 ? `${shape.length} dimensions` : shape.map(shown).join(", ");
  const found = `${dtype} (${size})`;
  return hasShape(array, shape) ? found : `${found} of ${data.length} elements`;
}

function hasShape({ shape: found, data }: NamedArray, expected: readonly (number | null)[]): boolean {
  if (found.length !== expected.length) return false;
  let length = 1;
  for (let axis = 0; axis < found.length; axis++) {
    if (!Number.isSafeInteger(found[axis]) || found[axis] < 0) return false;
    if (expected[axis] !== null && expected[axis] !== found[axis]) return false;
    length *= found[axis];
  }
  return data.length === length;
}

/** The error of a message that does not hold what it should. */
export function malformed(message: Message, what: string, expected: string, found: string): RunError {
  return new RunError(`message "${message.kind}", ${what}: expected ${expected}, found ${found}`);
}

/** What stands where something else should, in few characters, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  }
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === undefined || value === null) return "none";
  return Array.isArray(value) ? `a list of ${value.length}` : `a value of type ${typeof value}`;
}
