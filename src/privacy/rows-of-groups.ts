import type { Groups } from "./groups.js";
import { groupsAt, isActive, type StoredState } from "./stored-groups.js";

/**
 * Which rows of a file are in which of the stored groups that take part.
 *
 * @param state as `updateGroups` leaves it for these rows
 * @param hashes (n,) of the rows
 * @returns rows in no group are missing
 */
export function rowsOfGroups(state: StoredState, hashes: readonly string[]): Groups {
  const places = placesOf(hashes);
  const rows: number[] = [];
  const starts = [0];
  for (const group of state.groups.filter(isActive)) {
    for (const hash of group.rows) rows.push(places.get(hash)!.pop()!);
    starts.push(rows.length);
  }
  return { rows: Uint32Array.from(rows), starts: Uint32Array.from(starts) };
}

/**
 * Which rows of a file are in the groups that took part at a version of the state. Those of groups that were retired since
 * are not known any more.
 *
 * @param hashes (n,) of the rows, whatever has become of them since
 * @returns their indices, rising
 */
export function rowsAt(state: StoredState, version: number, hashes: readonly string[]): number[] {
  const places = placesOf(hashes);
  const held = groupsAt(state, version).flatMap(({ rows }) => rows);
  return held.flatMap((hash) => places.get(hash)?.pop() ?? []).sort((a, b) => a - b);
}

/** The places of each hash, as there may be equal rows. */
function placesOf(hashes: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [i, hash] of hashes.entries()) {
    const same = places.get(hash);
    if (same === undefined) places.set(hash, [i]);
    else same.push(i);
  }
  return places;
}
