import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { MOST_BYTES_BEFORE_ELEMENTS, type NpyHeader, readNpyHeader } from "../../directory/npy-header.js";
import { messageOf, RunError } from "../../errors.js";
import { allocateBytes } from "../../numerics/row-memory.js";
import { type ArchiveFile, MAX_SMALL_BYTES } from "./archive-file.js";
import { checkFitsInMemory } from "./read-whole.js";

/** Deflate turns one byte into at most 1032; a member that claims more lies about its size. */
const MAX_DEFLATE_RATIO = 1032;
/** Compressed bytes in which a header is looked for first. */
const FIRST_LOOK_BYTES = 512;
const STORED = 0;
const DEFLATED = 8;

/** One array of an archive, of which nothing is believed before it is checked. */
export class NpzMember {
  #from: number | null = null;

  constructor(
    private readonly zip: ZipFile,
    private readonly reader: ArchiveFile,
    private readonly entry: Entry,
    private readonly path: string,
    private readonly source: string,
  ) {}

  async header(): Promise<NpyHeader> {
    const { entry, source } = this;
    const { compressionMethod, uncompressedSize } = entry;
    const from = await this.#start();
    const bytes = new Uint8Array(Math.min(entry.compressedSize, MOST_BYTES_BEFORE_ELEMENTS));
    const start = bytes.subarray(0, this.reader.readInto(bytes, from));
    if (compressionMethod === STORED) return readNpyHeader(start, source, uncompressedSize);
    // Zeros inflate a thousandfold: where a little of them is enough, no more is taken.
    let inflated = inflateStart(start.subarray(0, FIRST_LOOK_BYTES), source);
    if (inflated.length < MOST_BYTES_BEFORE_ELEMENTS) inflated = inflateStart(start, source);
    return readNpyHeader(inflated, source, uncompressedSize);
  }

  async read(): Promise<Uint8Array> {
    const { entry, source, reader } = this;
    const { compressedSize, compressionMethod, uncompressedSize } = entry;
    // The header of a small member is not read first: it can do no harm, and so is inflated only once.
    if (uncompressedSize > MAX_SMALL_BYTES) await this.header();
    const from = await this.#start();
    if (compressedSize === 0) return checked(new Uint8Array(uncompressedSize), 0, entry, source);
    const end = from + compressedSize;
    if (reader.bytes !== null && end <= reader.bytes.length) {
      const bytes = expand(reader.bytes.subarray(from, end), entry, source);
      return checked(bytes, bytes.length, entry, source);
    }
    try {
      checkFitsInMemory(uncompressedSize);
    } catch (error) {
      throw new RunError(`${source}: ${messageOf(error)}`);
    }
    const bytes = allocateBytes(uncompressedSize);
    if (compressionMethod === STORED) return checked(bytes, reader.readInto(bytes, from), entry, source);
    let length = 0;
    const collect = new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        if (length + chunk.length <= uncompressedSize) bytes.set(chunk, length);
        length += chunk.length;
        done(
          length > uncompressedSize ? new Error(`more than the ${uncompressedSize} bytes declared`) : null,
        );
      },
    });
    const compressed = createReadStream(this.path, { start: from, end: end - 1, highWaterMark: 2 ** 20 });
    await pipeline(compressed, createInflateRaw(), collect).catch((error) => {
      throw new RunError(`${source}: damaged: ${messageOf(error)}`);
    });
    return checked(bytes, length, entry, source);
  }

  /** Where its bytes begin in the archive, once all that the archive says of it is sound. */
  async #start(): Promise<number> {
    if (this.#from !== null) return this.#from;
    const { entry, source } = this;
    const { compressedSize, compressionMethod, uncompressedSize } = entry;
    if (entry.isEncrypted()) throw new RunError(`${source}: encrypted; save it without a password`);
    if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
      throw new RunError(
        `${source}: stored or deflated data expected, found compression ${compressionMethod}`,
      );
    }
    const most = compressionMethod === STORED ? compressedSize : compressedSize * MAX_DEFLATE_RATIO;
    if (uncompressedSize > most) {
      throw new RunError(
        `${source}: at most ${most} bytes expected from ${compressedSize} compressed ones, ${uncompressedSize} declared`,
      );
    }
    const { fileDataStart } = await this.zip.readLocalFileHeaderPromise(entry, { minimal: true });
    this.#from = fileDataStart;
    return fileDataStart;
  }
}

/** What the first bytes of a member inflate to; they need not be all of it. */
function inflateStart(compressed: Uint8Array, source: string): Uint8Array {
  try {
    return inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new RunError(`${source}: damaged: ${messageOf(error)}`);
  }
}

function expand(compressed: Uint8Array, entry: Entry, source: string): Uint8Array {
  if (entry.compressionMethod === STORED) return new Uint8Array(compressed);
  try {
    return inflateRawSync(compressed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
  } catch (error) {
    const isLonger = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const problem = isLonger ? `more than the ${entry.uncompressedSize} bytes declared` : messageOf(error);
    throw new RunError(`${source}: damaged: ${problem}`);
  }
}

/** @param length bytes that were there */
function checked(bytes: Uint8Array, length: number, entry: Entry, source: string): Uint8Array {
  const { uncompressedSize } = entry;
  if (length !== uncompressedSize) {
    throw new RunError(`${source}: truncated: ${uncompressedSize} bytes expected, ${length} found`);
  }
  const checksum = crc32(bytes);
  if (checksum !== entry.crc32) {
    throw new RunError(
      `${source}: damaged: CRC-32 ${entry.crc32.toString(16)} expected, found ${checksum.toString(16)}`,
    );
  }
  return bytes;
}
