import type { Groups } from "./groups.js";
import { isActive, type StoredState } from "./stored-groups.js";

/**
 * Which rows of a file are in which of the stored groups that take part.
 *
 * @param state as `updateGroups` leaves it for these rows
 * @param hashes (n,) of the rows
 * @returns rows in no group are missing
 */
export function rowsOfGroups(state: StoredState, hashes: readonly string[]): Groups {
  const places = new Map<string, number[]>();
  for (const [i, hash] of hashes.entries()) {
    const same = places.get(hash);
    if (same === undefined) places.set(hash, [i]);
    else same.push(i);
  }
  const rows: number[] = [];
  const starts = [0];
  for (const group of state.groups.filter(isActive)) {
    for (const hash of group.rows) rows.push(places.get(hash)!.pop()!);
    starts.push(rows.length);
  }
  return { rows: Uint32Array.from(rows), starts: Uint32Array.from(starts) };
}
