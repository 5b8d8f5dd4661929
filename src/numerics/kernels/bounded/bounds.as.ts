import { DISTANCE_TINY, FLOAT32_ERROR, FLOAT32_TINY } from "../constants";

/*
 * Bounds on Euclidean distances. A squared distance as computed, in whatever order it is added up, is within a
 * factor of 1 +- (d + 3) * 2^-53 of the true one; `slack` is at least four times that, and covers the square
 * root and one more operation. DISTANCE_TINY covers what underflow can do to squares, which is below 1e-161.
 */

/** Below this a bound says too little for squares not to have underflowed. */
export const LEAST_BOUND: f64 = 1e-100;
/** Below float32's largest number; no lower bound says more. */
const HUGE: f64 = 1e38;

/** At least the true distance whose square was computed. */
export function above(squared: f64, slack: f64): f64 {
  return Math.sqrt(squared) * (1 + slack) + DISTANCE_TINY;
}

/** At most the true distance whose square was computed, which may have overflowed. */
export function below(squared: f64, slack: f64): f64 {
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
