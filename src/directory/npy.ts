import { RunError } from "../errors.js";
import { type NpyCode, type NpyHeader, readNpyHeader, SAVE_REAL_NUMBERS } from "./npy-header.js";
import { HOST_IS_BIG_ENDIAN, packFile, type TypedArray, unpackElements } from "./npyjs.js";

export type { TypedArray };

/** An array of real numbers as NumPy saves it. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** C order, the host's byte order; bool as 0 and 1 in a Uint8Array, float16 in a Float32Array. */
  readonly data: TypedArray;
}

/**
 * Reads what numpy.save wrote: format 1.0 to 3.0, either byte order, either memory order.
 *
 * @param bytes the whole file, no longer the caller's: the array may be a view of it, not a copy
 * @param source what to call it in errors
 * @throws RunError if it holds anything but real numbers, or is damaged or truncated
 */
export function readNpy(bytes: Uint8Array, source: string): NpyArray {
  const header = readNpyHeader(bytes, source);
  if (header.type.kind === "text") {
    throw new RunError(`${source}: holds strings (dtype "${header.type.code}"); ${SAVE_REAL_NUMBERS}`);
  }
  const { code } = header.type;
  const inPlace = doublesInPlace(bytes, header, code);
  if (inPlace !== null) return { shape: header.shape, data: inPlace };
  const decoded = unpackElements(bytes, header, header.type);
  if (code === "b1") {
    const flags = decoded as Uint8Array;
    for (let i = 0; i < flags.length; i++) flags[i] = flags[i] === 0 ? 0 : 1;
  }
  const data = header.fortranOrder && header.shape.length > 1 ? toCOrder(decoded, header.shape) : decoded;
  return { shape: header.shape, data };
}

/** The elements where they lie, if they are already as they should be; else null. */
function doublesInPlace(bytes: Uint8Array, header: NpyHeader, code: NpyCode): Float64Array | null {
  const { count, bigEndian, bodyOffset, fortranOrder, shape } = header;
  const start = bytes.byteOffset + bodyOffset;
  const fits = code === "f8" && bigEndian === HOST_IS_BIG_ENDIAN && !(fortranOrder && shape.length > 1);
  if (!fits || start % 8 !== 0) return null;
  return new Float64Array(bytes.buffer as ArrayBuffer, start, count);
}

/** The elements of an array in Fortran order (`data`, `shape`) in C order. */
export function toCOrder<T extends TypedArray>(data: T, shape: readonly number[]): T {
  const reordered = data.slice() as T;
  // One loop serves numbers and bigints alike: elements are only moved.
  const source = data as Float64Array;
  const target = reordered as Float64Array;
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  let from = 0;
  for (let to = 0; to < target.length; to++) {
    target[to] = source[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return reordered;
}

/**
 * The bytes of a .npy file (format 1.0, C order, little endian) that numpy.load reads.
 *
 * @param array `data` in C order; its type decides the dtype (Float64Array: "<f8", BigInt64Array: "<i8")
 * @throws RunError if `shape` does not hold exactly the elements of `data`
 */
export function writeNpy(array: {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}): Uint8Array {
  checkShape(array);
  return packFile(array.data, array.shape);
}

/**
 * The same bytes in parts, without a copy of the elements: good as long as they are as they are.
 *
 * @throws as `writeNpy`
 */
export function npyParts(array: {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}): Uint8Array[] {
  checkShape(array);
  const { shape, data } = array;
  return [
    packFile(data.subarray(0, 0), shape),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ];
}

function checkShape({ shape, data }: { readonly shape: readonly number[]; readonly data: TypedArray }): void {
  const count = shape.reduce((product, n) => product * n, 1);
  if (count !== data.length) {
    throw new RunError(`writing .npy: shape (${shape}) needs ${count} elements, found ${data.length}`);
  }
}

/**
 * The elements as float64, exactly.
 *
 * @param array of any real dtype; a float64 array's own data is returned, not a copy
 * @param source what to call it in errors
 * @throws RunError at an integer beyond 2^53, which a float64 cannot hold exactly
 */
export function toFloat64(array: NpyArray, source: string): Float64Array {
  const { data } = array;
  if (data instanceof Float64Array) return data;
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return Float64Array.from(data);
  const values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    values[i] = Number(data[i]);
    if (Math.abs(values[i]) > 2 ** 53 || BigInt(values[i]) !== data[i]) {
      throw new RunError(`${source}: element ${i} (counted from 0): at most 2^53 expected, found ${data[i]}`);
    }
  }
  return values;
}
