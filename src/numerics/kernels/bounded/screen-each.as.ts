import { ROW_STATE_BYTES } from "../constants";
import { lowered, raised } from "./bounds.as";
import { BoundedProblem } from "./problem.as";
import { errorOf, hasScores, score, toSingles } from "./singles.as";

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
export function screenEach(p: BoundedProblem, list: usize, m: i32): void {
  const d = p.d;
  const nBounds = p.nBounds;
  const longest = p.longest;
  const slack = p.slack;
  const singles = p.singles;
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
      const square = toSingles(row, p.centre, singles + r * singleBytes, rowBytes);
      const length = Math.sqrt(square);
      const error = errorOf(length, longest, d, slack);
      const state = states + r * ROW_STATE_BYTES;
      f64.store(state, square);
      f64.store(state, error, 8);
      // Their difference, less what float32 makes of it and of its sum with a score.
      const squares = (length + longest) * (length + longest);
      f32.store(
        state,
        hasScores(length) ? <f32>(square - error - ROUNDING_SQUARES * squares) : -Infinity,
        16,
      );
      v128.store(state, f32x4.splat(Infinity), 32);
      v128.store(state, f32x4.splat(Infinity), 48);
      v128.store(state, i32x4.splat(0), 64);
    }
    let panel = p.singlePanels;
    for (let c = 0; c < nBounds; c += 8) {
      const at = (<usize>c) << 2;
      score(singles, singleBytes, panel, p.norms + at, scores);
      panel += singleBytes << 3;
      for (let r: usize = 0; r < left; r++) {
        const state = states + r * ROW_STATE_BYTES;
        const bound = p.bounds + <usize>i32.load(four + (r << 2)) * boundBytes + at;
        fold(state, v128.load(scores + (r << 5)), c, bound, p.singleDrifts + at);
        fold(state, v128.load(scores + (r << 5), 16), c + 4, bound + 16, p.singleDrifts + at + 16);
      }
    }
    for (let r: usize = 0; r < left; r++) {
      const at = (<usize>i32.load(four + (r << 2))) << 2;
      finish(p, states + r * ROW_STATE_BYTES, p.labels + at, p.uppers + at, p.lowers + at);
    }
  }
}

/** Stores bounds on the distances to four centroids; takes their scores into the row's state. */
function fold(state: usize, scores: v128, first: i32, bounds: usize, singleDrifts: usize): void {
  const squares = f32x4.add(scores, v128.load32_splat(state, 16));
  const least = f32x4.sqrt(f32x4.pmax(f32x4.splat(0), squares));
  const stored = f32x4.mul(f32x4.add(least, v128.load(singleDrifts)), f32x4.splat(1 - ROUNDING));
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
