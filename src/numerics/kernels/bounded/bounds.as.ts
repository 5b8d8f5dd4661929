import { DISTANCE_TINY, FLOAT32_ERROR, FLOAT32_TINY } from "../constants";
import { BoundedProblem } from "./problem.as";

/*
 * Bounds on Euclidean distances. A squared distance as computed, in whatever order it is added up, is within a
 * factor of 1 +- (d + 3) * 2^-53 of the true one; `slack` is at least four times that, and covers the square
 * root and one more operation. DISTANCE_TINY covers what underflow can do to squares, which is below 1e-161.
 */

/** What rounding to float32 moves a number by, of itself: 2^-24, and room for terms of higher order. */
export const FLOAT32_UNIT: f64 = 6.2e-8;
/** Below this a bound says too little for squares not to have underflowed. */
export const LEAST_BOUND: f64 = 1e-100;
/** Below float32's largest number; no lower bound says more. */
const HUGE: f64 = 1e38;

/** An upper bound on the true distance whose square was computed in float64. */
export function aboveFloat64(squared: f64, slack: f64): f64 {
  return Math.sqrt(squared) * (1 + slack) + DISTANCE_TINY;
}

/** A lower bound on the true distance whose square was computed in float64, which may have overflowed. */
export function belowFloat64(squared: f64, slack: f64): f64 {
  const bound = Math.sqrt(squared) * (1 - slack) - DISTANCE_TINY;
  return bound < HUGE ? bound : HUGE;
}

/** A float32 of at least x. */
export function raised(x: f64): f32 {
  const bound = Math.max(x, -HUGE);
  return <f32>(bound + Math.abs(bound) * FLOAT32_ERROR + FLOAT32_TINY);
}

/** A float32 of at most x. */
export function lowered(x: f64): f32 {
  const bound = x < HUGE ? x : HUGE;
  return <f32>(bound - Math.abs(bound) * FLOAT32_ERROR - FLOAT32_TINY);
}

/*
 * Bounds of four rows at a time, from squared distances in float32, as they are stored. Four operations
 * in float32 miss by less than 2^-21 in all, half of what is left for them here.
 */

const ROOT_INFLATION: f32 = 1 + 1e-6;
const ROOT_DEFLATION: f32 = 1 - 1e-6;
/** What underflow can add to a distance. */
const ROOT_TINY: f32 = 1e-20;
/** Larger squares may not have been finite in float32. */
const LARGEST_SQUARE: f32 = 3e38;
/** They bring a drift that `writeThresholds` rounded up back below what it was. */
const DRIFT_DEFLATION: f32 = 1 - 4e-6;
const DRIFT_TINY: f32 = 3e-30;

/** Upper bounds on the distances of these squares, f32x4. */
export function aboveFloat32(squares: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sqrt(squares), f32x4.splat(ROOT_INFLATION)), f32x4.splat(ROOT_TINY));
}

/** Lower bounds on the distances of these squares, f32x4. */
export function belowFloat32(squares: v128): v128 {
  const finite = f32x4.pmin(f32x4.splat(LARGEST_SQUARE), squares);
  return f32x4.sub(f32x4.mul(f32x4.sqrt(finite), f32x4.splat(ROOT_DEFLATION)), f32x4.splat(ROOT_TINY));
}

/**
 * Stores what is found of up to four rows.
 *
 * @param four (4,) i32, indices of rows, @param left how many of them count
 * @param labels i32x4
 * @param uppers f32x4, upper bounds on the distances to these, @param lowers f32x4, lower bounds on those to any other
 */
export function storeBounds(
  p: BoundedProblem,
  four: usize,
  left: i32,
  labels: v128,
  uppers: v128,
  lowers: v128,
): void {
  const thresholds = p.thresholds;
  let drifts = v128.load32_zero(thresholds + ((<usize>i32x4.extract_lane(labels, 0)) << 3));
  drifts = v128.load32_lane(thresholds + ((<usize>i32x4.extract_lane(labels, 1)) << 3), drifts, 1);
  drifts = v128.load32_lane(thresholds + ((<usize>i32x4.extract_lane(labels, 2)) << 3), drifts, 2);
  drifts = v128.load32_lane(thresholds + ((<usize>i32x4.extract_lane(labels, 3)) << 3), drifts, 3);
  drifts = f32x4.sub(f32x4.mul(drifts, f32x4.splat(DRIFT_DEFLATION)), f32x4.splat(DRIFT_TINY));
  uppers = f32x4.sub(uppers, drifts);
  uppers = f32x4.add(uppers, f32x4.mul(f32x4.abs(uppers), f32x4.splat(<f32>FLOAT32_ERROR)));
  lowers = f32x4.add(lowers, f32x4.splat(lowered(p.anyDrift)));
  lowers = loweredFour(lowers);
  let at = (<usize>i32.load(four)) << 2;
  if (left === 4 && i32.load(four, 12) - i32.load(four) === 3) {
    v128.store(p.labels + at, labels);
    v128.store(p.uppers + at, uppers);
    v128.store(p.lowers + at, lowers);
    return;
  }
  v128.store32_lane(p.labels + at, labels, 0);
  v128.store32_lane(p.uppers + at, uppers, 0);
  v128.store32_lane(p.lowers + at, lowers, 0);
  if (left < 2) return;
  at = (<usize>i32.load(four, 4)) << 2;
  v128.store32_lane(p.labels + at, labels, 1);
  v128.store32_lane(p.uppers + at, uppers, 1);
  v128.store32_lane(p.lowers + at, lowers, 1);
  if (left < 3) return;
  at = (<usize>i32.load(four, 8)) << 2;
  v128.store32_lane(p.labels + at, labels, 2);
  v128.store32_lane(p.uppers + at, uppers, 2);
  v128.store32_lane(p.lowers + at, lowers, 2);
  if (left < 4) return;
  at = (<usize>i32.load(four, 12)) << 2;
  v128.store32_lane(p.labels + at, labels, 3);
  v128.store32_lane(p.uppers + at, uppers, 3);
  v128.store32_lane(p.lowers + at, lowers, 3);
}

/** Lower bounds on the true values of sums of bounds and drifts that were added up in float32. */
export function loweredFour(x: v128): v128 {
  return f32x4.sub(x, f32x4.mul(f32x4.abs(x), f32x4.splat(<f32>FLOAT32_ERROR)));
}

/** Two f64x2 as one f32x4. */
export function toFloat32(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}
