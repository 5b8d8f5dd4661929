import { createHash } from "node:crypto";
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { messageOf, RunError } from "../errors.js";
import type { FileFingerprint } from "./file-hash.js";
import { temporaryName } from "./leftovers.js";
import { makeFolder } from "./make-folder.js";
import { checkReplaceable } from "./regular-file.js";

/**
 * Writes a file so that it appears whole or not at all: beside its place first, then renamed into it. Survives
 * a killed process; against a power cut nothing is forced to disk, as that would cost more than a round.
 *
 * @param path where the file goes; what was there is replaced
 * @param contents bytes, or text to be written as UTF-8; several are written one after the other
 * @throws RunError naming the file, if there is no room for it, it may not be written, or a folder, pipe or device is there
 */
export function writeFileAtomically(path: string, ...contents: readonly (Uint8Array | string)[]): void {
  const temporary = temporaryName(path);
  try {
    checkReplaceable(path);
    const file = openSync(temporary, "w");
    try {
      for (const part of contents) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // It cannot be there: its name is too long, or what should be its folder is none.
    }
    throw cannotWrite(path, error);
  }
}

/**
 * The same, and says what was written.
 *
 * @throws as `writeFileAtomically`
 */
export function writeAndHash(path: string, ...contents: readonly (Uint8Array | string)[]): FileFingerprint {
  const parts = contents.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  writeFileAtomically(path, ...parts);
  return fingerprintOfParts(...parts);
}

/** What a file of these parts, one after the other, is identified by. */
export function fingerprintOfParts(...parts: readonly Uint8Array[]): FileFingerprint {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return { size: parts.reduce((sum, part) => sum + part.length, 0), sha256: hash.digest("hex") };
}

/**
 * Makes a folder, and those above it that are missing.
 *
 * @throws RunError naming the folder and what is in the way
 */
export function openFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** What stood in the way of writing a file, which the system's own words do not name where the disk is full. */
export function cannotWrite(path: string, error: unknown): RunError {
  const reasons: Record<string, string> = {
    ENOSPC: "no space left on the device",
    EDQUOT: "the disk quota is used up",
    EROFS: "the file system is read-only",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EMFILE: "too many open files",
    ENOENT: "there is no such folder",
    ENOTDIR: "a part of the path is no folder",
    ENAMETOOLONG: "the name is too long",
    ELOOP: "links lead in a circle",
  };
  const { code } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : reasons[code];
  return new RunError(
    `cannot write ${path}: ${reason === undefined ? messageOf(error) : `${reason} (${code})`}`,
  );
}
