import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import type { Partition } from "../../data/partitions/partition.js";
import { LOCK_FILE } from "../../directory/layout.js";
import { theSetting, UsageError } from "../../errors.js";
import { makePrivateFolder } from "../../files/durable-write.js";
import { isTemporary } from "../../files/leftovers.js";
import { emptyState, type GroupSettings } from "../../privacy/stored-groups.js";
import { type GroupsChange, updateGroups } from "../../privacy/update-groups.js";
import { BUDGET_FILE, REPLIES } from "./budget/budget-file.js";
import { type ClientState, stateFileIn } from "./state-file.js";
import { replaceState, whileLocked } from "./state-lock.js";
import { rowsForState } from "./state-rows.js";

/** Whether a folder has a state, of whatever kind. */
export function hasState(folder: string): boolean {
  return existsSync(stateFileIn(folder));
}

/**
 * What the groups of a client without a state would be.
 *
 * @throws as `updateGroups`
 */
export function firstGroups(partition: Partition, settings: GroupSettings): GroupsChange {
  return firstState(partition, settings).change;
}

/**
 * Makes the state of a client: the one and only time its rows are grouped without regard to what was before.
 *
 * @param folder a new one, or an empty one
 * @throws UsageError if the folder holds a state or other files; RunError if it cannot be written
 */
export async function makeState(
  folder: string,
  partition: Partition,
  settings: GroupSettings,
): Promise<GroupsChange> {
  const { state, change } = firstState(partition, settings);
  makePrivateFolder(folder);
  return whileLocked(folder, () => {
    if (hasState(folder)) throw new UsageError(`${theSetting("stateDir")} ${folder} has a state already`);
    const expected = [LOCK_FILE, BUDGET_FILE, REPLIES];
    const strangers = readdirSync(folder).filter((name) => !expected.includes(name) && !isTemporary(name));
    if (strangers.length > 0) {
      throw new UsageError(
        `${theSetting("stateDir")} must be a new or an empty folder, found ${JSON.stringify(strangers[0])} in ${folder}`,
      );
    }
    replaceState(folder, state);
    return change;
  });
}

function firstState(
  partition: Partition,
  settings: GroupSettings,
): { state: ClientState; change: GroupsChange } {
  const { rows, featureNames, labelColumn = null } = partition;
  const secret = randomBytes(32).toString("hex");
  const empty = {
    secret,
    dealing: [],
    groups: emptyState(settings, { nColumns: rows.nColumns, columns: featureNames, labelColumn }),
    runs: [],
  };
  const { dealing, ...data } = rowsForState(empty, partition);
  const change = updateGroups(empty.groups, data, {});
  return { state: { ...empty, dealing, groups: change.state }, change };
}
