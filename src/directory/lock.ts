import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { RunError } from "../errors.js";
import { cannotWrite } from "../files/atomic-write.js";
import { temporaryName } from "../files/leftovers.js";
import { isAlive, placeOfIds, startOf } from "../files/this-process.js";
import { COUNT, optional, readJsonObject, TEXT } from "./json-object.js";
import { LOCK_FILE } from "./layout.js";

/** Another process writes a directory. */
export class HeldError extends RunError {}

/** Who writes a directory. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Where the process id means something. */
  readonly place: string;
  /** When the process started, by which it is told from a later one of the same id; null where that is not known. */
  readonly start: string | null;
  /** When it began to write, as a date and time. */
  readonly since: string;
}

/**
 * Keeps others from writing an experiment directory while this process does. A lock whose process is gone is taken
 * over.
 *
 * @throws HeldError naming the process that writes it; RunError if the lock cannot be written
 */
export function lockDirectory(directory: string): void {
  const path = join(directory, LOCK_FILE);
  if (writeLock(path)) return;
  const holder = readHolder(path);
  if (holder !== null && isAtWork(holder)) throw heldBy(directory, holder);
  // Of two that find the lock stale, one moves it out of the way.
  const aside = `${path}.${placeOfIds()}.${process.pid}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw cannotWrite(path, error);
  }
  const moved = readHolder(aside);
  const isOther = moved !== null && isAtWork(moved);
  // Somebody took the stale lock over in between: it is put back.
  if (isOther) putInPlace(aside, path);
  rmSync(aside, { force: true });
  if (isOther || !writeLock(path)) {
    const other = isOther ? moved : readHolder(path);
    throw other === null
      ? new HeldError(`${directory} is being written by another process`)
      : heldBy(directory, other);
  }
}

/** Lets others write the directory again. */
export function unlockDirectory(directory: string): void {
  rmSync(join(directory, LOCK_FILE), { force: true });
}

/** Whether this process still holds the lock, which whoever takes it for stale may have removed. */
export function holdsLock(directory: string): boolean {
  const holder = readHolder(join(directory, LOCK_FILE));
  return holder !== null && holder.pid === process.pid && holder.place === placeOfIds();
}

/** @returns false if there is one already */
function writeLock(path: string): boolean {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    place: placeOfIds(),
    start: startOf(process.pid),
    since: new Date().toISOString(),
  };
  const whole = temporaryName(`${path}.${randomUUID().slice(0, 8)}`);
  try {
    writeFileSync(whole, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    return putInPlace(whole, path);
  } catch (error) {
    throw cannotWrite(path, error);
  } finally {
    rmSync(whole, { force: true });
  }
}

/**
 * Gives a lock its name, whole from the first moment on.
 *
 * @returns false if there is one already
 */
function putInPlace(whole: string, path: string): boolean {
  try {
    linkSync(whole, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
  }
  // Not every file system has links. Here others may see the lock before it says whose it is.
  try {
    writeFileSync(path, readFileSync(whole), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** @returns null if there is no lock, or one that was not written to its end */
function readHolder(path: string): Holder | null {
  try {
    const lock = readJsonObject(path);
    const [pid, host, place, since] = [
      optional(lock, "pid", COUNT),
      optional(lock, "host", TEXT),
      optional(lock, "place", TEXT),
      optional(lock, "since", TEXT),
    ];
    if (pid === null || host === null || place === null || since === null) return null;
    return { pid, host, place, start: optional(lock, "start", TEXT), since };
  } catch {
    return null;
  }
}

function isAtWork({ pid, host, place, start, since }: Holder): boolean {
  if (place === placeOfIds()) return isAlive(pid) && (start === null || start === startOf(pid));
  // Before this machine was last started, or on another, of which this one cannot tell.
  const isOfEarlierStart = host === hostname() && Date.parse(since) < Date.now() - uptime() * 1000;
  return !isOfEarlierStart;
}

function heldBy(directory: string, { pid, host, since }: Holder): HeldError {
  const where = host === hostname() ? "" : ` on ${host}`;
  return new HeldError(
    `${directory} is being written by process ${pid}${where} since ${since}: wait for its end or stop it; if there ` +
      `is no such process, remove ${join(directory, LOCK_FILE)}`,
  );
}
