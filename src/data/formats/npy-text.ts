import { toCOrder } from "../../directory/npy.js";
import { readNpyHeader } from "../../directory/npy-header.js";
import { RunError } from "../../errors.js";

/** An array of texts as NumPy saves it. */
interface TextArray {
  readonly shape: readonly number[];
  /** C order. */
  readonly texts: readonly string[];
}

/**
 * Reads what numpy.save wrote of texts (dtype "<U" or ">U") or of bytes (dtype "|S", which are to be UTF-8).
 *
 * @param bytes the whole file
 * @param source what to call it in errors
 * @throws RunError if it holds anything but texts, or is damaged or truncated
 */
export function readNpyTexts(bytes: Uint8Array, source: string): TextArray {
  const { type, bigEndian, fortranOrder, shape, count, bodyOffset } = readNpyHeader(bytes, source);
  if (type.kind !== "text") throw new RunError(`${source}: texts expected, found numbers`);
  const { code, itemBytes } = type;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + bodyOffset, bytes.length - bodyOffset);
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const where = (i: number) => `${source}: element ${i} (counted from 0)`;
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const places = fortranOrder && shape.length > 1 ? toCOrder(order, shape) : order;
  const texts = Array.from(places, (place, i) => {
    const item = body.subarray(place * itemBytes, (place + 1) * itemBytes);
    if (code === "U") return fromCodePoints(item, bigEndian, () => where(i));
    try {
      return utf8.decode(item.subarray(0, filledBytes(item)));
    } catch {
      throw new RunError(
        `${where(i)}: bytes of UTF-8 text expected; save texts, as np.char.decode makes them`,
      );
    }
  });
  return { shape, texts };
}

/** The bytes without the zeros that fill them up. */
function filledBytes(item: Buffer): number {
  let length = item.length;
  while (length > 0 && item[length - 1] === 0) length--;
  return length;
}

function fromCodePoints(item: Buffer, bigEndian: boolean, where: () => string): string {
  const points: number[] = [];
  for (let at = 0; at < item.length; at += 4) {
    points.push(bigEndian ? item.readUInt32BE(at) : item.readUInt32LE(at));
  }
  while (points.at(-1) === 0) points.pop();
  const bad = points.find((point) => point > 0x10ffff);
  if (bad !== undefined) throw new RunError(`${where()}: no character has the number ${bad}`);
  return points.map((point) => String.fromCodePoint(point)).join("");
}
