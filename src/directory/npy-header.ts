import { RunError } from "../errors.js";

/** How the elements of a .npy body are laid out. */
export interface NpyHeader {
  readonly type: RealType | TextType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Number of elements, the product of `shape`. */
  readonly count: number;
  /** Where the body starts, in bytes from the start of the file. */
  readonly bodyOffset: number;
}

export interface RealType {
  readonly kind: "real";
  /** NumPy's type code without byte order, e.g. "f8". */
  readonly code: NpyCode;
  readonly itemBytes: number;
}

/** Texts of one length, filled up with zeros. */
interface TextType {
  readonly kind: "text";
  /** "U" in code points of 4 bytes, "S" in bytes. */
  readonly code: "U" | "S";
  readonly itemBytes: number;
}

export type NpyCode = "b1" | "i1" | "u1" | "i2" | "u2" | "i4" | "u4" | "i8" | "u8" | "f2" | "f4" | "f8";

/** numpy.lib.format refuses longer headers too (`max_header_size`): nothing real needs them. */
const MAX_HEADER_BYTES = 10_000;
/** NPY_MAXDIMS of NumPy 1. */
const MAX_DIMENSIONS = 32;
/** What to do about an array of anything else. */
export const SAVE_REAL_NUMBERS: string = "save real numbers (bool, int8 to uint64, float16 to float64)";
const MAGIC = "\x93NUMPY";
/** Up to 10 million characters: no label is longer. */
const TEXT_CODE = /^(?:[<>](?=U)|[|<>=](?=S))([US])([1-9]\d{0,6})$/;
/** In which the class of a pickled object is looked for. */
const SEARCHED_BYTES = 1000;
const REAL_CODE = /^[<>|=](b1|[iu][1248]|f[248])$/;
const ENTRY = /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|(\([^()]*\)))\s*(?:,|$)/y;

/** No file's elements begin later: whoever has so much of its start has the header. */
export const MOST_BYTES_BEFORE_ELEMENTS: number = 12 + MAX_HEADER_BYTES;

/**
 * Reads and checks everything in a .npy file that comes before its elements; the body must be exactly as long
 * as the header says.
 *
 * @param bytes the file, or as much of its start as holds the header
 * @param source what to call it in errors
 * @param fileBytes how long the file is
 * @throws RunError if the header is not one numpy.save writes for real numbers or for texts, or the body's length
 *   differs
 * @see numpy.lib.format, "Format Version 1.0" to "3.0"
 */
export function readNpyHeader(
  bytes: Uint8Array,
  source: string,
  fileBytes: number = bytes.length,
): NpyHeader {
  const { text, bodyOffset } = headerText(bytes, source);
  const fields = headerFields(text, source);
  const { type, bigEndian } = parseDescr(fields.descr, source, bytes.subarray(bodyOffset));
  const shape = parseShape(fields.shape, source);
  const expected = shape.reduce((product, n) => product * BigInt(n), BigInt(type.itemBytes));
  const found = fileBytes - bodyOffset;
  if (expected !== BigInt(found)) {
    const problem = expected > found ? "truncated" : "unexpected bytes after the last element";
    throw new RunError(
      `${source}: ${problem}: ${expected} bytes expected for shape ${fields.shape} of ${fields.descr}, ${found} found`,
    );
  }
  const count = found / type.itemBytes;
  return { type, bigEndian, fortranOrder: fields.fortran_order === "True", shape, count, bodyOffset };
}

function headerText(bytes: Uint8Array, source: string): { text: string; bodyOffset: number } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const latin1 = (from: number, to: number) => file.toString("latin1", from, to);
  if (latin1(0, MAGIC.length) !== MAGIC) {
    throw new RunError(`${source}: not a .npy file: it must start with \\x93NUMPY`);
  }
  const version = bytes[6];
  const lengthBytes = version === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  if (bytes.length < start) throw new RunError(`${source}: truncated: it ends within the .npy header`);
  if (!(version >= 1 && version <= 3) || bytes[7] !== 0) {
    throw new RunError(
      `${source}: .npy format version 1.0, 2.0 or 3.0 expected, found ${version}.${bytes[7]}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES) {
    throw new RunError(
      `${source}: .npy header of at most ${MAX_HEADER_BYTES} bytes expected, found ${length}`,
    );
  }
  if (bytes.length < start + length)
    throw new RunError(`${source}: truncated: it ends within the .npy header`);
  return { text: latin1(start, start + length), bodyOffset: start + length };
}

/** The three values of the header's Python dict, as they are written there (without quotes). */
function headerFields(text: string, source: string): { descr: string; fortran_order: string; shape: string } {
  if (/['"]descr['"]\s*:\s*\[/.test(text)) {
    throw new RunError(`${source}: a structured dtype; save one plain array of real numbers instead`);
  }
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]?.trimEnd();
  const fields = new Map<string, string>();
  ENTRY.lastIndex = 0;
  for (let at = 0; body !== undefined && at < body.length; at = ENTRY.lastIndex) {
    const match = ENTRY.exec(body);
    if (match === null || fields.has(match[2])) throw malformed(source);
    fields.set(match[2], match[4] ?? match[5] ?? match[6]);
  }
  const descr = fields.get("descr");
  const order = fields.get("fortran_order");
  const shape = fields.get("shape");
  if (fields.size !== 3 || descr === undefined || order === undefined || shape === undefined) {
    throw malformed(source);
  }
  if (!/^(True|False)$/.test(order) || !shape.startsWith("(")) throw malformed(source);
  return { descr, fortran_order: order, shape };
}

function malformed(source: string): RunError {
  return new RunError(`${source}: malformed .npy header: descr, fortran_order and shape expected, each once`);
}

/** @param body the elements, or some of the first of them */
function parseDescr(
  descr: string,
  source: string,
  body: Uint8Array,
): { type: RealType | TextType; bigEndian: boolean } {
  const bigEndian = descr[0] === ">";
  const code = REAL_CODE.exec(descr)?.[1] as NpyCode | undefined;
  if (code !== undefined && (code[1] === "1" || /^[<>]/.test(descr))) {
    return { type: { kind: "real", code, itemBytes: Number(code[1]) }, bigEndian };
  }
  const [, letter, length] = TEXT_CODE.exec(descr) ?? [];
  if (letter === "U") return { type: { kind: "text", code: "U", itemBytes: 4 * Number(length) }, bigEndian };
  if (letter === "S") return { type: { kind: "text", code: "S", itemBytes: Number(length) }, bigEndian };
  throw new RunError(`${source}: ${refusal(descr, body)}`);
}

/** Why a dtype is not read, and what to save instead. */
function refusal(descr: string, body: Uint8Array): string {
  const kind = descr.replace(/^[<>|=]/, "");
  if (kind.startsWith("O")) {
    // What was pickled names its class near its start.
    if (Buffer.from(body.subarray(0, SEARCHED_BYTES)).includes("scipy.sparse")) {
      return "holds a scipy.sparse matrix; save its dense rows instead: matrix.toarray()";
    }
    return "holds Python objects (dtype object), which fedkmeans never unpickles; save numbers, or texts by astype(str)";
  }
  const kinds: [RegExp, string][] = [
    [/^c\d+$/, "complex numbers"],
    [/^[USa]\d*$/, "strings of no length"],
    [/^V\d*$/, "a structured or void dtype"],
    [/^[mM]8/, "dates or durations"],
    [/^f(12|16)$/, "long doubles, whose layout depends on the machine"],
  ];
  const name = kinds.find(([pattern]) => pattern.test(kind))?.[1] ?? "an unknown dtype";
  return `holds ${name} (dtype ${JSON.stringify(descr)}); ${SAVE_REAL_NUMBERS}`;
}

function parseShape(text: string, source: string): number[] {
  const parts = text.slice(1, -1).split(",");
  // A Python tuple of one has a comma after it, an empty one has none.
  const isTuple = parts.length > 1 || parts[0].trim() === "";
  if (parts.at(-1)?.trim() === "") parts.pop();
  // Python 2 wrote long integers with an L.
  const valid = isTuple && parts.every((part) => /^\s*\d{1,15}L?\s*$/.test(part));
  if (!valid || parts.length > MAX_DIMENSIONS) {
    const found = text.length > 80 ? `${text.slice(0, 80)}...` : text;
    throw new RunError(
      `${source}: .npy shape: a tuple of at most ${MAX_DIMENSIONS} integers from 0 to 10^15 expected, found ${found}`,
    );
  }
  return parts.map((part) => Number.parseInt(part, 10));
}
