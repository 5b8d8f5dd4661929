import { createHash } from "node:crypto";
import { readManifest } from "../../directory/manifest.js";
import type { FileFingerprint } from "../../files/file-hash.js";

/** One file of a finished run, as the manifest lists it. */
export interface RunFile extends FileFingerprint {
  /** Relative to the directory, with slashes. */
  readonly path: string;
}

/** Files of one folder, or those in none. */
export interface RunFolder {
  /** Its name with a slash at the end; empty of the directory itself. */
  readonly name: string;
  readonly files: readonly RunFile[];
  /** Bytes. */
  readonly size: number;
}

/**
 * The files of a finished run, in the order of their paths, but for reports of it: what a report says of the directory does
 * not change when it is put there.
 *
 * @returns null where there is no manifest
 * @throws RunError if the manifest is not as it should be
 */
export function runFiles(directory: string): RunFile[] | null {
  const manifest = readManifest(directory);
  if (manifest === null) return null;
  return [...manifest]
    .filter(([path]) => !isReport(path))
    .map(([path, { size, sha256 }]) => ({ path, size, sha256 }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a file of a directory may be a report of it: no run writes such. */
export function isReport(path: string): boolean {
  return /^[^/]+\.(?:html|md|pdf)$/i.test(path);
}

/** By the first part of their paths, the directory's own first. */
export function byFolder(files: readonly RunFile[]): RunFolder[] {
  const folders = new Map<string, RunFile[]>([["", []]]);
  for (const file of files) {
    const end = file.path.indexOf("/") + 1;
    const name = file.path.slice(0, end);
    const inside = folders.get(name);
    if (inside === undefined) folders.set(name, [file]);
    else inside.push(file);
  }
  return [...folders].map(([name, inside]) => ({
    name,
    files: inside,
    size: inside.reduce((sum, { size }) => sum + size, 0),
  }));
}

/** A line a file, as `sha256sum` writes it and checks it. */
export function checksums(files: readonly RunFile[]): string {
  return files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join("");
}

/** Tells one list of files from another. */
export function checksumOf(files: readonly RunFile[]): string {
  return createHash("sha256").update(checksums(files)).digest("hex");
}
