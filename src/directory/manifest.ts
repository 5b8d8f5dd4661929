import { existsSync, lstatSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { messageOf, RunError } from "../errors.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { type FileFingerprint, hashFile } from "../files/file-hash.js";
import { isTemporary, temporaryName } from "../files/leftovers.js";
import { listFiles } from "./directory-files.js";
import { COUNT, OBJECT, readJsonObject, required, SHA256 } from "./json-object.js";
import { LOCK_FILE, layoutOf, MANIFEST_FILE, SCHEMA_VERSION } from "./layout.js";

/*
 * The manifest of a finished run: size and SHA-256 of every file of its directory but itself. It tells whether a
 * directory is as it was written, not by whom: whoever can change a file can change the manifest.
 */

type Manifest = ReadonlyMap<string, FileFingerprint>;

/** How a directory differs from its manifest; paths relative to it. */
interface Differences {
  readonly missing: string[];
  readonly changed: string[];
  readonly extra: string[];
  /** Links, pipes and devices, which are not opened. */
  readonly notPlain: string[];
}

/**
 * Writes the manifest of a directory to which nothing more will be written.
 *
 * @param known files by path relative to the directory, whose bytes need not be read again; the summary is to be
 *   among them, though it is written after the manifest
 * @throws RunError if a file cannot be read, or the manifest not be written
 */
export function writeManifest(directory: string, known: Manifest): void {
  const files = new Map<string, FileFingerprint>();
  for (const path of listFiles(directory).plain) {
    if (path === MANIFEST_FILE || path === LOCK_FILE) continue;
    // Every writer of the run has finished: what is left of this process is of a thread that was ended in the midst.
    // Another may be making a video.
    if (path.endsWith(temporaryName(""))) rmSync(join(directory, path), { force: true });
    else if (!isTemporary(path)) files.set(path, known.get(path) ?? fingerprintOf(directory, path));
  }
  writeFileAtomically(layoutOf(directory).manifest, manifestText(files));
}

/**
 * Enters what was made inside a directory in its manifest, so that `verify` does not take it for somebody else's. Does
 * nothing where there is no manifest: a run that has not ended makes its own at the end.
 *
 * @param made files and folders, wherever they are; one that is not there any more is taken out
 * @throws RunError if the manifest is not as it should be or cannot be written
 */
export function enterInManifest(directory: string, made: readonly string[]): void {
  const inside = made.flatMap((item) => pathWithin(directory, item) ?? []);
  const listed = inside.length === 0 ? null : readManifest(directory);
  if (listed === null) return;
  const isMade = (file: string) => inside.some((item) => file === item || file.startsWith(`${item}/`));
  const files = new Map([...listed].filter(([file]) => !isMade(file)));
  for (const file of inside.flatMap((item) => plainFiles(directory, item))) {
    files.set(file, fingerprintOf(directory, file));
  }
  const inOrder = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileAtomically(layoutOf(directory).manifest, manifestText(new Map(inOrder)));
}

/** As the manifest names a file or folder; null if it is not inside the directory. */
export function pathWithin(directory: string, item: string): string | null {
  if (!existsSync(dirname(item))) return null;
  const path = relative(realpathSync(directory), join(realpathSync(dirname(item)), basename(item)));
  const isOutside = path === "" || path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
  return isOutside ? null : path.replaceAll(sep, "/");
}

function plainFiles(directory: string, item: string): string[] {
  const stats = lstatSync(join(directory, item), { throwIfNoEntry: false });
  if (stats?.isFile()) return [item];
  return stats?.isDirectory() ? listFiles(join(directory, item)).plain.map((file) => `${item}/${file}`) : [];
}

/** One line a file, so that two manifests can be compared line by line. */
function manifestText(files: Manifest): string {
  const lines = [...files].map(
    ([path, { size, sha256 }]) => `    ${JSON.stringify(path)}: {"size": ${size}, "sha256": "${sha256}"}`,
  );
  return `{\n  "schema_version": ${SCHEMA_VERSION},\n  "files": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/**
 * @returns null if there is none
 * @throws RunError if it is not as it should be
 */
export function readManifest(directory: string): Manifest | null {
  const { manifest } = layoutOf(directory);
  if (!existsSync(manifest)) return null;
  const files = required(readJsonObject(manifest), "files", OBJECT);
  return new Map(
    Object.keys(files.values).map((path) => {
      const entry = required(files, path, OBJECT);
      return [path, { size: required(entry, "size", COUNT), sha256: required(entry, "sha256", SHA256) }];
    }),
  );
}

/** @throws RunError if a file cannot be read */
export function compareWithManifest(directory: string, manifest: Manifest): Differences {
  const { plain, other } = listFiles(directory);
  const found = new Set([...plain, ...other]);
  return {
    missing: [...manifest.keys()].filter((path) => !found.has(path)),
    changed: plain.filter((path) => {
      const expected = manifest.get(path);
      if (expected === undefined) return false;
      // Of another size, it need not be read, however large it is.
      if (lstatSync(join(directory, path)).size !== expected.size) return true;
      return fingerprintOf(directory, path).sha256 !== expected.sha256;
    }),
    extra: plain.filter((path) => !manifest.has(path) && path !== MANIFEST_FILE && path !== LOCK_FILE),
    notPlain: other,
  };
}

function fingerprintOf(directory: string, path: string): FileFingerprint {
  try {
    return hashFile(join(directory, path));
  } catch (error) {
    throw new RunError(`${join(directory, path)}: cannot be read: ${messageOf(error)}`);
  }
}
