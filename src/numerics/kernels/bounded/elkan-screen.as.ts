import { FLOAT32_TINY, LONGEST, ROW_STATE_BYTES } from "../constants";
import { FLOAT32_UNIT, lowered, raised } from "./bounds.as";
import { BoundedProblem } from "./problem.as";

/*
 * Squared distances by float32. With y = x - centre and b = centroid - centre, a squared distance is
 * |y|^2 + |b|^2 - 2 y.b; the last two terms, here the score, are computed in float32. Rounding y and b, a sum of d
 * products and two more operations leave an error of at most 2^-24 * (2 (d + 4) |y||b| + 2 |b|^2), to first order;
 * FLOAT32_UNIT has room for the higher ones.
 */

/** Whether scores of a row of such a length mean anything. */
function hasScores(length: f64): bool {
  return length < LONGEST;
}

/** By how much the squared norm of a row and its score may miss a squared distance. */
function errorOf(length: f64, largestNorm: f64, d: i32, slack: f64): f64 {
  const both = length + largestNorm;
  return (
    FLOAT32_UNIT * (2 * <f64>(d + 4) * length * largestNorm + 2 * largestNorm * largestNorm) +
    slack * both * both +
    FLOAT32_TINY
  );
}

/** Writes a row less the centre as float32; returns its squared norm. */
function writeFloat32Row(row: usize, centre: usize, single: usize, bytes: usize): f64 {
  const pairs = bytes & ~15;
  let sum = f64x2.splat(0);
  for (let f: usize = 0; f < pairs; f += 16) {
    const y = f64x2.sub(v128.load(row + f), v128.load(centre + f));
    sum = f64x2.add(sum, f64x2.mul(y, y));
    v128.store64_lane(single + (f >> 1), f32x4.demote_f64x2_zero(y), 0);
  }
  let norm = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (pairs < bytes) {
    const y = f64.load(row + pairs) - f64.load(centre + pairs);
    norm += y * y;
    f32.store(single + (pairs >> 1), <f32>y);
  }
  return norm;
}

/**
 * Scores of eight centroids for four rows.
 *
 * @param float32Rows (4, d) f32, @param singleBytes of one
 * @param panel (d, 8) f32, @param float32Norms (8,) f32
 * @param scores receives (4, 8) f32
 */
function score(
  float32Rows: usize,
  singleBytes: usize,
  panel: usize,
  float32Norms: usize,
  scores: usize,
): void {
  const single1 = float32Rows + singleBytes;
  const single2 = single1 + singleBytes;
  const single3 = single2 + singleBytes;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  for (let f: usize = 0; f < singleBytes; f += 4) {
    const near = v128.load(panel);
    const next = v128.load(panel, 16);
    panel += 32;
    let x = v128.load32_splat(float32Rows + f);
    a0 = f32x4.add(a0, f32x4.mul(x, near));
    a1 = f32x4.add(a1, f32x4.mul(x, next));
    x = v128.load32_splat(single1 + f);
    b0 = f32x4.add(b0, f32x4.mul(x, near));
    b1 = f32x4.add(b1, f32x4.mul(x, next));
    x = v128.load32_splat(single2 + f);
    c0 = f32x4.add(c0, f32x4.mul(x, near));
    c1 = f32x4.add(c1, f32x4.mul(x, next));
    x = v128.load32_splat(single3 + f);
    d0 = f32x4.add(d0, f32x4.mul(x, near));
    d1 = f32x4.add(d1, f32x4.mul(x, next));
  }
  const norm0 = v128.load(float32Norms);
  const norm1 = v128.load(float32Norms, 16);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(a0, a0)));
  v128.store(scores, f32x4.sub(norm1, f32x4.add(a1, a1)), 16);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(b0, b0)), 32);
  v128.store(scores, f32x4.sub(norm1, f32x4.add(b1, b1)), 48);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(c0, c0)), 64);
  v128.store(scores, f32x4.sub(norm1, f32x4.add(c1, c1)), 80);
  v128.store(scores, f32x4.sub(norm0, f32x4.add(d0, d0)), 96);
  v128.store(scores, f32x4.sub(norm1, f32x4.add(d1, d1)), 112);
}

/** Of float32 operations, one after another, against their float64: room for four. */
const ROUNDING: f32 = 1e-6;
const ROUNDING_SQUARES: f64 = 1e-6;

/*
 * The state of a row, in ROW_STATE_BYTES: its squared norm and error f64, the same for all centroids f32; best, second,
 * index 16 each.
 */

/**
 * As `screen`, with a bound for each centroid. Four rows at a time.
 *
 * @param list (m,) i32, indices of rows, and three more of any rows
 */
export function elkanScreen(p: BoundedProblem, list: usize, m: i32): void {
  const d = p.d;
  const nBounds = p.nBounds;
  const largestNorm = p.largestNorm;
  const slack = p.slack;
  const float32Rows = p.float32Rows;
  const rowBytes = (<usize>d) << 3;
  const singleBytes = (<usize>d) << 2;
  const states = p.scratch;
  const scores = states + 4 * ROW_STATE_BYTES;
  const boundBytes = (<usize>nBounds) << 2;
  for (let i = 0; i < m; i += 4) {
    const four = list + ((<usize>i) << 2);
    const left = <usize>min(m - i, 4);
    for (let r: usize = 0; r < 4; r++) {
      const row = p.rows + <usize>i32.load(four + (r << 2)) * rowBytes;
      const square = writeFloat32Row(row, p.centre, float32Rows + r * singleBytes, rowBytes);
      const length = Math.sqrt(square);
      const error = errorOf(length, largestNorm, d, slack);
      const state = states + r * ROW_STATE_BYTES;
      f64.store(state, square);
      f64.store(state, error, 8);
      // Their difference, less what float32 makes of it and of its sum with a score.
      const squares = (length + largestNorm) * (length + largestNorm);
      f32.store(
        state,
        hasScores(length) ? <f32>(square - error - ROUNDING_SQUARES * squares) : -Infinity,
        16,
      );
      v128.store(state, f32x4.splat(Infinity), 32);
      v128.store(state, f32x4.splat(Infinity), 48);
      v128.store(state, i32x4.splat(0), 64);
    }
    let panel = p.float32Panels;
    for (let c = 0; c < nBounds; c += 8) {
      const at = (<usize>c) << 2;
      score(float32Rows, singleBytes, panel, p.float32Norms + at, scores);
      panel += singleBytes << 3;
      for (let r: usize = 0; r < left; r++) {
        const state = states + r * ROW_STATE_BYTES;
        const bound = p.bounds + <usize>i32.load(four + (r << 2)) * boundBytes + at;
        foldScores(state, v128.load(scores + (r << 5)), c, bound, p.float32Drifts + at);
        foldScores(state, v128.load(scores + (r << 5), 16), c + 4, bound + 16, p.float32Drifts + at + 16);
      }
    }
    for (let r: usize = 0; r < left; r++) {
      const at = (<usize>i32.load(four + (r << 2))) << 2;
      finish(p, states + r * ROW_STATE_BYTES, p.labels + at, p.uppers + at, p.lowers + at);
    }
  }
}

/** Stores bounds on the distances to four centroids; takes their scores into the row's state. */
function foldScores(state: usize, scores: v128, first: i32, bounds: usize, float32Drifts: usize): void {
  const squares = f32x4.add(scores, v128.load32_splat(state, 16));
  const least = f32x4.sqrt(f32x4.pmax(f32x4.splat(0), squares));
  const stored = f32x4.mul(f32x4.add(least, v128.load(float32Drifts)), f32x4.splat(1 - ROUNDING));
  v128.store(bounds, f32x4.sub(stored, f32x4.splat(1e-30)));
  const best = v128.load(state, 32);
  const nearer = f32x4.lt(scores, best);
  const indices = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  v128.store(state, f32x4.pmin(v128.load(state, 48), f32x4.pmax(best, scores)), 48);
  v128.store(state, f32x4.pmin(best, scores), 32);
  v128.store(state, v128.bitselect(indices, v128.load(state, 64), nearer), 64);
}

/** The centroid that seems nearest to a row, and bounds on the distances to it and to all others. */
function finish(p: BoundedProblem, state: usize, label: usize, upper: usize, lower: usize): void {
  const square = f64.load(state);
  if (!hasScores(Math.sqrt(square))) {
    // Nothing is known, so that everything will be computed.
    i32.store(label, 0);
    f32.store(upper, Infinity);
    f32.store(lower, 0);
    return;
  }
  let best: f32 = Infinity;
  let second: f32 = Infinity;
  let nearest = 0;
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const near = f32.load(state + lane, 32);
    second = min<f32>(second, min<f32>(f32.load(state + lane, 48), max<f32>(best, near)));
    if (near < best) nearest = i32.load(state + lane, 64);
    best = min<f32>(best, near);
  }
  const error = f64.load(state, 8);
  const most = square + <f64>best + error;
  const distance = most > 0 ? Math.sqrt(most) * (1 + p.slack) : 0;
  const squared = square + <f64>second - error;
  const least = squared > 0 ? Math.sqrt(squared) * (1 - p.slack) : 0;
  i32.store(label, nearest);
  f32.store(upper, raised(distance - f64.load(p.drifts + ((<usize>nearest) << 3))));
  f32.store(lower, lowered(least + p.anyDrift));
}
