import { RunError, theSetting, UsageError } from "../errors.js";
import { StateChange } from "./state-change.js";
import { type GroupSettings, isActive, type StoredState, waitOf } from "./stored-groups.js";
import { allAlike, type HashedRows, rowsToGroup, type Stock, takeStock } from "./take-stock.js";

/** What the owner of the rows asks for, beyond what the state has. */
export interface AskedOfGroups extends Partial<GroupSettings> {
  /** Whether more than half of the groups may be retired at once. */
  readonly mayRetireMost?: boolean;
}

/** What rows change in a state. */
export interface GroupsChange {
  /** The state from then on. */
  readonly state: StoredState;
  /** Groups that take part no more, as rows of theirs are gone. */
  readonly retired: number;
  /** How many rows of these groups are gone; the others are still there and are never grouped again. */
  readonly gone: number;
  /** Groups that were merged under a larger size. */
  readonly merged: number;
  /** Groups that were made, and of how many rows that no group held. */
  readonly made: number;
  readonly grouped: number;
  /** Rows that no group holds or held and that were not there when rows were last looked at. */
  readonly came: number;
  /** Rows that wait, and how many of them are like rows that groups hold or held. */
  readonly waiting: number;
  readonly alike: number;
}

/**
 * What a client's rows, as they are now, make of its stored groups: groups of which a row is gone are retired for good;
 * the others are merged where a larger size is asked for; rows that no group holds or held wait until there are enough
 * of them to be grouped among themselves. No row is ever in two groups of different rows that are not one within the
 * other.
 *
 * @throws UsageError for a smaller group size or another scale once there were groups, or for a size that all groups together do not reach; RunError
 *   where most groups would be retired
 */
export function updateGroups(state: StoredState, data: HashedRows, asked: AskedOfGroups): GroupsChange {
  const settings = settingsAsked(state, asked);
  const stock = takeStock(state, data);
  checkRetiring(state, stock, asked.mayRetireMost ?? false);
  const change = new StateChange(state, settings, stock);
  const merged = settings.groupSize > state.settings.groupSize ? change.merge() : 0;
  const rows = rowsToGroup(settings, state.batches.length === 0, stock);
  const made = rows.length === 0 ? 0 : change.group(data, rows);
  const apart = new Set(rows);
  const waiting = stock.fresh.filter((i) => !apart.has(i));
  return {
    state: change.result(waiting.map((i) => data.hashes[i])),
    retired: stock.retiring.length,
    gone: stock.gone,
    merged,
    made,
    grouped: rows.length,
    came: cameSince(
      state,
      stock.fresh.map((i) => data.hashes[i]),
    ),
    waiting: waiting.length,
    alike: [...allAlike(stock)].filter((i) => !apart.has(i)).length,
  };
}

function cameSince({ waiting }: StoredState, fresh: readonly string[]): number {
  const known = new Set(waiting);
  return fresh.filter((hash) => !known.has(hash)).length;
}

function settingsAsked({ settings: stored, batches }: StoredState, asked: AskedOfGroups): GroupSettings {
  const settings: GroupSettings = {
    groupSize: asked.groupSize ?? stored.groupSize,
    groupScale: asked.groupScale ?? stored.groupScale,
    wait: asked.wait ?? stored.wait,
  };
  // Where nothing was ever grouped, nothing is known that smaller groups would give away.
  if (batches.length > 0 && settings.groupSize < stored.groupSize) {
    throw new UsageError(
      `${theSetting("groupSize")} must be at least ${stored.groupSize}, that of the state, found ${settings.groupSize}`,
    );
  }
  if (batches.length > 0 && settings.groupScale !== stored.groupScale) {
    throw new UsageError(
      `${theSetting("groupScale")} must be ${stored.groupScale}, that of the state, found ${settings.groupScale}`,
    );
  }
  if (waitOf(settings) < settings.groupSize) {
    throw new UsageError(
      `${theSetting("wait")} must be at least ${theSetting("groupSize")} ${settings.groupSize}, found ${settings.wait}`,
    );
  }
  return settings;
}

/** Rows that all differ from those that groups hold are more likely other rows, or the same ones written otherwise. */
function checkRetiring({ groups }: StoredState, { retiring, gone }: Stock, mayRetireMost: boolean): void {
  const active = groups.filter(isActive).length;
  if (mayRetireMost || 2 * retiring.length <= active) return;
  throw new RunError(
    `${retiring.length} of ${active} groups would be retired for good, as ${gone} of their rows are not there: is this ` +
      "the client's whole data, with the same columns, units and decimals? " +
      `if so, ${theSetting("allowRetiring")} retires them`,
  );
}
