import { closeSync } from "node:fs";
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from "yauzl";
import type { NpyHeader } from "../../directory/npy-header.js";
import { messageOf, RunError, UsageError } from "../../errors.js";
import { openRegularFile } from "../../files/regular-file.js";
import { ArchiveFile } from "./archive-file.js";
import { NpzMember } from "./npz-member.js";

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
    const reader = new ArchiveFile(file);
    const zip = await openArchive(reader);
    const entries = await listArrays(zip, path);
    const members = new Map<string, NpzMember>();
    for (const [name, entry] of entries) {
      members.set(name, new NpzMember(zip, reader, entry, path, `${path} (array ${JSON.stringify(name)})`));
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

async function openArchive(reader: ArchiveFile): Promise<ZipFile> {
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
