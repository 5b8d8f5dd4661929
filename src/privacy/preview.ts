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
  /** Whether what leaves is one point, the mean of all of the client's rows. */
  readonly isOnePoint: boolean;
  readonly columns: readonly ColumnPreview[];
  /** null where there are no labels. */
  readonly labels: LabelPreview | null;
  /** Number of clusters that is asked for. */
  readonly kGlobal: number;
  /** Rows over clusters times group size: what groups cost depends on it. */
  readonly rowsPerClusterAndGroupSize: number;
  /** Whether groups of this size cost the result something, or much. */
  readonly cost: "little" | "some" | "much";
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
const LITTLE_COST = 5;
const MUCH_COST = 2;

/**
 * What of a client would leave it, before anything does.
 *
 * @param groups of its rows, where they are settled; rows in none of them wait. Default: they are made
 * @param spread (d,) what is stated of the columns' standard deviations, where that is settled
 */
export function previewRows(
  { client, rows, names, labels }: PreviewedRows,
  { groupSize, groupScale, kGlobal, sharesLabels }: PreviewOptions,
  groups: Groups = rows.nRows < groupSize ? NO_GROUPS : groupRows(rows, null, groupSize, groupScale),
  spread: Float64Array | null = groupSize === 1 ? null : coarseSpread(rows, groupSize),
): ClientPreview {
  const { nRows, nColumns } = rows;
  const nGroups = groups.starts.length - 1;
  const columnNames = names ?? Array.from({ length: nColumns }, (_, j) => `feature ${j}`);
  const { proven, rare } = provenRows(rows, groups, groupSize);
  const ratio = nRows / (kGlobal * groupSize);
  const largest = Math.floor(nRows / (LITTLE_COST * kGlobal));
  const leaveOut = rare.length === 0 ? [] : columnsToLeaveOut(rows, groupSize, groupScale);
  return {
    client,
    rows: nRows,
    groupSize,
    groupScale,
    groups: nGroups,
    groupSizes: groupSizesOf(groups),
    rowsWaiting: nRows - groups.rows.length,
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
    cost:
      ratio < MUCH_COST && groupSize > 1 ? "much" : ratio < LITTLE_COST && groupSize > 1 ? "some" : "little",
    groupSizeOfLittleCost: largest >= 2 ? largest : null,
    rowsProven: proven.length,
    rareRowsProven: rare.length,
    columnsToLeaveOut: leaveOut === null ? null : leaveOut.map((j) => columnNames[j]),
  };
}

/**
 * Refuses to let anything leave of a client of which a rare row could be proven.
 *
 * @param allow whether its owner allows it
 * @throws RunError naming the columns to leave out
 */
export function refuseProven(preview: ClientPreview, allow: boolean): void {
  const line = provenLine(preview);
  if (allow || line === null) return;
  throw new RunError(
    `client ${preview.client}: ${line}: ${adviceOnProven(preview)}; or accept it with ${theSetting("allowProven")}`,
  );
}

/**
 * What whoever simulates a client should know of its rare rows that could be proven, in one line; null: there are none.
 *
 * @param groups of its rows
 */
export function provenNotice(rows: Matrix, groups: Groups, groupSize: number): string | null {
  const rareRowsProven = provenRows(rows, groups, groupSize).rare.length;
  return provenLine({ rareRowsProven, rows: rows.nRows });
}

function provenLine({ rareRowsProven, rows }: Pick<ClientPreview, "rareRowsProven" | "rows">): string | null {
  if (rareRowsProven === 0) return null;
  return (
    `${rareRowsProven} of ${plural(rows, "row")} could be proven to be there from the means of groups, though few others ` +
    "are like them (fedkmeans preview names the columns to leave out)"
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
