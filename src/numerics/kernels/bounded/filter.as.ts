import { FLOAT32_TINY, LIST_SPARE_ROWS } from "../constants";
import { lowered, raised } from "./bounds.as";
import { hoisted } from "./hoisted.as";
import { BoundedProblem } from "./problem.as";

/* Which rows of a block are to be looked at: lists of their indices. */

/** Kernels that take eight rows at a time find LIST_SPARE_ROWS more of any rows past the last. */
function pad(list: usize, length: i32): void {
  const end = list + ((<usize>length) << 2);
  const last = length > 0 ? i32.load(end - 4) : 0;
  for (let at: usize = 0; at < (<usize>LIST_SPARE_ROWS) << 2; at += 4) i32.store(end + at, last);
}

/** Lists all rows of a block. */
export function listAll(list: usize, start: i32, end: i32): void {
  for (let i = start; i < end; i++) i32.store(list + ((<usize>(i - start)) << 2), i);
  pad(list, end - start);
}

/**
 * The filter's margin. An upper bound is raised by it, and by FLOAT32_TINY near 0, before it is compared with a lower
 * bound: far more than three operations in float32 and a computed distance may miss by.
 */
const FILTER_INFLATION: f32 = 1 + 4e-6;

/** Writes down for each centroid what `filterRows` asks of it. */
export function writeThresholds(p: BoundedProblem): void {
  const thresholds = p.thresholds;
  for (let c: usize = 0; c < <usize>p.k; c++) {
    f32.store(thresholds + (c << 3), raised(f64.load(p.drifts + (c << 3))));
    f32.store(thresholds + (c << 3), lowered(f64.load(p.halfSeparations + (c << 3))), 4);
  }
}

/**
 * Lists the rows of a block whose nearest centroid may have changed: its distance is at least the bound on that of any
 * other, and at least its centroid's half-separation. Four rows at a time, in float32.
 *
 * @returns how many there are
 */
export function filterRows(p: BoundedProblem, start: i32, end: i32): i32 {
  const list = p.active;
  const inflation = hoisted(f32x4.splat(FILTER_INFLATION));
  const tiny = hoisted(f32x4.splat(<f32>FLOAT32_TINY));
  const anyDrift = hoisted(f32x4.splat(raised(p.anyDrift)));
  let nActive: usize = 0;
  let i = start;
  for (; i + 16 <= end; i += 16) {
    let active = 0;
    for (let four = 0; four < 16; four += 4) {
      active |= activeOf(p, i + four, inflation, tiny, anyDrift) << four;
    }
    for (; active !== 0; active &= active - 1) {
      i32.store(list + (nActive << 2), i + ctz(active));
      nActive++;
    }
  }
  // The last few of all rows are looked at every time.
  for (; i < end; i++, nActive++) i32.store(list + (nActive << 2), i);
  pad(list, <i32>nActive);
  return <i32>nActive;
}

/** A bit for each of four rows that is active. */
function activeOf(p: BoundedProblem, i: i32, inflation: v128, tiny: v128, anyDrift: v128): i32 {
  const at = (<usize>i) << 2;
  const label = p.labels + at;
  const gate0 = p.thresholds + ((<usize>i32.load(label)) << 3);
  const gate1 = p.thresholds + ((<usize>i32.load(label, 4)) << 3);
  const gate2 = p.thresholds + ((<usize>i32.load(label, 8)) << 3);
  const gate3 = p.thresholds + ((<usize>i32.load(label, 12)) << 3);
  const gates01 = v128.load64_lane(gate1, v128.load64_zero(gate0), 1);
  const gates23 = v128.load64_lane(gate3, v128.load64_zero(gate2), 1);
  const drifts = v128.shuffle<f32>(gates01, gates23, 0, 2, 4, 6);
  const halfSeparations = v128.shuffle<f32>(gates01, gates23, 1, 3, 5, 7);
  const upper = f32x4.add(f32x4.mul(f32x4.add(v128.load(p.uppers + at), drifts), inflation), tiny);
  const lower = f32x4.pmax(f32x4.sub(v128.load(p.lowers + at), anyDrift), halfSeparations);
  return i32x4.bitmask(f32x4.lt(upper, lower)) ^ 15;
}
