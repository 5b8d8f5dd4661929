import { lowered } from "./bounds";
import { aboveFour, belowFour, keepFour, loweredFour } from "./keep";
import { Problem } from "./problem";

/*
 * Bounds from squared distances in float32, the last five bits of each of which are the place of a centroid in its
 * group. Squared distances of coordinates less a centre, rounded to float32 each, have a root that misses the true
 * distance by at most 2 * 2^-24 * `longest`, by 2^-19 of it for the missing bits, and by (d + 9) * 2^-25 of it for all
 * roundings; the constants leave half as much again.
 */

/** Bits that make room for a place. */
export const PLACE_BITS: i32 = 31;
const UNIT: f64 = 2.5e-7;
const MISSING_BITS: f64 = 3e-6;
const ROUNDING: f64 = 6e-8;

/** By how much, of itself, the root of a square may miss a distance. */
function missingShare(p: Problem): f64 {
  return MISSING_BITS + <f64>(p.d + 16) * ROUNDING;
}

/** At most the distances of these squares, f32x4 with places. */
export function below(p: Problem, packed: v128): v128 {
  const squares = v128.andnot(packed, i32x4.splat(PLACE_BITS));
  const distances = f32x4.mul(belowFour(squares), f32x4.splat(<f32>(1 - missingShare(p))));
  return f32x4.sub(distances, f32x4.splat(<f32>(p.longest * UNIT)));
}

/** Stores bounds on the distances of up to four rows to the others of each group; returns the least of each row. */
export function keepGroups(p: Problem, four: usize, left: i32): v128 {
  const nGroups = <usize>p.nGroups;
  const groups = p.scratch;
  const bound0 = p.bounds + ((<usize>i32.load(four) * nGroups) << 2);
  const bound1 = p.bounds + ((<usize>i32.load(four, 4) * nGroups) << 2);
  const bound2 = p.bounds + ((<usize>i32.load(four, 8) * nGroups) << 2);
  const bound3 = p.bounds + ((<usize>i32.load(four, 12) * nGroups) << 2);
  let lowest = f32x4.splat(Infinity);
  for (let g: usize = 0; g < nGroups; g++) {
    const least = below(p, v128.load(groups + (g << 4)));
    lowest = f32x4.pmin(lowest, least);
    const drift = f32x4.splat(lowered(f64.load(p.groupDrifts + (g << 3))));
    const stored = loweredFour(f32x4.add(least, drift));
    v128.store32_lane(bound0 + (g << 2), stored, 0);
    if (left > 1) v128.store32_lane(bound1 + (g << 2), stored, 1);
    if (left > 2) v128.store32_lane(bound2 + (g << 2), stored, 2);
    if (left > 3) v128.store32_lane(bound3 + (g << 2), stored, 3);
  }
  return lowest;
}

/** Keeps what is found of up to four rows; lists those that are undecided, and returns where the list ends. */
export function settle(
  p: Problem,
  four: usize,
  left: i32,
  labels: v128,
  best: v128,
  lowers: v128,
  doubts: usize,
): usize {
  const squares = v128.andnot(best, i32x4.splat(PLACE_BITS));
  const distances = f32x4.mul(aboveFour(squares), f32x4.splat(<f32>(1 + missingShare(p))));
  const uppers = f32x4.add(distances, f32x4.splat(<f32>(p.longest * UNIT)));
  keepFour(p, four, left, labels, uppers, lowers);
  let undecided = ~i32x4.bitmask(f32x4.lt(uppers, lowers)) & 15;
  if (undecided === 0) return doubts;
  for (let r: usize = 0; r < <usize>left; r++, undecided >>= 1) {
    i32.store(doubts, i32.load(four + (r << 2)));
    doubts += (undecided & 1) << 2;
  }
  return doubts;
}
