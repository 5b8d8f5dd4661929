import type { Partition } from "#src/data/partitions/partition.js";
import { makeState } from "#src/federation/client/make-state.js";
import { openState, type StateFolder } from "#src/federation/client/state-folder.js";
import type { GroupSettings } from "#src/privacy/stored-groups.js";
import type { Row } from "./site.js";

export const GROUPS: GroupSettings = { groupSize: 5, groupScale: "std", wait: null };

/** A client's rows, of columns without names unless told. */
export function partition(
  rows: readonly Row[],
  featureNames: readonly string[] | null = null,
  labels: readonly string[] | null = null,
): Partition {
  const classes = [...new Set(labels ?? [])].sort();
  return {
    rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: rows[0].length },
    featureNames,
    labels: labels === null ? null : Int32Array.from(labels, (label) => classes.indexOf(label)),
    classes,
  };
}

/** A new state of these rows. */
export async function stateOf(
  folder: string,
  rows: Partition,
  settings: Partial<GroupSettings> = {},
): Promise<StateFolder> {
  await makeState(folder, rows, { ...GROUPS, ...settings });
  return openState(folder);
}
