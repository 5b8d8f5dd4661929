import { SCREEN_BYTES, SCREEN_GROUP_BYTES } from "../constants";
import { toFloat32 } from "./bounds.as";
import {
  aboveDifferences,
  aboveSums,
  belowDifferences,
  belowSums,
  confirm,
  errorsOf,
  listUndecided,
  PLACE_BITS,
  storeGroupBounds,
} from "./confirm.as";
import { hoisted } from "./hoisted.as";
import { BoundedProblem } from "./problem.as";

/** Twice the error from which on the products behind it might overflow in float32. */
const LARGEST_ERROR: f32 = 1e29;

/**
 * Bounds on the distances of m rows to the centroids of each group, at most 32, from float32; and for each row the
 * centroid that seems nearest, which it is where the upper bound is below all lower ones. A lane is a row.
 *
 * The place of a centroid in its group stands in for the last bits of its squared distance, so that the least of the
 * two together is found without a branch: see confirm.as.ts.
 *
 * @param list (m,) i32, indices of rows, and seven more of any rows
 * @returns how many rows are undecided; p.undecided lists them
 */
export function screen(p: BoundedProblem, list: usize, m: i32): i32 {
  let undecided = p.undecided;
  let i = 0;
  if (p.d === 2 && p.nGroups === 1) {
    for (; i + 8 <= m; i += 8) undecided = screenPairs(p, list + ((<usize>i) << 2), undecided);
  }
  for (; i < m; i += 8) undecided = screenEight(p, list + ((<usize>i) << 2), min(8, m - i), undecided);
  return <i32>((undecided - p.undecided) >> 2);
}

/** Eight rows of two features; all centroids are one group. */
function screenPairs(p: BoundedProblem, eight: usize, undecided: usize): usize {
  const rows = p.rows;
  const middle = v128.load(p.centre);
  const xy0 = centred(rows, eight, middle);
  const xy1 = centred(rows, eight + 4, middle);
  const xy2 = centred(rows, eight + 8, middle);
  const xy3 = centred(rows, eight + 12, middle);
  const xy4 = centred(rows, eight + 16, middle);
  const xy5 = centred(rows, eight + 20, middle);
  const xy6 = centred(rows, eight + 24, middle);
  const xy7 = centred(rows, eight + 28, middle);
  const xy01 = v128.shuffle<f32>(xy0, xy1, 0, 4, 1, 5);
  const xy23 = v128.shuffle<f32>(xy2, xy3, 0, 4, 1, 5);
  const xy45 = v128.shuffle<f32>(xy4, xy5, 0, 4, 1, 5);
  const xy67 = v128.shuffle<f32>(xy6, xy7, 0, 4, 1, 5);
  const x0 = hoisted(v128.shuffle<f32>(xy01, xy23, 0, 1, 4, 5));
  const y0 = hoisted(v128.shuffle<f32>(xy01, xy23, 2, 3, 6, 7));
  const x1 = hoisted(v128.shuffle<f32>(xy45, xy67, 0, 1, 4, 5));
  const y1 = hoisted(v128.shuffle<f32>(xy45, xy67, 2, 3, 6, 7));
  const placeBits = hoisted(i32x4.splat(PLACE_BITS));
  const one = hoisted(i32x4.splat(1));
  let best0 = i32x4.splat(i32.MAX_VALUE);
  let best1 = best0;
  let second0 = best0;
  let second1 = best0;
  let place = i32x4.splat(0);
  let panel = p.float32Panels;
  for (let left = p.k; left > 0; left -= 8, panel += 32) {
    const end = panel + ((<usize>min(left, 8)) << 2);
    for (; panel < end; panel += 4) {
      const x = v128.load32_splat(panel);
      const y = v128.load32_splat(panel, 32);
      const dx0 = f32x4.sub(x0, x);
      const dx1 = f32x4.sub(x1, x);
      const dy0 = f32x4.sub(y0, y);
      const dy1 = f32x4.sub(y1, y);
      const square0 = f32x4.add(f32x4.mul(dx0, dx0), f32x4.mul(dy0, dy0));
      const square1 = f32x4.add(f32x4.mul(dx1, dx1), f32x4.mul(dy1, dy1));
      const packed0 = v128.or(v128.andnot(square0, placeBits), place);
      const packed1 = v128.or(v128.andnot(square1, placeBits), place);
      second0 = i32x4.min_s(second0, i32x4.max_s(best0, packed0));
      second1 = i32x4.min_s(second1, i32x4.max_s(best1, packed1));
      best0 = i32x4.min_s(best0, packed0);
      best1 = i32x4.min_s(best1, packed1);
      place = i32x4.add(place, one);
    }
  }
  let doubts = confirm(
    p,
    eight,
    4,
    v128.and(best0, placeBits),
    aboveDifferences(p, best0),
    belowDifferences(p, second0),
  );
  undecided = listUndecided(undecided, eight, doubts);
  doubts = confirm(
    p,
    eight + 16,
    4,
    v128.and(best1, placeBits),
    aboveDifferences(p, best1),
    belowDifferences(p, second1),
  );
  return listUndecided(undecided, eight + 16, doubts);
}

/** A row of two features less the centre, in the two low lanes. */
function centred(rows: usize, at: usize, centre: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.sub(v128.load(rows + ((<usize>i32.load(at)) << 4)), centre));
}

/*
 * What is found of eight rows, in scratch, two vectors each: what is added to a score, and twice its error; the least
 * square of any centroid, the second of its group, and that group; then, for each group, its least and its second.
 */
const OFFSETS: usize = 0;
const ERRORS: usize = 32;
const BEST: usize = 64;
const SECOND: usize = 96;
const LEADER: usize = 128;
const GROUPS: usize = SCREEN_BYTES;

/**
 * Eight rows of any number of features, by |y|^2 + |b|^2 - 2 y.b, where y and b are a row and a centroid less the
 * centre: half the operations of differences. Four centroids at a time, so that all sums stay in registers.
 */
function screenEight(p: BoundedProblem, eight: usize, left: i32, undecided: usize): usize {
  const nGroups = p.nGroups;
  // These panels are twice as wide as those of float64.
  const panelsPerGroup = p.panelsPerGroup >> 1;
  const panelBytes = (<usize>p.d) << 5;
  const columns = p.float32Rows;
  const columnsEnd = columns + panelBytes;
  const found = p.scratch;
  fillColumns(p, eight, found);
  const most = i32x4.splat(i32.MAX_VALUE);
  for (let at: usize = BEST; at < LEADER; at += 16) v128.store(found + at, most);
  v128.store(found + LEADER, i32x4.splat(0));
  v128.store(found + LEADER, i32x4.splat(0), 16);
  let panel = p.float32Panels;
  let places = p.places;
  let float32Norms = p.float32Norms;
  let group = found + GROUPS;
  for (let g = 0; g < nGroups; g++, group += SCREEN_GROUP_BYTES) {
    for (let at: usize = 0; at < 64; at += 16) v128.store(group + at, most);
    for (let l = 0; l < panelsPerGroup; l++, panel += panelBytes) {
      for (let half: usize = 0; half < 32; half += 16, places += 16, float32Norms += 16) {
        let a0 = v128.load32_splat(float32Norms);
        let a1 = v128.load32_splat(float32Norms, 4);
        let a2 = v128.load32_splat(float32Norms, 8);
        let a3 = v128.load32_splat(float32Norms, 12);
        let b0 = a0;
        let b1 = a1;
        let b2 = a2;
        let b3 = a3;
        let centroids = panel + half;
        for (let column = columns; column < columnsEnd; column += 32, centroids += 32) {
          const x = v128.load(column);
          const y = v128.load(column, 16);
          let c = v128.load32_splat(centroids);
          a0 = f32x4.add(a0, f32x4.mul(x, c));
          b0 = f32x4.add(b0, f32x4.mul(y, c));
          c = v128.load32_splat(centroids, 4);
          a1 = f32x4.add(a1, f32x4.mul(x, c));
          b1 = f32x4.add(b1, f32x4.mul(y, c));
          c = v128.load32_splat(centroids, 8);
          a2 = f32x4.add(a2, f32x4.mul(x, c));
          b2 = f32x4.add(b2, f32x4.mul(y, c));
          c = v128.load32_splat(centroids, 12);
          a3 = f32x4.add(a3, f32x4.mul(x, c));
          b3 = f32x4.add(b3, f32x4.mul(y, c));
        }
        let offset = v128.load(found + OFFSETS);
        a0 = f32x4.add(a0, offset);
        a1 = f32x4.add(a1, offset);
        takeScores(group, a0, a1, f32x4.add(a2, offset), f32x4.add(a3, offset), places);
        offset = v128.load(found + OFFSETS, 16);
        b0 = f32x4.add(b0, offset);
        b1 = f32x4.add(b1, offset);
        takeScores(group + 16, b0, b1, f32x4.add(b2, offset), f32x4.add(b3, offset), places);
      }
    }
    if (nGroups === 1) continue;
    lead(found, group, g);
    lead(found + 16, group + 16, g);
  }
  undecided = confirmFour(p, eight, left, found, undecided);
  return left > 4 ? confirmFour(p, eight + 16, left - 4, found + 16, undecided) : undecided;
}

/** Takes four centroids' scores for four rows into the least and the second of their group. */
function takeScores(group: usize, s0: v128, s1: v128, s2: v128, s3: v128, places: usize): void {
  const placeBits = i32x4.splat(PLACE_BITS);
  s0 = v128.or(v128.andnot(s0, placeBits), v128.load32_splat(places));
  s1 = v128.or(v128.andnot(s1, placeBits), v128.load32_splat(places, 4));
  s2 = v128.or(v128.andnot(s2, placeBits), v128.load32_splat(places, 8));
  s3 = v128.or(v128.andnot(s3, placeBits), v128.load32_splat(places, 12));
  const in01 = i32x4.min_s(s0, s1);
  const in23 = i32x4.min_s(s2, s3);
  const all = i32x4.min_s(in01, in23);
  const allSecond = i32x4.min_s(
    i32x4.min_s(i32x4.max_s(s0, s1), i32x4.max_s(s2, s3)),
    i32x4.max_s(in01, in23),
  );
  const best = v128.load(group);
  v128.store(group, i32x4.min_s(best, all));
  v128.store(group, i32x4.min_s(i32x4.min_s(v128.load(group, 32), allSecond), i32x4.max_s(best, all)), 32);
}

/** Takes a group's least into that of all groups. */
function lead(found: usize, group: usize, g: i32): void {
  const best = v128.load(found + BEST);
  const groupBest = v128.load(group);
  const leads = i32x4.lt_s(groupBest, best);
  v128.store(found + BEST, i32x4.min_s(best, groupBest));
  v128.store(found + SECOND, v128.bitselect(v128.load(group, 32), v128.load(found + SECOND), leads));
  v128.store(found + LEADER, v128.bitselect(i32x4.splat(g), v128.load(found + LEADER), leads));
}

/** Keeps what is found of up to four rows. */
function confirmFour(p: BoundedProblem, four: usize, left: i32, found: usize, undecided: usize): usize {
  left = min(left, 4);
  const placeBits = i32x4.splat(PLACE_BITS);
  const errors = v128.load(found + ERRORS);
  // Of a row too far away for float32 nothing is known, not even a centroid that exists.
  const isKnown = f32x4.lt(errors, f32x4.splat(Infinity));
  const group = found + GROUPS;
  if (p.nGroups === 1) {
    const best = v128.load(group);
    const labels = v128.and(v128.and(best, placeBits), isKnown);
    const lowers = belowSums(v128.load(group, 32), errors);
    return listUndecided(undecided, four, confirm(p, four, left, labels, aboveSums(best), lowers));
  }
  const best = v128.load(found + BEST);
  const second = v128.load(found + SECOND);
  const leader = v128.load(found + LEADER);
  // The nearest itself is no other of its group.
  v128.store32_lane(group + <usize>(i32x4.extract_lane(leader, 0) * SCREEN_GROUP_BYTES), second, 0);
  v128.store32_lane(group + <usize>(i32x4.extract_lane(leader, 1) * SCREEN_GROUP_BYTES) + 4, second, 1);
  v128.store32_lane(group + <usize>(i32x4.extract_lane(leader, 2) * SCREEN_GROUP_BYTES) + 8, second, 2);
  v128.store32_lane(group + <usize>(i32x4.extract_lane(leader, 3) * SCREEN_GROUP_BYTES) + 12, second, 3);
  const lanes = i32x4.add(i32x4.mul(leader, i32x4.splat(p.panelsPerGroup << 2)), v128.and(best, placeBits));
  const indices = p.laneIndices;
  let labels = v128.load32_zero(indices + ((<usize>i32x4.extract_lane(lanes, 0)) << 2));
  labels = v128.load32_lane(indices + ((<usize>i32x4.extract_lane(lanes, 1)) << 2), labels, 1);
  labels = v128.load32_lane(indices + ((<usize>i32x4.extract_lane(lanes, 2)) << 2), labels, 2);
  labels = v128.load32_lane(indices + ((<usize>i32x4.extract_lane(lanes, 3)) << 2), labels, 3);
  labels = v128.and(labels, isKnown);
  const lowers = storeGroupBounds(p, four, left, group, errors);
  return listUndecided(undecided, four, confirm(p, four, left, labels, aboveSums(best), lowers));
}

/** Writes -2 times eight rows less the centre as (d, 8) f32, and what their norms add to scores. */
function fillColumns(p: BoundedProblem, eight: usize, found: usize): void {
  const rowBytes = (<usize>p.d) << 3;
  for (let four: usize = 0; four < 32; four += 16) {
    const row0 = p.rows + <usize>i32.load(eight + four) * rowBytes;
    const row1 = p.rows + <usize>i32.load(eight + four, 4) * rowBytes;
    const row2 = p.rows + <usize>i32.load(eight + four, 8) * rowBytes;
    const row3 = p.rows + <usize>i32.load(eight + four, 12) * rowBytes;
    const centre = p.centre;
    let column = p.float32Rows + four;
    let squares01 = f64x2.splat(0);
    let squares23 = squares01;
    for (let f: usize = 0; f < rowBytes; f += 8, column += 32) {
      const middle = v128.load64_splat(centre + f);
      const low = f64x2.sub(v128.load64_lane(row1 + f, v128.load64_zero(row0 + f), 1), middle);
      const high = f64x2.sub(v128.load64_lane(row3 + f, v128.load64_zero(row2 + f), 1), middle);
      squares01 = f64x2.add(squares01, f64x2.mul(low, low));
      squares23 = f64x2.add(squares23, f64x2.mul(high, high));
      const lows = f32x4.demote_f64x2_zero(low);
      const highs = f32x4.demote_f64x2_zero(high);
      v128.store(column, f32x4.mul(v128.shuffle<f32>(lows, highs, 0, 1, 4, 5), f32x4.splat(-2)));
    }
    const errors01 = errorsOf(p, squares01);
    const errors23 = errorsOf(p, squares23);
    const offsets = toFloat32(f64x2.add(squares01, errors01), f64x2.add(squares23, errors23));
    const errors = toFloat32(f64x2.add(errors01, errors01), f64x2.add(errors23, errors23));
    const isNear = f32x4.lt(errors, f32x4.splat(LARGEST_ERROR));
    v128.store(found + OFFSETS + four, offsets);
    v128.store(found + ERRORS + four, v128.bitselect(errors, f32x4.splat(Infinity), isNear));
  }
}
