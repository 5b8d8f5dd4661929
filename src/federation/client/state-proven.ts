import { RunError, theSetting } from "../../errors.js";
import { columnsToLeaveOut } from "../../privacy/columns-to-leave-out.js";
import { type Groups, groupRows } from "../../privacy/groups.js";
import { adviceOnProven, provenNotice } from "../../privacy/preview.js";
import { rowsOfGroups } from "../../privacy/rows-of-groups.js";
import { pointsAt, type StoredPoints, type StoredState } from "../../privacy/stored-groups.js";
import type { HashedRows } from "../../privacy/take-stock.js";
import { rowsBehind } from "./points.js";

/** Whether stored points are merged for a run of this group size. */
export function isMergedFor({ weights }: Pick<StoredPoints, "weights">, groupSize: number): boolean {
  return weights === null ? groupSize > 1 : weights.some((weight) => weight < groupSize);
}

/** That rare rows could be proven, and from groups of which size. */
export interface ProvenInRun {
  readonly line: string;
  readonly groupSize: number;
}

/**
 * What the owner of rows should know of rare ones that could be proven from the points of a run; null: there are none.
 * Runs of several larger sizes differ by stored groups, so that these are looked at whatever size a run asks for.
 *
 * @param state as `updateGroups` leaves it for these rows
 * @param groupSize of the run
 */
export function provenInRun(
  state: StoredState,
  { rows, hashes }: HashedRows,
  groupSize: number,
): ProvenInRun | null {
  const groups = rowsOfGroups(state, hashes);
  const stored = pointsAt(state, state.version);
  const found = (of: Groups, size: number): ProvenInRun | null => {
    const line = provenNotice(rows, of, size);
    return line === null ? null : { line, groupSize: size };
  };
  const ofStored = found(groups, state.settings.groupSize);
  if (ofStored !== null) return ofStored;
  if (!isMergedFor(stored, groupSize)) return found(groups, groupSize);
  if (rowsBehind(stored) < groupSize) return null;
  const merged = groupRows(stored.points, stored.weights, groupSize, state.settings.groupScale);
  return found(rowsOfMerged(groups, merged), groupSize);
}

/**
 * The refusal of a run from whose points rare rows could be proven.
 *
 * @param path of the state
 * @param proven as `provenInRun` says it
 * @param hasBegun whether the stored groups have been used in a run: then other ones of the same rows would tell of them
 */
export function refusalOfProven(
  path: string,
  { line, groupSize }: ProvenInRun,
  { columns, settings: { groupScale } }: StoredState,
  { rows, hasBegun }: Pick<HashedRows, "rows"> & { hasBegun: boolean },
): RunError {
  const accept = `accept it with ${theSetting("allowProven")}`;
  if (hasBegun) return new RunError(`${path}: ${line}: ${accept}, or take part no more`);
  const places = columnsToLeaveOut(rows, groupSize, groupScale);
  const names = places?.map((j) => columns?.[j] ?? `feature ${j}`) ?? null;
  const advice = adviceOnProven({ columnsToLeaveOut: names });
  return new RunError(`${path}: ${line}: ${advice}, in a new state; or ${accept}`);
}

/** @param merged of groups, as if these were rows */
function rowsOfMerged({ rows, starts }: Groups, merged: Groups): Groups {
  const all: number[] = [];
  const ends = [0];
  for (let g = 0; g + 1 < merged.starts.length; g++) {
    for (const group of merged.rows.subarray(merged.starts[g], merged.starts[g + 1]))
      for (let i = starts[group]; i < starts[group + 1]; i++) all.push(rows[i]);
    ends.push(all.length);
  }
  return { rows: Uint32Array.from(all), starts: Uint32Array.from(ends) };
}
