import { closeSync, createReadStream, fstatSync, readSync } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { ZipFile as ZipWriter } from "yazl";
import { messageOf, RunError, UsageError } from "../errors.js";
import { allocateBytes } from "../numerics/kernels/held-rows.js";
import { type NpyArray, readNpy, type TypedArray, writeNpy } from "./npy.js";
import { readInto } from "./read-whole.js";
import { openRegularFile } from "./regular-file.js";

const MAX_MEMBER_BYTES = 16 * 2 ** 30;
/** What one member of an archive that we write may take: yazl's own limit. */
const MAX_WRITTEN_MEMBER_BYTES = 2 ** 30 - 1;
/** Deflate turns one byte into at most 1032; a member that claims more lies about its size. */
const MAX_DEFLATE_RATIO = 1032;
/** An archive of at most this is read at once: for one of many small clients, every wait counts. */
const MAX_SMALL_BYTES = 2 ** 18;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads arrays from what numpy.savez or numpy.savez_compressed wrote. Only the wanted members are decompressed,
 * and never to more bytes than the archive declares.
 *
 * @param path the archive
 * @param wanted names of arrays ("X" for the member X.npy); those the archive lacks are left out. All if omitted
 * @returns the arrays by name, in the archive's order
 * @throws UsageError if there is no such file; RunError if it is damaged, encrypted or holds anything but
 * arrays of real numbers under plain names
 */
export async function readNpz(path: string, wanted?: readonly string[]): Promise<Map<string, NpyArray>> {
  const file = openFile(path);
  try {
    const reader = new FileReader(file);
    const archive = await openArchive(reader);
    const arrays = new Map<string, NpyArray>();
    for (const [name, entry] of await listArrays(archive, path)) {
      if (wanted !== undefined && !wanted.includes(name)) continue;
      const source = `${path} (array ${JSON.stringify(name)})`;
      arrays.set(name, readNpy(await readMember(archive, reader, entry, path, source), source));
    }
    return arrays;
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

async function readMember(
  archive: ZipFile,
  reader: FileReader,
  entry: Entry,
  path: string,
  source: string,
): Promise<Uint8Array> {
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  if (entry.isEncrypted()) throw new RunError(`${source}: encrypted; save it without a password`);
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw new RunError(`${source}: stored or deflated data expected, found compression ${compressionMethod}`);
  }
  const bound = compressionMethod === STORED ? compressedSize : compressedSize * MAX_DEFLATE_RATIO;
  if (uncompressedSize > Math.min(bound, MAX_MEMBER_BYTES)) {
    throw new RunError(
      `${source}: at most ${Math.min(bound, MAX_MEMBER_BYTES)} bytes expected from ${compressedSize} compressed ones, ${uncompressedSize} declared`,
    );
  }
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
  if (compressedSize === 0) return checked(new Uint8Array(uncompressedSize), 0, entry, source);
  const end = fileDataStart + compressedSize;
  if (reader.bytes !== null && end <= reader.bytes.length) {
    const bytes = expand(reader.bytes.subarray(fileDataStart, end), entry, source);
    return checked(bytes, bytes.length, entry, source);
  }
  const bytes = allocateBytes(uncompressedSize);
  if (compressionMethod === STORED) {
    return checked(bytes, reader.readInto(bytes, fileDataStart), entry, source);
  }
  let length = 0;
  const collect = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (length + chunk.length <= uncompressedSize) bytes.set(chunk, length);
      length += chunk.length;
      done(length > uncompressedSize ? new Error(`more than the ${uncompressedSize} bytes declared`) : null);
    },
  });
  const compressed = createReadStream(path, { start: fileDataStart, end: end - 1, highWaterMark: 2 ** 20 });
  await pipeline(compressed, createInflateRaw(), collect).catch((error) => {
    throw new RunError(`${source}: damaged: ${messageOf(error)}`);
  });
  return checked(bytes, length, entry, source);
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

/**
 * The bytes of an archive that numpy.load reads, as numpy.savez writes it. Nothing is compressed: Node and Deno
 * ship different zlibs, whose bytes differ, and random reals hardly shrink. The same arrays give the same bytes
 * on every host, in every time zone.
 *
 * @param arrays by name, each of at most 1 GiB
 * @throws RunError if an array is larger, or its shape does not fit its data
 */
export async function writeNpz(
  arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: TypedArray }>>,
): Promise<Uint8Array> {
  const archive = new ZipWriter();
  // A zip holds local time, so this local time is the same bytes everywhere.
  const options = { compress: false, mtime: new Date(1980, 0, 1, 12), forceDosTimestamp: true };
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = writeNpy(array);
    if (bytes.length > MAX_WRITTEN_MEMBER_BYTES) {
      throw new RunError(
        `writing .npz: array "${name}": at most 1 GiB expected, found ${bytes.length} bytes`,
      );
    }
    archive.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), `${name}.npy`, options);
  }
  archive.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
