import { theSetting } from "../errors.js";
import { plural } from "../printable.js";

/** Groups that a client can make for each cluster: so many cost next to nothing, about 1 % of inertia. */
const ENOUGH = 5;
/** Fewer than this are few for the clusters, which may come out as others than those of the rows. */
const TOO_FEW = 2;
/** Groups of fewer rows than this are the rows themselves. */
const SMALLEST = 2;

/**
 * What groups cost where clients have few rows for them, in a line, and the size of groups that would do: by the client
 * of the median row, as a small client has a small part in it. docs/group-cost.md has the figures.
 *
 * @param rows of each client
 * @param k number of clusters
 * @param groupSize least number of rows behind a point
 * @returns null where there is nothing to warn of
 */
export function fewRowsForGroups(rows: readonly number[], k: number, groupSize: number): string | null {
  const typical = rowsOfTypicalClient(rows);
  const share = (size: number) => typical / (k * size);
  if (groupSize < SMALLEST || typical === 0 || share(groupSize) >= ENOUGH) return null;
  const found =
    `half of the rows are at clients of at most ${typical}, which make ${share(groupSize).toPrecision(2)} groups of ` +
    `${groupSize} for each of ${plural(k, "cluster")}`;
  const expected =
    share(groupSize) < TOO_FEW
      ? `fewer than ${TOO_FEW}, and clusters may be others than those of the rows`
      : `fewer than ${ENOUGH}, and means may lie some way from those of the rows`;
  return `${found}: ${expected}; ${advice(typical, k)}`;
}

function advice(rows: number, k: number): string {
  const size = Math.floor(rows / (ENOUGH * k));
  if (size >= SMALLEST) return `${theSetting("groupSize")} ${size} would do`;
  const clusters = Math.floor(rows / (ENOUGH * SMALLEST));
  const none = `no size of groups would do for ${plural(k, "cluster")}`;
  if (clusters < 2) return none;
  return `${none}, ${theSetting("groupSize")} ${SMALLEST} for up to ${clusters} (${theSetting("kGlobal")})`;
}

/** Of the median row's client; 0 where there is no row. */
function rowsOfTypicalClient(rows: readonly number[]): number {
  const total = rows.reduce((sum, count) => sum + count, 0);
  let before = 0;
  for (const count of [...rows].sort((a, b) => a - b)) {
    before += count;
    if (2 * before >= total) return count;
  }
  return 0;
}
