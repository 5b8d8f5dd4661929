import { lowered, raised } from "./bounds";
import { Problem } from "./problem";
import { errorOf, hasScores, score, toSingles } from "./singles";

/** Bytes of a row's state: best, second best and index, 4 x 4 bytes each. */
const STATE_BYTES: usize = 48;

/**
 * Bounds on the distances of m rows to the centroids of each group, from float32 products; and for each row the
 * centroid that seems nearest. It is the nearest where the stored upper bound is below the stored lower one.
 * Four rows at a time.
 *
 * @param list (m,) i32, indices of rows, and three more of any rows
 */
export function screen(p: Problem, list: usize, m: i32): void {
  const d = p.d;
  const nGroups = p.nGroups;
  // These panels are twice as wide as those of float64.
  const panelsPerGroup = p.panelsPerGroup >> 1;
  const longest = p.longest;
  const slack = p.slack;
  const singles = p.singles;
  const states = p.scratch;
  const drifts = p.drifts;
  const groupDrifts = p.groupDrifts;
  const rowBytes = (<usize>d) << 3;
  const singleBytes = (<usize>d) << 2;
  const rowNorms = states + 4 * STATE_BYTES;
  const results = rowNorms + 32;
  const scores = results + 64;
  const others = scores + 128;
  const far = f32x4.splat(Infinity);
  for (let i = 0; i < m; i += 4) {
    const four = list + ((<usize>i) << 2);
    for (let r: usize = 0; r < 4; r++) {
      const row = p.rows + <usize>i32.load(four + (r << 2)) * rowBytes;
      const norm = toSingles(row, p.centre, singles + r * singleBytes, rowBytes);
      f64.store(rowNorms + (r << 3), norm);
    }
    const left = min(m - i, 4);
    let best = far;
    let label = i32x4.splat(0);
    let leader = i32x4.splat(0);
    let leaderSecond = f32x4.splat(-Infinity);
    let panel = p.singlePanels;
    let norm = p.norms;
    let index = p.singleIndices;
    for (let g = 0; g < nGroups; g++) {
      for (let r: usize = 0; r < 4; r++) {
        v128.store(states + r * STATE_BYTES, far);
        v128.store(states + r * STATE_BYTES, far, 16);
      }
      for (let l = 0; l < panelsPerGroup; l++) {
        score(singles, singleBytes, panel, norm, scores);
        for (let r: usize = 0; r < 4; r++) fold(states + r * STATE_BYTES, scores + (r << 5), index);
        panel += singleBytes << 3;
        norm += 32;
        index += 32;
      }
      // From here on a lane is a row: the four lanes of each row's state come together.
      transpose(states);
      transpose(states + 16);
      transpose(states + 32);
      let near = v128.load(states);
      let second = v128.load(states, 16);
      let found = v128.load(states, 32);
      for (let lane: usize = STATE_BYTES; lane < 4 * STATE_BYTES; lane += STATE_BYTES) {
        const value = v128.load(states + lane);
        found = v128.bitselect(v128.load(states + lane, 32), found, f32x4.lt(value, near));
        second = f32x4.pmin(f32x4.pmin(second, v128.load(states + lane, 16)), f32x4.pmax(near, value));
        near = f32x4.pmin(near, value);
      }
      v128.store(others + ((<usize>g) << 4), near);
      const leads = f32x4.lt(near, best);
      best = f32x4.pmin(best, near);
      label = v128.bitselect(found, label, leads);
      leader = v128.bitselect(i32x4.splat(g), leader, leads);
      leaderSecond = v128.bitselect(second, leaderSecond, leads);
    }
    v128.store(results, best);
    v128.store(results, label, 16);
    v128.store(results, leader, 32);
    v128.store(results, leaderSecond, 48);
    for (let r = 0; r < left; r++) {
      const at = <usize>i32.load(four + ((<usize>r) << 2));
      const square = f64.load(rowNorms + ((<usize>r) << 3));
      const length = Math.sqrt(square);
      const bound = p.bounds + ((at * <usize>nGroups) << 2);
      const upper = p.uppers + (at << 2);
      const lower = p.lowers + (at << 2);
      if (!hasScores(length)) {
        // Nothing is known, so that everything will be computed.
        for (let g: usize = 0; g < <usize>nGroups; g++) f32.store(bound + (g << 2), 0);
        i32.store(p.labels + (at << 2), 0);
        f32.store(upper, Infinity);
        f32.store(lower, 0);
        continue;
      }
      const error = errorOf(length, longest, d, slack);
      const result = results + ((<usize>r) << 2);
      const label = i32.load(result, 16);
      i32.store(p.labels + (at << 2), label);
      // The nearest itself is no other of its group.
      f32.store(others + ((<usize>i32.load(result, 32)) << 4) + ((<usize>r) << 2), f32.load(result, 48));
      const most = square + <f64>f32.load(result) + error;
      const distance = most > 0 ? Math.sqrt(most) * (1 + slack) : 0;
      f32.store(upper, raised(distance - f64.load(drifts + ((<usize>label) << 3))));
      let lowest: f64 = Infinity;
      for (let g: usize = 0; g < <usize>nGroups; g++) {
        const squared = square + <f64>f32.load(others + (g << 4) + ((<usize>r) << 2)) - error;
        const least = squared > 0 ? Math.sqrt(squared) * (1 - slack) : 0;
        lowest = Math.min(lowest, least);
        f32.store(bound + (g << 2), lowered(least + f64.load(groupDrifts + (g << 3))));
      }
      f32.store(lower, lowered(lowest + p.anyDrift));
    }
  }
}

/** Takes the scores of eight centroids into a row's state: best, second best and index, per lane. */
function fold(state: usize, scores: usize, indices: usize): void {
  const s0 = v128.load(scores);
  const s1 = v128.load(scores, 16);
  let best = v128.load(state);
  let second = v128.load(state, 16);
  let index = v128.load(state, 32);
  index = v128.bitselect(v128.load(indices), index, f32x4.lt(s0, best));
  second = f32x4.pmin(second, f32x4.pmax(best, s0));
  best = f32x4.pmin(best, s0);
  index = v128.bitselect(v128.load(indices, 16), index, f32x4.lt(s1, best));
  second = f32x4.pmin(second, f32x4.pmax(best, s1));
  best = f32x4.pmin(best, s1);
  v128.store(state, best);
  v128.store(state, second, 16);
  v128.store(state, index, 32);
}

/** Transposes four vectors of four, each in another row's state. */
function transpose(first: usize): void {
  const a = v128.load(first);
  const b = v128.load(first, STATE_BYTES);
  const c = v128.load(first, 2 * STATE_BYTES);
  const d = v128.load(first, 3 * STATE_BYTES);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(first, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(first, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), STATE_BYTES);
  v128.store(first, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 2 * STATE_BYTES);
  v128.store(first, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 3 * STATE_BYTES);
}
