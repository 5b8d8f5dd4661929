import { join } from "node:path";
import type { StoredBatch, StoredGroup, StoredState } from "../../privacy/stored-groups.js";
import { HASH_LENGTH } from "./row-hashes.js";
import { readSealed, type Seal, writeSealed } from "./sealed-file.js";

/** What a state folder holds. Nothing of it ever leaves the client. */
export interface ClientState {
  /** Key of the hashes of rows, hexadecimal. */
  readonly secret: string;
  /** (d,) the order in which grouping columns are dealt into the parts of a row's hash: fixed once groups are made. */
  readonly dealing: readonly number[];
  readonly groups: StoredState;
  /** Runs that began lately, the newest last. */
  readonly runs: readonly KnownRun[];
}

/** Which points a run has, from its beginning to its end. */
export interface KnownRun {
  readonly run: string;
  /** Of the groups. */
  readonly version: number;
  /** Least number of rows behind its points. */
  readonly groupSize: number;
}

const STATE_FILE = "state.json";
const SEAL: Seal = {
  what: "fedkmeans state",
  format: 2,
  noun: "state of a client's groups",
  torn: "Groups made anew would be others, and their difference from those that were used gives rows away",
};

export function stateFileIn(folder: string): string {
  return join(folder, STATE_FILE);
}

/**
 * @returns null where the folder has no state
 * @throws RunError naming the file, if it is no state, one of another version, or not as it was written
 */
export function readState(folder: string): ClientState | null {
  const record = readSealed(stateFileIn(folder), SEAL);
  return record === null ? null : stateOf(record as StateRecord);
}

/**
 * Replaces the state; it is on the disk when this returns.
 *
 * @throws RunError naming the file, if it cannot be written or would be too large to be read
 */
export function writeState(folder: string, state: ClientState): void {
  writeSealed(stateFileIn(folder), SEAL, recordOf(state));
}

/** The state as it is written: numbers as lists, and hashes of rows one after the other in one text. */
interface StateRecord extends Omit<StoredState, "batches" | "groups" | "retired" | "waiting"> {
  readonly secret: string;
  readonly dealing: readonly number[];
  readonly runs: readonly KnownRun[];
  /** JSON has no NaN: null stands for it. */
  readonly batches: readonly (Omit<StoredBatch, "spread"> & {
    readonly spread: readonly (number | null)[];
  })[];
  readonly groups: readonly (Omit<StoredGroup, "rows" | "mean"> & {
    readonly rows: string;
    readonly mean: readonly number[];
  })[];
  readonly retired: string;
  readonly waiting: string;
}

function recordOf({ secret, dealing, groups: state, runs }: ClientState): StateRecord {
  return {
    secret,
    dealing,
    runs,
    ...state,
    batches: state.batches.map((batch) => ({
      ...batch,
      spread: Array.from(batch.spread, (x) => (Number.isNaN(x) ? null : x)),
    })),
    groups: state.groups.map((group) => ({ ...group, rows: group.rows.join(""), mean: [...group.mean] })),
    retired: state.retired.join(""),
    waiting: state.waiting.join(""),
  };
}

function stateOf({ secret, dealing, runs, ...state }: StateRecord): ClientState {
  return {
    secret,
    dealing,
    runs,
    groups: {
      ...state,
      batches: state.batches.map((batch) => ({
        ...batch,
        spread: Float64Array.from(batch.spread, (x) => x ?? Number.NaN),
      })),
      groups: state.groups.map((group) => ({
        ...group,
        rows: hashesIn(group.rows),
        mean: Float64Array.from(group.mean),
      })),
      retired: hashesIn(state.retired),
      waiting: hashesIn(state.waiting),
    },
  };
}

function hashesIn(text: string): string[] {
  return Array.from({ length: text.length / HASH_LENGTH }, (_, i) =>
    text.slice(i * HASH_LENGTH, (i + 1) * HASH_LENGTH),
  );
}
