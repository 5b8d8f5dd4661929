import { theSetting } from "../errors.js";
import { plural, printableLine } from "../printable.js";
import { isActive, type StoredState, waitOf } from "../privacy/stored-groups.js";
import type { GroupsChange } from "../privacy/update-groups.js";

/** The most columns that are named. */
const MAX_COLUMNS = 12;

/** What to do about a change that should not be, before and after it is stored. */
const LEAVE = "then do not store it";
const DONE = `then put the folder back from a backup before any run begins; ${theSetting("dryRun")} says so before it is stored`;

/** A client's stored groups in counts and names: what a person may read of them. */
interface Overview {
  readonly columns: readonly string[] | null;
  readonly nColumns: number;
  readonly groupSize: number;
  readonly groupScale: string;
  /** Rows that have to wait before they are grouped. */
  readonly wait: number;
  readonly groups: number;
  readonly rows: number;
  readonly smallest: number | null;
  readonly largest: number | null;
  readonly waiting: number;
  /** Rows of groups that were retired. */
  readonly retired: number;
}

function overviewOf(state: StoredState): Overview {
  const sizes = state.groups.filter(isActive).map(({ weight }) => weight);
  return {
    columns: state.columns,
    nColumns: state.nColumns,
    groupSize: state.settings.groupSize,
    groupScale: state.settings.groupScale,
    wait: waitOf(state.settings),
    groups: sizes.length,
    rows: sizes.reduce((sum, size) => sum + size, 0),
    smallest: sizes.reduce<number | null>((least, size) => Math.min(least ?? size, size), null),
    largest: sizes.reduce<number | null>((most, size) => Math.max(most ?? size, size), null),
    waiting: state.waiting.length,
    retired: state.retired.length,
  };
}

/** What the groups of a state are, for a person. */
export function groupsReport(state: StoredState): string {
  const of = overviewOf(state);
  const { columns, nColumns, smallest, largest } = of;
  const names = columns === null ? `${nColumns} without names` : namesOf(columns);
  const sizes = smallest === largest ? `${smallest}` : `${smallest} to ${largest}`;
  // The first rows wait for no more than one group.
  const [from, setting] =
    state.batches.length === 0 ? [of.groupSize, theSetting("groupSize")] : [of.wait, theSetting("wait")];
  const groups = of.groups === 0 ? "none" : `${of.groups} of ${sizes} rows, ${plural(of.rows, "row")} in all`;
  return [
    `columns  ${printableLine(names)}`,
    `groups   ${groups} (${theSetting("groupSize")} ${of.groupSize}, ${theSetting("groupScale")} ${of.groupScale})`,
    `waiting  ${plural(of.waiting, "row")}; from ${from} on they are grouped (${setting})`,
    `retired  ${plural(of.retired, "row")}, of groups of which a row is gone`,
    "",
  ].join("\n");
}

/** What the rows of a file change, one line each. */
export function changeLines({ merged, made, grouped, retired, gone, state }: GroupsChange): string[] {
  const { groupSize } = state.settings;
  const lines = [
    retired > 0 &&
      `${plural(retired, "group")} retired for good, as ${plural(gone, "row")} of ${retired === 1 ? "it is" : "them are"} gone`,
    merged > 0 && `${plural(merged, "group")} merged into groups of at least ${groupSize} rows`,
    made > 0 && `${plural(made, "group")} made of ${plural(grouped, "row")}`,
  ].filter((line) => line !== false);
  return lines.length === 0 ? ["no group changed"] : lines;
}

/**
 * What the owner of the rows should know of a change, one line each.
 *
 * @param isStored whether it is done, or may still be left
 */
export function changeNotices({ state, alike, gone, came }: GroupsChange, isStored: boolean): string[] {
  const { groups, rows } = overviewOf(state);
  const { groupSize } = state.settings;
  return [
    alike > groupSize / 2 &&
      `${alike} of the rows that wait are equal to rows that groups hold or held, in all columns or in part of them: is a ` +
        "part of the data there twice, or does a column move on, as an age does? As long as they are more than such data " +
        "have by themselves, they are not grouped",
    gone > 0 &&
      came > 0 &&
      `${plural(gone, "row")} of groups gone and ${plural(came, "row")} new: if these are the same rows in another unit or ` +
        `with other decimals, a second partition of them gives rows away: ${isStored ? DONE : LEAVE}`,
    groups === 0 && `no group of ${groupSize} rows: the client takes part with nothing`,
    groups === 1 && `the one point of the ${rows} rows is their mean`,
  ].filter((line) => line !== false);
}

/** What a program reads of a state, and of a change of it; null where it was only looked at. */
export function groupsJson(
  state: StoredState,
  change: GroupsChange | null,
  { stateDir, isStored, notices }: { stateDir: string; isStored: boolean; notices: readonly string[] },
): string {
  const of = overviewOf(state);
  return `${JSON.stringify(
    {
      state_dir: stateDir,
      columns: of.columns,
      n_columns: of.nColumns,
      group_size: of.groupSize,
      group_scale: of.groupScale,
      wait: of.wait,
      groups: of.groups,
      rows: of.rows,
      smallest_group: of.smallest,
      largest_group: of.largest,
      waiting_rows: of.waiting,
      retired_rows: of.retired,
      ...(change !== null && {
        change: {
          stored: isStored,
          retired_groups: change.retired,
          gone_rows: change.gone,
          merged_groups: change.merged,
          made_groups: change.made,
          grouped_rows: change.grouped,
          new_rows: change.came,
          alike_rows: change.alike,
        },
      }),
      ...(notices.length > 0 && { notices }),
    },
    null,
    2,
  )}\n`;
}

function namesOf(columns: readonly string[]): string {
  const more = columns.length - MAX_COLUMNS;
  return columns.slice(0, MAX_COLUMNS).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
