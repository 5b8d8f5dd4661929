import { endianness } from "node:os";
import { RunError } from "fedkmeans/directory";
import { parse } from "npyjs";

/** An array of real numbers, its elements as float64 in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

interface Header {
  /** Type and size without the byte order, e.g. "f8". */
  readonly code: string;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly bodyOffset: number;
}

/** numpy.lib.format refuses longer headers too (`max_header_size`). */
const MAX_HEADER_BYTES = 10_000;
/** An experiment has vectors and matrices. */
const MAX_DIMENSIONS = 2;
const MAGIC = "\x93NUMPY";
const DESCR = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/;
const ORDER = /['"]fortran_order['"]\s*:\s*(True|False)/;
const SHAPE = /['"]shape['"]\s*:\s*\(([^()]*)\)/;
const REAL = /^([<>|=])(b1|[iu][1248]|f[248])$/;
const CANONICAL_HEADER_BYTES = 128;

/**
 * Reads what numpy.save wrote of real numbers: format 1.0 to 3.0, either byte order, either memory order.
 *
 * @param bytes the whole file
 * @param source what to call it in errors
 * @throws RunError if it holds anything else, or its length is not what its shape needs
 * @see numpy.lib.format
 */
export function readNpy(bytes: Uint8Array, source: string): NpyArray {
  const header = readHeader(bytes, source);
  const { code, shape, fortranOrder } = header;
  const decoded = parse(canonicalFile(bytes, header)).data as unknown as ArrayLike<number | bigint>;
  const data = new Float64Array(decoded.length);
  const [nRows, nColumns] = shape;
  const isTransposed = fortranOrder && shape.length === 2;
  for (let i = 0; i < data.length; i++) {
    const from = isTransposed ? (i % nColumns) * nRows + Math.floor(i / nColumns) : i;
    data[i] = code === "b1" ? Number(decoded[from] !== 0) : Number(decoded[from]);
  }
  return { shape, data };
}

function readHeader(bytes: Uint8Array, source: string): Header {
  const refuse = (problem: string) => new RunError(`${source}: ${problem}`);
  const latin1 = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  const major = bytes[6];
  if (latin1(0, MAGIC.length) !== MAGIC) throw refuse("not a .npy file: it must start with \\x93NUMPY");
  if (!(major >= 1 && major <= 3)) throw refuse(`.npy format 1.0 to 3.0 expected, found ${major}`);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw refuse("truncated within the .npy header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) throw refuse(`a header of at most ${MAX_HEADER_BYTES} bytes expected`);
  const bodyOffset = start + length;
  if (bytes.length < bodyOffset) throw refuse("truncated within the .npy header");
  const text = latin1(start, bodyOffset);
  const descr = DESCR.exec(text)?.[1];
  const order = ORDER.exec(text)?.[1];
  const shapeText = SHAPE.exec(text)?.[1];
  if (descr === undefined || order === undefined || shapeText === undefined) {
    throw refuse("malformed .npy header, or a structured dtype: descr, fortran_order and shape expected");
  }
  const [, byteOrder, code] = REAL.exec(descr) ?? [];
  if (code === undefined) {
    throw refuse(`real numbers expected (bool, int8 to uint64, float16 to float64), found dtype "${descr}"`);
  }
  const shape = readShape(shapeText);
  if (shape === null) {
    throw refuse(
      `a shape of at most ${MAX_DIMENSIONS} dimensions expected, found (${shapeText.slice(0, 80)})`,
    );
  }
  const expected = shape.reduce((product, n) => product * BigInt(n), BigInt(code[1]));
  const found = bytes.length - bodyOffset;
  if (expected !== BigInt(found)) {
    throw refuse(`${expected} bytes of elements expected for shape (${shapeText}), found ${found}`);
  }
  return { code, bigEndian: byteOrder === ">", fortranOrder: order === "True", shape, bodyOffset };
}

function readShape(text: string): number[] | null {
  const parts = text.split(",");
  if (parts.at(-1)?.trim() === "") parts.pop();
  if (parts.length > MAX_DIMENSIONS || !parts.every((part) => /^\s*\d{1,15}L?\s*$/.test(part))) return null;
  return parts.map((part) => Number.parseInt(part, 10));
}

/**
 * The same elements as a file that npyjs decodes rightly: aligned, in the host's byte order (npyjs takes them so
 * whatever the descr says), one-dimensional (it ignores the memory order), bool as bytes.
 */
function canonicalFile(bytes: Uint8Array, { code, bigEndian, bodyOffset, shape }: Header): ArrayBuffer {
  const file = Buffer.from(new ArrayBuffer(CANONICAL_HEADER_BYTES + bytes.length - bodyOffset));
  const count = shape.reduce((product, n) => product * n, 1);
  const text = `{'descr': '<${code === "b1" ? "u1" : code}', 'fortran_order': False, 'shape': (${count},)}`;
  file.write("\x93NUMPY\x01\x00", "latin1");
  file.writeUInt16LE(CANONICAL_HEADER_BYTES - 10, 8);
  file.write(`${text.padEnd(CANONICAL_HEADER_BYTES - 11)}\n`, 10, "latin1");
  const body = file.subarray(CANONICAL_HEADER_BYTES);
  body.set(bytes.subarray(bodyOffset));
  if (bigEndian !== (endianness() === "BE")) {
    if (code[1] === "2") body.swap16();
    if (code[1] === "4") body.swap32();
    if (code[1] === "8") body.swap64();
  }
  return file.buffer as ArrayBuffer;
}
