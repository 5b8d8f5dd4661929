import { fstatSync, readSync } from "node:fs";
import { RandomAccessReader } from "yauzl";
import { readInto } from "./read-whole.js";

/** An archive of at most this is read at once: for one of many small clients, every wait counts. */
export const MAX_SMALL_BYTES: number = 2 ** 18;

/** An open archive. Refuses to read outside the file: offsets in a damaged archive can be anything up to 2^64. */
export class ArchiveFile extends RandomAccessReader {
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
