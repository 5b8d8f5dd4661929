import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf, RunError } from "../../errors.js";
import { writeFileDurably } from "../../files/durable-write.js";
import { checkRegularFile } from "../../files/regular-file.js";
import type { StoredBatch, StoredGroup, StoredState } from "../../privacy/stored-groups.js";
import { HASH_LENGTH } from "./row-hashes.js";

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
const WHAT = "fedkmeans state";
const FORMAT = 2;
/** As many as some three million rows take. */
const MOST_BYTES = 2 ** 28;

export function stateFileIn(folder: string): string {
  return join(folder, STATE_FILE);
}

/**
 * @returns null where the folder has no state
 * @throws RunError naming the file, if it is no state, one of another version, or not as it was written
 */
export function readState(folder: string): ClientState | null {
  const path = stateFileIn(folder);
  const text = readText(path);
  if (text === null) return null;
  const [first, body = ""] = text.split("\n", 2);
  const header = parsed(first) as { what?: unknown; format?: unknown; sha256?: unknown } | null;
  if (header?.what !== WHAT) throw new RunError(`${path}: no state of a client's groups`);
  if (header.format !== FORMAT) {
    throw new RunError(`${path}: written by another version of fedkmeans: format ${FORMAT} expected`);
  }
  if (header.sha256 !== sha256Of(body) || !text.endsWith(`${body}\n`)) {
    throw new RunError(
      `${path}: not as it was written: torn or changed. Groups made anew would be others, and their difference from ` +
        "those that were used gives rows away",
    );
  }
  return stateOf(parsed(body) as StateRecord);
}

/**
 * Replaces the state; it is on the disk when this returns.
 *
 * @throws RunError naming the file, if it cannot be written or would be too large to be read
 */
export function writeState(folder: string, state: ClientState): void {
  const path = stateFileIn(folder);
  const body = JSON.stringify(recordOf(state));
  const header = JSON.stringify({ what: WHAT, format: FORMAT, sha256: sha256Of(body) });
  if (body.length > MOST_BYTES / 2)
    throw new RunError(`${path}: too many rows for a state: ${body.length} bytes`);
  writeFileDurably(path, `${header}\n${body}\n`);
}

function readText(path: string): string | null {
  try {
    checkRegularFile(path);
    if (statSync(path).size > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new RunError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
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
