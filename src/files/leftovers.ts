import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, placeOfIds } from "./this-process.js";

/** Milliseconds after which nobody can still be at a file that was not touched, wherever its process is. */
const FORGOTTEN = 24 * 60 * 60 * 1000;
const NAME = /\.([0-9a-f]{8})\.(\d+)\.tmp$/;

/** Name under which a file or folder is made, beside its place, until it is whole. */
export function temporaryName(path: string): string {
  return `${path}.${placeOfIds()}.${process.pid}.tmp`;
}

/** Whether a name is one of `temporaryName`. */
export function isTemporary(path: string): boolean {
  return NAME.test(path);
}

/**
 * Removes what processes that were killed left in a folder: what is of this place and whose process is gone, and what
 * nobody has touched for a day.
 *
 * @param prefix how the names begin
 */
export function sweepLeftovers(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const [, place, pid] = NAME.exec(name) ?? [];
    if (place === undefined || !name.startsWith(prefix)) continue;
    const path = join(folder, name);
    if (place === placeOfIds() ? isAlive(Number(pid)) : !isForgotten(path)) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else's: it is theirs to remove.
    }
  }
}

function isForgotten(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > FORGOTTEN;
}

/** Removes what is being written below a folder in which nobody else is at work. */
export function removeTemporaries(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\.\d+\.tmp$/.test(entry)) rmSync(join(folder, entry), { force: true });
  }
}
