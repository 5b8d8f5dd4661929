import { promisify } from "node:util";
import { constants, crc32, deflate, type ZlibOptions } from "node:zlib";

const compress: (rows: Uint8Array, options: ZlibOptions) => Promise<Uint8Array> = promisify(deflate);

/** zlib looks for runs only: where a row equals the row above, all bytes are zero. */
const EFFORT: ZlibOptions = { level: 1, strategy: constants.Z_RLE, chunkSize: 2 ** 19 };
const SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const EIGHT_BITS = 8;
const RGB = 2;
/** Of the filters. */
const UP = 2;

/**
 * Makes PNG files of one size, one at a time. Canvas writes PNG too, but takes several times as long and blocks its
 * thread; here only the packing does, and zlib compresses elsewhere, with little effort, which is enough for flat
 * colours.
 *
 * @returns a function of width x height opaque pixels, four bytes each: blue, green, red, alpha, which may be used for
 *   other things once it returns. It gives the bytes of a file, and must not be called again before they are there
 * @see Portable Network Graphics Specification, 3rd edition, sections 5, 9 and 11
 */
export function createPngEncoder(width: number, height: number): (pixels: Uint8Array) => Promise<Uint8Array> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([EIGHT_BITS, RGB], 8);
  const head = [SIGNATURE, ...chunk("IHDR", header)];
  const end = chunk("IEND", new Uint8Array());
  const rows = new Uint8Array((1 + 3 * width) * height);
  return async (pixels) => {
    packRows(pixels, rows, width, height);
    const body = await compress(rows, EFFORT);
    return Buffer.concat([...head, ...chunk("IDAT", body), ...end]);
  };
}

/**
 * Rows of red, green, blue, each after its filter: the difference from the row above. Most pixels of a chart are like
 * the one above, and there is nothing to do for those.
 */
function packRows(pixels: Uint8Array, rows: Uint8Array, width: number, height: number): void {
  const words = new Int32Array(pixels.buffer, pixels.byteOffset, width * height);
  rows.fill(0);
  let to = 0;
  for (let y = 0, at = 0; y < height; y++) {
    rows[to++] = UP;
    for (const end = at + width; at < end; at++, to += 3) {
      const pixel = words[at];
      const above = y > 0 ? words[at - width] : 0;
      if (pixel === above) continue;
      rows[to] = (pixel >> 16) - (above >> 16);
      rows[to + 1] = (pixel >> 8) - (above >> 8);
      rows[to + 2] = pixel - above;
    }
  }
}

function chunk(type: string, body: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(type, 4, "latin1");
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body, crc32(head.subarray(4))), 0);
  return [head, body, tail];
}
