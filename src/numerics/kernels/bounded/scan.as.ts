import { Problem } from "./problem.as";
import { bestOf, clear, fold, indexOf, reduce, STATE_BYTES, secondOf, setWinner, winnerOf } from "./state.as";

/**
 * Finds the nearest centroid of each of m rows and, for each group, the squared distance to its nearest
 * centroid other than that one. Four rows at a time.
 *
 * @param list (m,) i32, indices of rows, and three more of any rows
 */
export function scan(p: Problem, list: usize, m: i32): void {
  const d = p.d;
  const rows = p.rows;
  const nGroups = p.nGroups;
  const panelsPerGroup = p.panelsPerGroup;
  const states = p.scratch;
  const rowBytes = (<usize>d) << 3;
  const state1 = states + STATE_BYTES;
  const state2 = state1 + STATE_BYTES;
  const state3 = state2 + STATE_BYTES;
  for (let i = 0; i < m; i += 4) {
    const four = list + ((<usize>i) << 2);
    const row0 = rows + <usize>i32.load(four) * rowBytes;
    const row1 = rows + <usize>i32.load(four, 4) * rowBytes;
    const row2 = rows + <usize>i32.load(four, 8) * rowBytes;
    const row3 = rows + <usize>i32.load(four, 12) * rowBytes;
    let panel = p.panels;
    let index = p.indices;
    for (let g = 0; g < nGroups; g++) {
      for (let r: usize = 0; r < 4; r++) clear(states + r * STATE_BYTES);
      for (let l = 0; l < panelsPerGroup; l++) {
        let a0 = f64x2.splat(0);
        let a1 = f64x2.splat(0);
        let b0 = f64x2.splat(0);
        let b1 = f64x2.splat(0);
        let c0 = f64x2.splat(0);
        let c1 = f64x2.splat(0);
        let d0 = f64x2.splat(0);
        let d1 = f64x2.splat(0);
        for (let f: usize = 0; f < rowBytes; f += 8) {
          const near = v128.load(panel);
          const far = v128.load(panel, 16);
          panel += 32;
          let x = v128.load64_splat(row0 + f);
          let t = f64x2.sub(x, near);
          a0 = f64x2.add(a0, f64x2.mul(t, t));
          t = f64x2.sub(x, far);
          a1 = f64x2.add(a1, f64x2.mul(t, t));
          x = v128.load64_splat(row1 + f);
          t = f64x2.sub(x, near);
          b0 = f64x2.add(b0, f64x2.mul(t, t));
          t = f64x2.sub(x, far);
          b1 = f64x2.add(b1, f64x2.mul(t, t));
          x = v128.load64_splat(row2 + f);
          t = f64x2.sub(x, near);
          c0 = f64x2.add(c0, f64x2.mul(t, t));
          t = f64x2.sub(x, far);
          c1 = f64x2.add(c1, f64x2.mul(t, t));
          x = v128.load64_splat(row3 + f);
          t = f64x2.sub(x, near);
          d0 = f64x2.add(d0, f64x2.mul(t, t));
          t = f64x2.sub(x, far);
          d1 = f64x2.add(d1, f64x2.mul(t, t));
        }
        fold(states, a0, a1, index);
        fold(state1, b0, b1, index);
        fold(state2, c0, c1, index);
        fold(state3, d0, d1, index);
        index += 32;
      }
      const left = min(m - i, 4);
      for (let r = 0; r < left; r++) {
        const at = <usize>(i + r);
        const state = states + <usize>r * STATE_BYTES;
        reduce(state);
        const label = p.labels + ((<usize>i32.load(four + ((<usize>r) << 2))) << 2);
        takeGroup(state, g, label, p.distances + (at << 3), p.others + ((at * <usize>nGroups) << 3));
      }
    }
  }
}

/** Compares a group's nearest with the nearest of the groups before it. */
function takeGroup(state: usize, g: i32, label: usize, best: usize, others: usize): void {
  const near = bestOf(state);
  const index = indexOf(state);
  const other = others + ((<usize>g) << 3);
  if (g > 0) {
    const before = f64.load(best);
    if (near > before || (near === before && index > i32.load(label))) {
      f64.store(other, near);
      return;
    }
    // The group that led loses its claim to have its nearest left out.
    f64.store(others + ((<usize>winnerOf(state)) << 3), before);
  }
  f64.store(other, secondOf(state));
  f64.store(best, near);
  i32.store(label, near < Infinity ? index : 0);
  setWinner(state, g);
}
