import { createHash, randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { FileFingerprint } from "../../files/file-hash.js";
import { allocateFloats } from "../../numerics/row-memory.js";
import type { Partition } from "./partition.js";

/** A federation's rows in memory. Plain data: it travels to other threads, with which it shares the rows. */
export interface MemoryData {
  readonly kind: "rows in memory";
  /** Of this very data: no other has it. */
  readonly id: string;
  /** In natural order of their names. */
  readonly clients: readonly MemoryRef[];
}

/** One client's rows in memory. */
export interface MemoryRef {
  readonly client: string;
  /** Its rows lie in memory that threads share, and are not to be written to. */
  readonly partition: Partition;
}

/** What a run's rows come from: the path of files, or memory. */
export type DataSource = string | MemoryData;

const CHUNK_BYTES = 2 ** 24;

/**
 * The data of a federation in memory that threads share.
 *
 * @param clients whose rows are copied
 */
export function memoryDataOf(clients: readonly MemoryRef[]): MemoryData {
  return { kind: "rows in memory", id: randomUUID(), clients: clients.map(share) };
}

export function isMemoryData(value: unknown): value is MemoryData {
  return typeof value === "object" && value !== null && (value as MemoryData).kind === "rows in memory";
}

/** What tells a source from others while the process lasts. */
export function keyOfSource(data: DataSource): string {
  return typeof data === "string" ? `path ${data}` : `memory ${data.id}`;
}

/** A copy of a client's rows, which is the caller's own, in memory that the kernels can work on. */
export function ownPartition({ partition }: MemoryRef): Partition {
  const { rows } = partition;
  const data = allocateFloats(rows.data.length);
  data.set(rows.data);
  return { ...partition, rows: { ...rows, data } };
}

/**
 * Size of a client's rows, and SHA-256 of all that it holds. Leaves the thread to others in between.
 *
 * @throws the signal's reason, once it is aborted
 */
export async function hashMemory({ partition }: MemoryRef, signal: AbortSignal): Promise<FileFingerprint> {
  const hash = createHash("sha256");
  const { size, parts } = hashedParts(partition);
  for (const part of parts) {
    hash.update(part);
    await setImmediate();
    signal.throwIfAborted();
  }
  return { size, sha256: hash.digest("hex") };
}

/** SHA-256 of all that all clients hold. */
export function hashMemoryData({ clients }: MemoryData): string {
  const hash = createHash("sha256");
  for (const { client, partition } of clients) {
    hash.update(JSON.stringify(client));
    for (const part of hashedParts(partition).parts) hash.update(part);
  }
  return hash.digest("hex");
}

function hashedParts({ rows, featureNames, labels, classes }: Partition): {
  size: number;
  parts: Iterable<string | Uint8Array>;
} {
  const { data, nRows, nColumns } = rows;
  const arrays = [data, labels ?? new Int32Array(0)];
  function* parts(): Generator<string | Uint8Array> {
    yield JSON.stringify({ nRows, nColumns, featureNames, classes, hasLabels: labels !== null });
    for (const { buffer, byteOffset, byteLength } of arrays) {
      for (let at = 0; at < byteLength; at += CHUNK_BYTES) {
        // A copy: a hash takes no memory that is shared everywhere.
        yield new Uint8Array(buffer, byteOffset + at, Math.min(CHUNK_BYTES, byteLength - at)).slice();
      }
    }
  }
  return { size: data.byteLength, parts: parts() };
}

function share({ client, partition }: MemoryRef): MemoryRef {
  const { rows } = partition;
  const data = new Float64Array(new SharedArrayBuffer(rows.data.byteLength));
  data.set(rows.data);
  return { client, partition: { ...partition, rows: { ...rows, data } } };
}
