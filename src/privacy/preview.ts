import { RunError, theSetting } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";
import { plural } from "../printable.js";
import { coarseSpread } from "./coarse-spread.js";
import { columnsToLeaveOut } from "./columns-to-leave-out.js";
import { type GroupScale, type Groups, groupRows } from "./groups.js";
import { provenRows } from "./proven-rows.js";

/** What of a client leaves it, in counts and names: none of it is a value of a row. */
export interface ClientPreview {
  readonly client: string;
  /** Rows as they are read. */
  readonly rows: number;
  readonly groupSize: number;
  readonly groupScale: GroupScale;
  /** Groups that leave as a mean and a number of rows each. */
  readonly groups: number;
  /** How many groups there are of each number of rows, the fewest rows first. */
  readonly groupSizes: readonly { readonly rows: number; readonly groups: number }[];
  /** Rows in no group, of which nothing leaves: all of a client that has fewer than the group size. */
  readonly rowsWaiting: number;
  /** Rows of groups that were retired for good, of which nothing leaves any more; 0 of a client without a state. */
  readonly rowsRetired: number;
  /** Whether what leaves is one point, the mean of all rows in groups. */
  readonly isOnePoint: boolean;
  readonly columns: readonly ColumnPreview[];
  /** null where there are no labels. */
  readonly labels: LabelPreview | null;
  /** Number of clusters that is asked for. */
  readonly kGlobal: number;
  /** Rows in groups over clusters times group size: what groups cost depends on it. Where none are, of all rows. */
  readonly rowsPerClusterAndGroupSize: number;
  /** Whether groups of this size cost the result something, or much; none where each row is a group. */
  readonly cost: "none" | "little" | "some" | "much";
  /** The largest group size at which they cost little; null where none above 1 does. */
  readonly groupSizeOfLittleCost: number | null;
  /** Rows that could be proven to be among the client's, and those of them that fewer than a group's rows are like. */
  readonly rowsProven: number;
  readonly rareRowsProven: number;
  /** Columns without which no rare row could be proven; empty where none can be, null where no choice was found. */
  readonly columnsToLeaveOut: readonly string[] | null;
}

/** What groups disclose of one column. */
export interface ColumnPreview {
  readonly name: string;
  /** Groups all of whose rows have one value in this column: their mean is that value. */
  readonly groupsOfOneValue: number;
  /** These over all groups; 0 where there are none. */
  readonly share: number;
  /** Cells of rows in these groups. */
  readonly cellsDisclosed: number;
  /** Whether the standard deviation of its rows leaves, too, rounded to steps of 10 %. */
  readonly spreadLeaves: boolean;
}

/** What groups would disclose of labels. */
export interface LabelPreview {
  /** null where they have no name. */
  readonly column: string | null;
  readonly classes: number;
  readonly shared: boolean;
  /** Groups all of whose rows are of one class, and the rows in them: whose labels are disclosed where they are shared. */
  readonly groupsOfOneClass: number;
  readonly rowsOfOneClass: number;
}

/** What a client has. */
interface PreviewedRows {
  readonly client: string;
  /** (n x d), finite, n >= 1 */
  readonly rows: Matrix;
  /** Names of the columns; null where they have none. */
  readonly names: readonly string[] | null;
  /** null where there are none. */
  readonly labels: {
    readonly column: string | null;
    /** (n,) */
    readonly classOf: ArrayLike<number>;
    readonly classes: number;
  } | null;
}

/** What its owner would have it give, and what is asked of it. */
export interface PreviewOptions {
  readonly groupSize: number;
  readonly groupScale: GroupScale;
  readonly kGlobal: number;
  readonly sharesLabels: boolean;
}

/** Rows over clusters times group size below which groups cost the result something, and below which much. */
export const LITTLE_COST = 5;
export const MUCH_COST = 2;

/**
 * What of a client would leave it, before anything does.
 *
 * @param groups of its rows, where they are settled; rows in none of them wait, or were retired. Default: they are made
 * @param spread (d,) what is stated of the columns' standard deviations, where that is settled
 * @param rowsRetired how many of the rows were in groups that were retired
 */
export function previewRows(
  { client, rows, names, labels }: PreviewedRows,
  { groupSize, groupScale, kGlobal, sharesLabels }: PreviewOptions,
  groups: Groups = rows.nRows < groupSize ? NO_GROUPS : groupRows(rows, null, groupSize, groupScale),
  spread: Float64Array | null = groupSize === 1 ? null : coarseSpread(rows, groupSize),
  rowsRetired = 0,
): ClientPreview {
  const { nRows, nColumns } = rows;
  const nGroups = groups.starts.length - 1;
  const columnNames = names ?? Array.from({ length: nColumns }, (_, j) => `feature ${j}`);
  const { proven, rare } = provenRows(rows, groups, groupSize);
  const nGrouped = groups.rows.length;
  const nTaking = nGrouped === 0 ? nRows : nGrouped;
  const ratio = nTaking / (kGlobal * groupSize);
  const largest = Math.floor(nTaking / (LITTLE_COST * kGlobal));
  const leaveOut = rare.length === 0 ? [] : columnsToLeaveOut(rows, groupSize, groupScale);
  return {
    client,
    rows: nRows,
    groupSize,
    groupScale,
    groups: nGroups,
    groupSizes: groupSizesOf(groups),
    rowsWaiting: nRows - nGrouped - rowsRetired,
    rowsRetired,
    isOnePoint: nGroups === 1,
    columns: columnNames.map((name, j) => {
      const alike = alikeIn(groups, (row) => rows.data[row * nColumns + j]);
      return {
        name,
        groupsOfOneValue: alike.groups,
        share: nGroups === 0 ? 0 : alike.groups / nGroups,
        cellsDisclosed: alike.rows,
        spreadLeaves: nGroups > 0 && spread !== null && !Number.isNaN(spread[j]),
      };
    }),
    labels: labels && labelPreview(labels, groups, sharesLabels),
    kGlobal,
    rowsPerClusterAndGroupSize: ratio,
    cost: groupSize === 1 ? "none" : costOf(ratio),
    groupSizeOfLittleCost: largest >= 2 ? largest : null,
    rowsProven: proven.length,
    rareRowsProven: rare.length,
    columnsToLeaveOut: leaveOut === null ? null : leaveOut.map((j) => columnNames[j]),
  };
}

/** Rows over clusters times group size, as what groups cost. */
function costOf(ratio: number): ClientPreview["cost"] {
  if (ratio < MUCH_COST) return "much";
  return ratio < LITTLE_COST ? "some" : "little";
}

/** How many rows something leaves of. */
export function rowsInGroups({ rows, rowsWaiting, rowsRetired }: ClientPreview): number {
  return rows - rowsWaiting - rowsRetired;
}

/** Clients that are named in a refusal at most. */
const SHOWN_REFUSALS = 3;

/**
 * Refuses to let anything leave of clients of which a rare row could be proven.
 *
 * @param allow whether their owner allows it
 * @throws RunError naming the clients and the columns to leave out
 */
export function refuseProven(previews: readonly ClientPreview[], allow: boolean): void {
  const refusing = previews.filter(({ rareRowsProven }) => rareRowsProven > 0);
  if (allow || refusing.length === 0) return;
  const parts = refusing
    .slice(0, SHOWN_REFUSALS)
    .map((one) => `client ${one.client}: ${provenLine(one)}: ${adviceOnProven(one)}`);
  const rest = refusing.length - parts.length;
  const more = rest > 0 ? [`${plural(rest, "client")} more`] : [];
  throw new RunError([...parts, ...more, `or accept it with ${theSetting("allowProven")}`].join("; "));
}

/**
 * What whoever holds rows should know of rare ones that could be proven, in one line; null: there are none.
 *
 * @param groups of the rows
 */
export function provenNotice(rows: Matrix, groups: Groups, groupSize: number): string | null {
  const rareRowsProven = provenRows(rows, groups, groupSize).rare.length;
  if (rareRowsProven === 0) return null;
  return provenLine({ rareRowsProven, rows: rows.nRows });
}

function provenLine({ rareRowsProven, rows }: Pick<ClientPreview, "rareRowsProven" | "rows">): string {
  return (
    `${rareRowsProven} of ${plural(rows, "row")} could be proven to be there from the means of groups, though few others ` +
    "are like them"
  );
}

/** What would have no rare row be proven. */
export function adviceOnProven({
  columnsToLeaveOut: columns,
}: Pick<ClientPreview, "columnsToLeaveOut">): string {
  if (columns === null) return "no choice of columns that was tried ends it; another group size may";
  return `leave out ${plural(columns.length, "column")} with ${theSetting("dropColumns")} ${columns.join(",")}`;
}

const NO_GROUPS: Groups = { rows: new Uint32Array(0), starts: new Uint32Array(1) };

function groupSizesOf({ starts }: Groups): ClientPreview["groupSizes"] {
  const counts = new Map<number, number>();
  for (let group = 0; group + 1 < starts.length; group++) {
    const size = starts[group + 1] - starts[group];
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([rows, groups]) => ({ rows, groups }));
}

/** The groups whose rows are all the same in something, and how many rows these have. */
function alikeIn({ rows, starts }: Groups, of: (row: number) => number): { groups: number; rows: number } {
  const alike = { groups: 0, rows: 0 };
  for (let group = 0; group + 1 < starts.length; group++) {
    const members = rows.subarray(starts[group], starts[group + 1]);
    const first = of(members[0]);
    if (!members.every((row) => of(row) === first)) continue;
    alike.groups += 1;
    alike.rows += members.length;
  }
  return alike;
}

function labelPreview(
  { column, classOf, classes }: NonNullable<PreviewedRows["labels"]>,
  groups: Groups,
  shared: boolean,
): LabelPreview {
  const alike = alikeIn(groups, (row) => classOf[row]);
  return { column, classes, shared, groupsOfOneClass: alike.groups, rowsOfOneClass: alike.rows };
}
