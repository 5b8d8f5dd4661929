import { setTimeout } from "node:timers/promises";
import { HeldError, holdsLock, lockDirectory, unlockDirectory } from "../../directory/lock.js";
import { RunError } from "../../errors.js";
import { sweepLeftovers } from "../../files/leftovers.js";
import { type ClientState, writeState } from "./state-file.js";

/** Milliseconds to wait for another process that changes the state, and between two looks. */
const PATIENCE = 10_000;
const PAUSE = 20;

/**
 * Does something with a state folder while no other process changes it.
 *
 * @throws RunError where another process changes it for long
 */
export async function whileLocked<T>(folder: string, work: () => T): Promise<T> {
  const end = Date.now() + PATIENCE;
  while (!isLocked(folder, end)) await setTimeout(PAUSE);
  return lockedWork(folder, work);
}

/**
 * The same, whose caller waits, with all else of its thread.
 *
 * @throws as `whileLocked`
 */
export function whileLockedSync<T>(folder: string, work: () => T): T {
  const end = Date.now() + PATIENCE;
  while (!isLocked(folder, end)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  return lockedWork(folder, work);
}

/** @param end when nobody waits any longer for another process, in milliseconds */
function isLocked(folder: string, end: number): boolean {
  try {
    lockDirectory(folder);
    return true;
  } catch (error) {
    if (Date.now() > end || !(error instanceof HeldError)) throw error;
    return false;
  }
}

function lockedWork<T>(folder: string, work: () => T): T {
  try {
    sweepLeftovers(folder, "");
    return work();
  } finally {
    unlockDirectory(folder);
  }
}

/**
 * Replaces the state of a folder that is locked; it is on the disk when this returns.
 *
 * @throws RunError if it cannot be written, or somebody took the lock
 */
export function replaceState(folder: string, state: ClientState): void {
  checkLocked(folder);
  writeState(folder, state);
}

/** @throws RunError if somebody took the lock of a folder that this process had locked */
export function checkLocked(folder: string): void {
  if (!holdsLock(folder)) throw new RunError(`${folder}: another process has taken the lock: try again`);
}
