import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
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
  /** Of its threads, the one that writes; null where an earlier version does not say. */
  readonly thread: number | null;
  /** Tells this lock from any other; null where an earlier version does not say. */
  readonly token: string | null;
}

/** Tokens of the locks that this thread holds, by where they lie. */
const held = new Map<string, string>();

/** Looks, and milliseconds between two, for a lock that another process holds aside for a moment. */
const LOOKS = 20;
const PAUSE = 10;

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
  if (holder !== null && isHeld(holder)) throw heldBy(directory, holder);
  // Of two that find the lock stale, one moves it out of the way.
  const aside = `${path}.${placeOfIds()}.${process.pid}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw cannotWrite(path, error);
  }
  const moved = readHolder(aside);
  const isOther = moved !== null && isHeld(moved);
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

/** Lets others write the directory again; somebody else's lock stays. */
export function unlockDirectory(directory: string): void {
  const path = join(directory, LOCK_FILE);
  const token = held.get(path);
  held.delete(path);
  if (token === undefined) {
    rmSync(path, { force: true });
    return;
  }
  for (let looks = 0; looks < LOOKS && existsSync(directory); looks++) {
    const found = existsSync(path) ? readHolder(path) : null;
    if (found !== null) {
      if (found.token === token) rmSync(path, { force: true });
      return;
    }
    // Another process took it for the stale one that it replaced, and puts it back: nobody would remove it then.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

/** Whether this process still holds the lock, which whoever takes it for stale may have removed. */
export function holdsLock(directory: string): boolean {
  const holder = readHolder(join(directory, LOCK_FILE));
  return holder !== null && holder.pid === process.pid && holder.place === placeOfIds();
}

/** @returns false if there is one already */
function writeLock(path: string): boolean {
  const token = randomUUID();
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    place: placeOfIds(),
    start: startOf(process.pid),
    since: new Date().toISOString(),
    thread: threadId,
    token,
  };
  const whole = temporaryName(`${path}.${randomUUID().slice(0, 8)}`);
  try {
    writeFileSync(whole, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    const isPlaced = putInPlace(whole, path);
    if (isPlaced) held.set(path, token);
    return isPlaced;
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
    return {
      pid,
      host,
      place,
      start: optional(lock, "start", TEXT),
      since,
      thread: optional(lock, "thread", COUNT),
      token: optional(lock, "token", TEXT),
    };
  } catch {
    return null;
  }
}

/** Whether somebody writes under this lock: not where this thread did and has ended, which another process put back. */
function isHeld(holder: Holder): boolean {
  const { pid, place, thread, token } = holder;
  const isOwn = pid === process.pid && place === placeOfIds() && thread === threadId && token !== null;
  return isAtWork(holder) && !(isOwn && ![...held.values()].includes(token));
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
