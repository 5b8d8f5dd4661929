import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { cannotWrite } from "./atomic-write.js";
import { temporaryName } from "./leftovers.js";
import { makeFolder } from "./make-folder.js";

/* What must not be lost or seen by others: it is on the disk when the function returns, and its owner's alone. */

/**
 * Replaces a file as a whole, on the disk too: a power cut leaves what was there or what is there now.
 *
 * @throws RunError naming the file; what was there stays, unless only the folder could not be synced
 */
export function writeFileDurably(path: string, contents: string): void {
  const temporary = temporaryName(path);
  try {
    const file = openSync(temporary, "w", 0o600);
    try {
      writeFileSync(file, contents);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotWrite(path, error);
  }
}

/**
 * Makes a folder that only its owner may enter, and those above it that are missing. One that is there is left as it is.
 *
 * @throws RunError naming the folder
 */
export function makePrivateFolder(path: string): void {
  const above = dirname(path);
  try {
    makeFolder(above);
    mkdirSync(path, { mode: 0o700 });
    syncFolder(above);
  } catch (error) {
    if (!isFolder(path)) throw cannotWrite(path, error);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Has the names in a folder written to the disk; Windows cannot, and does so by itself. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
