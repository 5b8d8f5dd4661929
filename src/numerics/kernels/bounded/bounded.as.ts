import { BLOCK_ROWS } from "../../blocks";
import { elkanRefine } from "./elkan-refine.as";
import { elkanScreen } from "./elkan-screen.as";
import { filterRows, listAll, writeThresholds } from "./filter.as";
import { nearestInOneGroup } from "./nearest.as";
import { BoundedProblem } from "./problem.as";
import { refine } from "./refine.as";
import { screen } from "./screen.as";
import { noteMoves, scoreBlock, sumBlock } from "./sums.as";

/** Rows that are done by their bounds until it is seen what bounds are worth, and after how many it is seen anew. */
const PROBED_ROWS: i32 = 128;
const PROBED_BLOCK: i32 = 16 * BLOCK_ROWS;

/** To be called before `beginRows`. */
export function openBegin(p: BoundedProblem): void {
  writeThresholds(p);
  memory.fill(p.dirty, 0, p.k);
  memory.fill(p.stale, 0, p.k);
  if (isElkan(p) && !(p.largestNorm < Infinity)) {
    // Nothing is known: every distance will be in doubt.
    memory.fill(p.labels, 0, (<usize>p.n) << 2);
    memory.fill(p.bounds, 0, (<usize>p.n * <usize>p.nBounds) << 2);
  }
}

/** Assigns some blocks of rows for the first time: every distance. Counts are left to `countMembers`. */
export function beginRows(p: BoundedProblem, from: i32, to: i32): void {
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const end = min(to, start + BLOCK_ROWS);
    listAll(p.active, start, end);
    for (let first = start; first < end; first += p.batchRows) {
      computeAll(p, p.active + ((<usize>(first - start)) << 2), min(end - first, p.batchRows));
    }
    memory.fill(p.dirty, 1, p.k);
    sumBlock(p, start, end);
    if (p.scores !== 0) scoreBlock(p, start, end);
  }
}

/** To be called before `moveRows`, once centroids have moved. */
export function openMove(p: BoundedProblem): void {
  writeThresholds(p);
  p.isBulk = 0;
}

/** Assigns some blocks of rows to centroids that have moved: only the distances that the bounds leave in doubt. */
export function moveRows(p: BoundedProblem, from: i32, to: i32): void {
  const atMost = <f64>(isElkan(p) ? p.k : p.nGroups * p.panelsPerGroup);
  const active = p.active;
  let isBulk = p.isBulk !== 0;
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const end = min(to, start + BLOCK_ROWS);
    const nActive = filterRows(p, start, end);
    if (start % PROBED_BLOCK === 0) isBulk = false;
    for (let first = 0; first < nActive; ) {
      const m = min(nActive - first, isBulk ? p.batchRows : min(p.batchRows, PROBED_ROWS));
      const nComputed = update(p, active + ((<usize>first) << 2), m, isBulk);
      if (!isBulk) isBulk = <f64>nComputed > p.bulkShare * <f64>m * atMost;
      first += m;
    }
    sumBlock(p, start, end);
    if (p.scores !== 0) scoreBlock(p, start, end);
  }
  p.isBulk = isBulk ? 1 : 0;
}

/** Whether there is a bound for each centroid. */
function isElkan(p: BoundedProblem): bool {
  return p.nBounds > p.nGroups;
}

/** Assigns some rows; returns to how many panels, or centroids, distances were computed by necessity. */
function update(p: BoundedProblem, list: usize, m: i32, isBulk: bool): i32 {
  const labelsBefore = p.labelsBefore;
  for (let i: usize = 0; i < (<usize>m) << 2; i += 4) {
    i32.store(labelsBefore + i, i32.load(p.labels + ((<usize>i32.load(list + i)) << 2)));
  }
  let nComputed = 0;
  if (isBulk) computeAll(p, list, m);
  else nComputed = isElkan(p) ? elkanRefine(p, list, m, false) : refine(p, list, m);
  noteMoves(p, list, m, labelsBefore);
  return nComputed;
}

/** Assigns some rows whatever was known of them. */
function computeAll(p: BoundedProblem, list: usize, m: i32): void {
  if (isElkan(p)) {
    const screens = p.largestNorm < Infinity;
    if (screens) elkanScreen(p, list, m);
    elkanRefine(p, list, m, screens);
  } else if (p.largestNorm < Infinity) {
    const nDoubts = screen(p, list, m);
    refine(p, p.undecided, nDoubts);
  } else {
    nearestInOneGroup(p, list, m);
    if (p.nGroups > 1) forgetGroups(p, list, m);
  }
}

/** Nothing is known of the distances of some rows to any group. */
function forgetGroups(p: BoundedProblem, list: usize, m: i32): void {
  const bytes = (<usize>p.nGroups) << 2;
  for (let i: usize = 0; i < (<usize>m) << 2; i += 4) {
    memory.fill(p.bounds + <usize>i32.load(list + i) * bytes, 0, bytes);
  }
}
