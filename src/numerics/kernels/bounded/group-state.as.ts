/*
 * The state of a group is what is known of its centroids so far, in GROUP_STATE_BYTES: per lane the least distance,
 * the second least and the index of the nearest, 4 x f64 each.
 */

/** Stands for "none"; no index of a centroid is as large. */
const NO_INDEX: f64 = 2147483647;

export function clear(state: usize): void {
  const far = f64x2.splat(Infinity);
  v128.store(state, far);
  v128.store(state, far, 16);
  v128.store(state, far, 32);
  v128.store(state, far, 48);
  v128.store(state, f64x2.splat(NO_INDEX), 64);
  v128.store(state, f64x2.splat(NO_INDEX), 80);
}

/**
 * Takes four more distances of a row into its state.
 *
 * @param indices address of the four centroids' indices, f64
 */
export function fold(state: usize, distances0: v128, distances1: v128, indices: usize): void {
  const best0 = v128.load(state);
  const best1 = v128.load(state, 16);
  v128.store(state, f64x2.pmin(v128.load(state, 32), f64x2.pmax(best0, distances0)), 32);
  v128.store(state, f64x2.pmin(v128.load(state, 48), f64x2.pmax(best1, distances1)), 48);
  const nearer0 = f64x2.lt(distances0, best0);
  const nearer1 = f64x2.lt(distances1, best1);
  v128.store(state, v128.bitselect(v128.load(indices), v128.load(state, 64), nearer0), 64);
  v128.store(state, v128.bitselect(v128.load(indices, 16), v128.load(state, 80), nearer1), 80);
  v128.store(state, f64x2.pmin(best0, distances0));
  v128.store(state, f64x2.pmin(best1, distances1), 16);
}

/** Brings the lanes together: best, second best and index of all four are then in lane 0. */
export function reduce(state: usize): void {
  const best0 = v128.load(state);
  const best1 = v128.load(state, 16);
  const index0 = v128.load(state, 64);
  const index1 = v128.load(state, 80);
  const tie = v128.and(f64x2.eq(best1, best0), f64x2.lt(index1, index0));
  const index = v128.bitselect(index1, index0, v128.or(f64x2.lt(best1, best0), tie));
  const best = f64x2.pmin(best0, best1);
  const seconds = f64x2.pmin(v128.load(state, 32), v128.load(state, 48));
  const second = f64x2.pmin(seconds, f64x2.pmax(best0, best1));
  const bestA = f64x2.extract_lane(best, 0);
  const bestB = f64x2.extract_lane(best, 1);
  const indexA = f64x2.extract_lane(index, 0);
  const indexB = f64x2.extract_lane(index, 1);
  const takesB = bestB < bestA || (bestB === bestA && indexB < indexA);
  const loser = takesB ? bestA : bestB;
  const secondA = f64x2.extract_lane(second, 0);
  const secondB = f64x2.extract_lane(second, 1);
  const least = Math.min(secondA, secondB);
  f64.store(state, takesB ? bestB : bestA);
  f64.store(state, Math.min(loser, least), 32);
  f64.store(state, takesB ? indexB : indexA, 64);
}

export function bestOf(state: usize): f64 {
  return f64.load(state);
}

export function secondOf(state: usize): f64 {
  return f64.load(state, 32);
}

export function indexOf(state: usize): i32 {
  return <i32>f64.load(state, 64);
}
