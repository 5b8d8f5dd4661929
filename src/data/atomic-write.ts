import { closeSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a file so that it appears whole or not at all: beside its place first, then renamed into it. Survives
 * a killed process; against a power cut nothing is forced to disk, as that would cost more than a round.
 *
 * @param path where the file goes; what was there is replaced
 * @param contents bytes, or text to be written as UTF-8; several are written one after the other
 */
export function writeFileAtomically(path: string, ...contents: readonly (Uint8Array | string)[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, "w");
    try {
      for (const part of contents) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes what writes of killed processes left below a folder. */
export function removeTemporaries(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\.\d+\.tmp$/.test(entry)) rmSync(join(folder, entry), { force: true });
  }
}
