import { closeSync, createReadStream, fstatSync, readSync } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { MOST_BYTES_BEFORE_ELEMENTS, type NpyHeader, readNpyHeader } from "../../directory/npy-header.js";
import { messageOf, RunError, UsageError } from "../../errors.js";
import { openRegularFile } from "../../files/regular-file.js";
import { allocateBytes } from "../../numerics/row-memory.js";
import { checkFitsInMemory, readInto } from "./read-whole.js";

/** Deflate turns one byte into at most 1032; a member that claims more lies about its size. */
const MAX_DEFLATE_RATIO = 1032;
/** An archive of at most this is read at once: for one of many small clients, every wait counts. */
const MAX_SMALL_BYTES = 2 ** 18;
/** Compressed bytes in which a header is looked for first. */
const FIRST_LOOK_BYTES = 512;
const STORED = 0;
const DEFLATED = 8;

/** What numpy.savez or numpy.savez_compressed wrote, while it is open. */
export interface NpzArchive {
  /** Names of its arrays ("X" for the member X.npy), in the archive's order. */
  readonly names: readonly string[];
  /**
   * Reads what an array is, of its first bytes: no more is decompressed, however large the array.
   *
   * @throws RunError if it is no array of numbers or texts, or not as large as its header says
   */
  header(name: string): Promise<NpyHeader>;
  /**
   * Reads an array as the file it is, once its header is known to fit: never more bytes than that says.
   *
   * @throws as `header`, and RunError if it is damaged, or larger than the memory of this machine
   */
  read(name: string): Promise<Uint8Array>;
}

/**
 * Opens an archive, for as long as `use` takes.
 *
 * @param path the archive
 * @throws UsageError if there is no such file; RunError if it is damaged, or has members under other than plain names
 */
export async function withNpz<T>(path: string, use: (archive: NpzArchive) => Promise<T>): Promise<T> {
  const file = openFile(path);
  try {
    const reader = new FileReader(file);
    const zip = await openArchive(reader);
    const entries = await listArrays(zip, path);
    const members = new Map<string, Member>();
    for (const [name, entry] of entries) {
      members.set(name, new Member(zip, reader, entry, path, `${path} (array ${JSON.stringify(name)})`));
    }
    return await use({
      names: [...members.keys()],
      header: (name) => members.get(name)!.header(),
      read: (name) => members.get(name)!.read(),
    });
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`${path}: damaged, truncated or not a .npz archive: ${messageOf(error)}`);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    return openRegularFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be opened: ${messageOf(error)}`);
  }
}

/** Refuses to read outside the file: offsets in a damaged archive can be anything up to 2^64. */
class FileReader extends RandomAccessReader {
  readonly size: number;
  /** All of a small file; null of a larger one. */
  readonly bytes: Buffer | null;

  constructor(private readonly file: number) {
    super();
    this.size = fstatSync(file).size;
    this.bytes = null;
    if (this.size <= MAX_SMALL_BYTES) {
      const bytes = Buffer.allocUnsafeSlow(this.size);
      this.bytes = bytes.subarray(0, readSync(file, bytes, 0, this.size, 0));
    }
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    let bytesRead = 0;
    if (position + length <= this.size) {
      bytesRead =
        this.bytes === null
          ? readSync(this.file, buffer, offset, length, position)
          : this.bytes.copy(buffer, offset, position, position + length);
    }
    const error = bytesRead === length ? null : new Error("it ends too early");
    queueMicrotask(() => callback(error));
  }

  /** Fills memory from a place of the file; returns how many bytes there were. */
  readInto(bytes: Uint8Array, position: number): number {
    return readInto(this.file, bytes, position);
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

async function openArchive(reader: FileReader): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true };
  return fromRandomAccessReaderPromise(reader, reader.size, options);
}

async function listArrays(archive: ZipFile, path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of archive.eachEntry()) {
    const quoted = JSON.stringify(entry.fileName);
    if (/[/\\\0]/.test(entry.fileName) || entry.fileName.startsWith(".")) {
      throw new RunError(`${path}: member ${quoted}: a plain name without folders expected`);
    }
    if (!entry.fileName.endsWith(".npy")) continue;
    const name = entry.fileName.slice(0, -".npy".length);
    if (entries.has(name)) throw new RunError(`${path}: member ${quoted} is there twice`);
    entries.set(name, entry);
  }
  return entries;
}

class Member {
  #from: number | null = null;

  constructor(
    private readonly zip: ZipFile,
    private readonly reader: FileReader,
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
    // What is small does no harm, and is inflated but once.
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

/** What the first bytes of a member inflate to: to be complete is not asked of them. */
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
