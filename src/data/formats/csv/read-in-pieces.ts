import { closeSync, createReadStream, fstatSync, readSync } from "node:fs";
import { pipeline } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { checkRegularFile, openRegularFile } from "../../../files/regular-file.js";
import { Byte } from "./bytes.js";

/** What is read of a text at once, and what one record of it may take. */
const PIECE_BYTES = 2 ** 17;
const MOST_PENDING_BYTES = 2 ** 28;
/** Pieces after which others may have the thread. */
const STRETCH = 64;

/** A piece of a text: `bytes` up to `end`, at which there is a newline that is not part of it. */
export interface TextPiece {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** Whether nothing comes after it. */
  readonly isLast: boolean;
}

/**
 * Reads a file from its beginning to its end, decompressed if its name ends in .gz, so that no more of it is in
 * memory than a piece.
 *
 * @param use takes a piece and returns how many of its bytes it has done with; the next piece begins with the rest
 * @throws the system's error if it cannot be read; Error if what is pending grows beyond all records
 */
export async function readInPieces(path: string, use: (piece: TextPiece) => number): Promise<void> {
  const source = /\.gz$/i.test(path) ? unzip(path) : open(path);
  // A buffer, whose indexOf is many times as fast as that of other arrays of bytes.
  let bytes = Buffer.allocUnsafeSlow(source.most + 1);
  let end = 0;
  let left = source.size;
  try {
    for (let pieces = 1; ; pieces++) {
      const length = await source.fill(bytes.subarray(end, bytes.length - 1));
      end += length;
      left -= length;
      bytes[end] = Byte.NEWLINE;
      const isLast = length === 0 || left === 0;
      const done = use({ bytes, end, isLast });
      if (isLast) return;
      bytes.copyWithin(0, done, end);
      end -= done;
      if (end > MOST_PENDING_BYTES) {
        throw new Error("a record without end; is there a quote that does not close, or is it no text?");
      }
      if (end > bytes.length / 2) {
        const larger = Buffer.allocUnsafeSlow(2 * bytes.length);
        larger.set(bytes.subarray(0, end));
        bytes = larger;
      }
      if (pieces % STRETCH === 0) await setImmediate();
    }
  } finally {
    source.close();
  }
}

interface Source {
  /** Bytes it has in all; infinite where that shows only at the end. */
  readonly size: number;
  /** Bytes worth to be filled at once. */
  readonly most: number;
  /** Returns how many bytes there were: 0 at the end. */
  fill(target: Uint8Array): number | Promise<number>;
  close(): void;
}

function open(path: string): Source {
  const file = openRegularFile(path);
  const { size } = fstatSync(file);
  return {
    size,
    most: Math.min(PIECE_BYTES, size + 1),
    fill: (target) => readSync(file, target, 0, target.length, null),
    close: () => closeSync(file),
  };
}

function unzip(path: string): Source {
  checkRegularFile(path);
  const stream = createGunzip({ chunkSize: PIECE_BYTES });
  // An error of the file or of its compression is thrown where the chunks are taken.
  pipeline(createReadStream(path), stream, () => {});
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    size: Number.POSITIVE_INFINITY,
    most: PIECE_BYTES,
    async fill(target) {
      if (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done) return 0;
        rest = value;
      }
      const filled = rest.subarray(0, target.length);
      target.set(filled);
      rest = rest.subarray(filled.length);
      return filled.length;
    },
    close: () => stream.destroy(),
  };
}
