import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";

const compress: (rows: Uint8Array, options: { level: number; chunkSize: number }) => Promise<Uint8Array> =
  promisify(deflate);

const SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const EIGHT_BITS = 8;
const RGB = 2;

/**
 * The bytes of a PNG file. Canvas writes PNG too, but takes several times as long and blocks its thread; here only
 * the packing does, and zlib compresses elsewhere, with little effort, which is enough for flat colours.
 *
 * @param pixels width x height, opaque, four bytes each: blue, green, red, alpha; free again when this returns
 * @see Portable Network Graphics Specification, 3rd edition, sections 5 and 11
 */
export function encodePng(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  const rows = packRows(pixels, width, height);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([EIGHT_BITS, RGB], 8);
  return compress(rows, { level: 1, chunkSize: 2 ** 19 }).then((body) =>
    Buffer.concat([
      SIGNATURE,
      ...chunk("IHDR", header),
      ...chunk("IDAT", body),
      ...chunk("IEND", new Uint8Array()),
    ]),
  );
}

/** Rows of red, green, blue, each after a 0: not filtered. Four pixels are packed at a time, as three words. */
function packRows(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const stride = 1 + 3 * width;
  const rows = new Uint8Array(stride * height);
  const row = new Uint32Array(Math.ceil((3 * width) / 4) + 3);
  const rowBytes = new Uint8Array(row.buffer, 0, 3 * width);
  for (let y = 0, at = 0; y < height; y++) {
    const end = (y + 1) * width;
    let to = 0;
    for (; at < end; at += 4) {
      const a = words[at];
      const b = at + 1 < end ? words[at + 1] : 0;
      const c = at + 2 < end ? words[at + 2] : 0;
      const d = at + 3 < end ? words[at + 3] : 0;
      row[to++] = ((a >>> 16) & 0xff) | (a & 0xff00) | ((a & 0xff) << 16) | ((b & 0xff0000) << 8);
      row[to++] = ((b >>> 8) & 0xff) | ((b & 0xff) << 8) | (c & 0xff0000) | ((c & 0xff00) << 16);
      row[to++] = (c & 0xff) | ((d >>> 8) & 0xff00) | ((d & 0xff00) << 8) | ((d & 0xff) << 24);
    }
    at = end;
    rows.set(rowBytes, y * stride + 1);
  }
  return rows;
}

function chunk(type: string, body: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(type, 4, "latin1");
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body, crc32(head.subarray(4))), 0);
  return [head, body, tail];
}
