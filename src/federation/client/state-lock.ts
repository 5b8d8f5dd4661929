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
  for (const end = Date.now() + PATIENCE; ; await setTimeout(PAUSE)) {
    try {
      lockDirectory(folder);
      break;
    } catch (error) {
      if (Date.now() > end || !(error instanceof HeldError)) throw error;
    }
  }
  try {
    sweepLeftovers(folder, "");
    return work();
  } finally {
    if (holdsLock(folder)) unlockDirectory(folder);
  }
}

/**
 * Replaces the state of a folder that is locked; it is on the disk when this returns.
 *
 * @throws RunError if it cannot be written, or somebody took the lock
 */
export function replaceState(folder: string, state: ClientState): void {
  if (!holdsLock(folder)) throw new RunError(`${folder}: another process has taken the lock: try again`);
  writeState(folder, state);
}
