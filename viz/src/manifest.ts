import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { messageOf, RunError } from "fedkmeans/directory";
import { objectOf, readJson } from "./read/files.js";

const CHUNK_BYTES = 2 ** 20;

/**
 * Enters what was made inside an experiment directory in its manifest, which lists every file of a finished run, so
 * that `fedkmeans verify` does not take it for somebody else's. Does nothing where there is no manifest: a run that
 * has not ended makes its own at the end.
 *
 * @param made files and folders, wherever they are; one that is not there any more is taken out
 * @throws RunError if the manifest cannot be written
 */
export function enterInManifest(directory: string, made: readonly string[]): void {
  const path = join(directory, "manifest.json");
  const inside = made.flatMap((item) => pathWithin(directory, item) ?? []);
  const manifest = inside.length === 0 ? null : readJson(path);
  const listed = objectOf(manifest?.files);
  if (manifest === null || listed === null) return;
  const isMade = (file: string) => inside.some((item) => file === item || file.startsWith(`${item}/`));
  const files = new Map(Object.entries(listed).filter(([file]) => !isMade(file)));
  try {
    for (const file of inside.flatMap((item) => filesOf(directory, item))) {
      files.set(file, fingerprintOf(join(directory, file)));
    }
    writeWhole(path, manifestText(manifest.schema_version, files));
  } catch (error) {
    throw new RunError(`cannot bring ${path} up to date: ${messageOf(error)}`);
  }
}

/** As the manifest names it; null if it is not inside. */
function pathWithin(directory: string, item: string): string | null {
  if (!existsSync(dirname(item))) return null;
  const path = relative(realpathSync(directory), join(realpathSync(dirname(item)), basename(item)));
  const isOutside = path === "" || path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
  return isOutside ? null : path.replaceAll(sep, "/");
}

/** Plain files only. */
function filesOf(directory: string, item: string): string[] {
  const stats = lstatSync(join(directory, item), { throwIfNoEntry: false });
  if (stats?.isFile()) return [item];
  if (!stats?.isDirectory()) return [];
  return readdirSync(join(directory, item)).flatMap((name) => filesOf(directory, `${item}/${name}`));
}

function fingerprintOf(path: string): { size: number; sha256: string } {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let size = 0; ; ) {
      const length = readSync(file, chunk, 0, chunk.length, size);
      if (length === 0) return { size, sha256: hash.digest("hex") };
      hash.update(chunk.subarray(0, length));
      size += length;
    }
  } finally {
    closeSync(file);
  }
}

/** One line a file, in order, as the run wrote it. */
function manifestText(version: unknown, files: ReadonlyMap<string, unknown>): string {
  const lines = [...files.keys()].sort().map((file) => {
    const { size, sha256 } = objectOf(files.get(file)) ?? {};
    return `    ${JSON.stringify(file)}: {"size": ${JSON.stringify(size)}, "sha256": ${JSON.stringify(sha256)}}`;
  });
  return `{\n  "schema_version": ${JSON.stringify(version)},\n  "files": {\n${lines.join(",\n")}\n  }\n}\n`;
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
