import { SCREEN_GROUP_BYTES } from "../constants";
import { aboveFloat32, belowFloat32, FLOAT32_UNIT, lowered, loweredFour, storeBounds } from "./bounds.as";
import { BoundedProblem } from "./problem.as";

/*
 * Bounds from squared distances in float32, the last five bits of each of which are the place of a centroid in its
 * group. Rows and centroids are taken less a centre, y and b, and rounded to float32, which moves each by at most 2^-24
 * of its length.
 */

/** Bits that make room for a place. */
export const PLACE_BITS: i32 = 31;
/** Of the root of a square, what these bits may hold: 2^-19 of it, and half as much again. */
const MISSING_BITS: f32 = 3e-6;

/*
 * By differences (screenPairs): the root of a square misses the true distance by at most 2 * 2^-24 * `largestNorm`, by
 * 2^-19 of it for the missing bits, and by (d + 9) * 2^-25 of it for all roundings.
 */

/** Of `largestNorm`: twice 2 * 2^-24. */
const SHIFT: f64 = 2.5e-7;
/** Of the distance, for each of d + 16 roundings: twice 2^-25. */
const DIFFERENCE_ROUNDING: f64 = 6e-8;

/*
 * By sums (screenEight), |b|^2 first and a product of -2 y.b after the other: d + 1 roundings, and those of each
 * product and its factors, of at most |b|^2 + 2 |y||b| each time; then |y|^2, computed in float64, is added, with three
 * roundings of at most (|y| + |b|)^2. The order of the sum does not matter, nor would fused products. The error itself
 * is added too, so that the sum is no less than the squared distance, and no more than that and twice the error.
 * `errorsOf` allows for d + 8 roundings of the former size and for four of the latter.
 */

/** More than d products that underflow can miss by. */
const PRODUCTS_TINY: f64 = 1e-37;

/** By how much sums may miss the squared distances of two rows, f64x2, whose squared norms these are. */
export function errorsOf(p: BoundedProblem, squares: v128): v128 {
  const largestNorm = f64x2.splat(p.largestNorm);
  const lengths = f64x2.sqrt(squares);
  const both = f64x2.add(lengths, largestNorm);
  const parts = f64x2.mul(f64x2.add(f64x2.add(lengths, lengths), largestNorm), largestNorm);
  const ofParts = f64x2.mul(parts, f64x2.splat(<f64>(p.d + 8)));
  const ofWhole = f64x2.mul(f64x2.mul(both, both), f64x2.splat(4));
  return f64x2.add(
    f64x2.mul(f64x2.add(ofParts, ofWhole), f64x2.splat(FLOAT32_UNIT)),
    f64x2.splat(PRODUCTS_TINY),
  );
}

/** By how much, of itself, the root of a square may miss a distance. */
function missingShare(p: BoundedProblem): f64 {
  return <f64>MISSING_BITS + <f64>(p.d + 16) * DIFFERENCE_ROUNDING;
}

/** Lower bounds on the distances of these squares of differences, f32x4 with places. */
export function belowDifferences(p: BoundedProblem, packed: v128): v128 {
  const squares = v128.andnot(packed, i32x4.splat(PLACE_BITS));
  const distances = f32x4.mul(belowFloat32(squares), f32x4.splat(<f32>(1 - missingShare(p))));
  return f32x4.sub(distances, f32x4.splat(<f32>(p.largestNorm * SHIFT)));
}

/** Upper bounds on the distances of these squares of differences, f32x4 with places. */
export function aboveDifferences(p: BoundedProblem, packed: v128): v128 {
  const squares = v128.andnot(packed, i32x4.splat(PLACE_BITS));
  const distances = f32x4.mul(aboveFloat32(squares), f32x4.splat(<f32>(1 + missingShare(p))));
  return f32x4.add(distances, f32x4.splat(<f32>(p.largestNorm * SHIFT)));
}

/** Upper bounds on the distances of these sums, f32x4 with places, which are at least the squared distances. */
export function aboveSums(packed: v128): v128 {
  const squares = v128.andnot(packed, i32x4.splat(PLACE_BITS));
  return f32x4.mul(aboveFloat32(squares), f32x4.splat(1 + MISSING_BITS));
}

/** Lower bounds on the distances of these sums, f32x4 with places, which are at most `errors` more than the squares. */
export function belowSums(packed: v128, errors: v128): v128 {
  const squares = f32x4.sub(v128.andnot(packed, i32x4.splat(PLACE_BITS)), errors);
  return belowFloat32(f32x4.pmax(f32x4.splat(0), f32x4.mul(squares, f32x4.splat(1 - MISSING_BITS))));
}

/** Stores bounds on the distances of up to four rows to the others of each group; returns the least of each row. */
export function storeGroupBounds(
  p: BoundedProblem,
  four: usize,
  left: i32,
  groups: usize,
  errors: v128,
): v128 {
  const nGroups = <usize>p.nGroups;
  const bound0 = p.bounds + ((<usize>i32.load(four) * nGroups) << 2);
  const bound1 = p.bounds + ((<usize>i32.load(four, 4) * nGroups) << 2);
  const bound2 = p.bounds + ((<usize>i32.load(four, 8) * nGroups) << 2);
  const bound3 = p.bounds + ((<usize>i32.load(four, 12) * nGroups) << 2);
  let lowest = f32x4.splat(Infinity);
  for (let g: usize = 0; g < nGroups; g++) {
    const least = belowSums(v128.load(groups + g * <usize>SCREEN_GROUP_BYTES), errors);
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

/**
 * Stores what is found of up to four rows, and confirms that a label is right where its distance is below all others.
 *
 * @returns a bit for each row that is undecided
 */
export function confirm(
  p: BoundedProblem,
  four: usize,
  left: i32,
  labels: v128,
  uppers: v128,
  lowers: v128,
): i32 {
  storeBounds(p, four, left, labels, uppers, lowers);
  return ~i32x4.bitmask(f32x4.lt(uppers, lowers)) & ((1 << left) - 1);
}

/** Lists those of four rows that are undecided; returns where the list ends. Writes up to SPARE_ROWS behind it. */
export function listUndecided(list: usize, four: usize, undecided: i32): usize {
  if (undecided === 0) return list;
  for (let r: usize = 0; r < 16; r += 4, undecided >>= 1) {
    i32.store(list, i32.load(four + r));
    list += (undecided & 1) << 2;
  }
  return list;
}
