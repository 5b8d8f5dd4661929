import { endianness } from "node:os";
import { dump, parse } from "npyjs";
import type { NpyHeader, RealType } from "./npy-header.js";

/* All that passes between here and npyjs, which packs and unpacks the elements of .npy files. */

/** The elements of an array: one number each, or one bigint each for int64 and uint64. */
export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

const HEADER_BYTES = 128;
export const HOST_IS_BIG_ENDIAN: boolean = endianness() === "BE";

/**
 * Unpacks the elements of a .npy file in the order in which they lie there.
 *
 * @returns of the dtype's own kind; float16 in a Float32Array, bool in a Uint8Array of its bytes
 */
export function unpackElements(bytes: Uint8Array, header: NpyHeader, { code }: RealType): TypedArray {
  return parse(canonicalFile(bytes, header, code)).data as TypedArray;
}

/**
 * The same array as the only kind of file npyjs decodes rightly: elements aligned, in host byte order (npyjs
 * takes them so, whatever the descr says), up to the very end, bool as bytes. It ignores the memory order.
 */
function canonicalFile(
  bytes: Uint8Array,
  { count, bigEndian, bodyOffset }: NpyHeader,
  code: RealType["code"],
): ArrayBuffer {
  const file = Buffer.from(new ArrayBuffer(HEADER_BYTES + bytes.length - bodyOffset));
  const descr = code === "b1" ? "u1" : code;
  const text = `{'descr': '<${descr}', 'fortran_order': False, 'shape': (${count},)}`;
  file.write("\x93NUMPY\x01\x00", "latin1");
  file.writeUInt16LE(HEADER_BYTES - 10, 8);
  file.write(`${text.padEnd(HEADER_BYTES - 11)}\n`, 10, "latin1");
  const body = file.subarray(HEADER_BYTES);
  body.set(bytes.subarray(bodyOffset));
  if (bigEndian !== HOST_IS_BIG_ENDIAN) {
    if (code[1] === "2") body.swap16();
    if (code[1] === "4") body.swap32();
    if (code[1] === "8") body.swap64();
  }
  return file.buffer as ArrayBuffer;
}

/** The bytes of a .npy file (format 1.0, C order, little endian). */
export function packFile(data: TypedArray, shape: readonly number[]): Uint8Array {
  return new Uint8Array(dump(data, [...shape]));
}
