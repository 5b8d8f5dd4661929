import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { ZipFile } from "yazl";

/* A wheel, the archive that pip installs: https://packaging.python.org/en/latest/specifications/binary-distribution-format */

/** A zip holds local time, so this local time is the same bytes everywhere. */
const ENTRY = { mtime: new Date(1980, 0, 1, 12), forceDosTimestamp: true, mode: 0o100644 };

/**
 * The same files give the same bytes, under one version of Node's zlib.
 *
 * @param {Map<string, Buffer>} files by their path in the wheel, with all of `*.dist-info` but RECORD
 * @param {string} info name of the folder `*.dist-info`
 * @returns {Promise<Buffer>} the archive
 */
export async function makeWheel(files, info) {
  // The folder at the end, where pip looks first.
  const last = (path) => Number(path.startsWith(`${info}/`));
  const paths = [...files.keys()].sort((a, b) => last(a) - last(b) || (a < b ? -1 : 1));
  const record = `${info}/RECORD`;
  const lines = paths.map((path) => `${path},sha256=${digest(files.get(path))},${files.get(path).length}`);
  const zip = new ZipFile();
  for (const path of paths) zip.addBuffer(files.get(path), path, ENTRY);
  zip.addBuffer(Buffer.from(`${[...lines, `${record},,`].join("\n")}\n`), record, ENTRY);
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * @param {string} folder
 * @param {(path: string) => boolean} isWanted of a path in the folder, with slashes
 * @returns {[string, Buffer][]} paths and contents of the files below it
 */
export function filesBelow(folder, isWanted) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => [path.split(sep).join("/"), join(folder, path)])
    .filter(([path]) => isWanted(path))
    .map(([path, file]) => [path, readFileSync(file)]);
}

function digest(bytes) {
  return createHash("sha256").update(bytes).digest("base64url");
}
