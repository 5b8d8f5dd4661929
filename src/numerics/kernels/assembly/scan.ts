import { bestOf, clear, fold, indexOf, reduce, STATE_BYTES, secondOf, setWinner, winnerOf } from "./state";

/**
 * Finds the nearest centroid of each of m rows and, for each group, the squared distance to its nearest
 * centroid other than that one. Four rows at a time: past the last row, memory must go on for three more.
 *
 * @param rows (m, d) f64
 * @param panels (nGroups * panelsPerGroup, d, 4) f64
 * @param indices (nGroups * panelsPerGroup, 4) f64, the centroids' indices
 * @param states scratch of four states
 * @param labels receives (m,) i32
 * @param best receives (m,) f64, squared distances to the nearest
 * @param others receives (m, nGroups) f64
 */
export function scan(
  rows: usize,
  m: i32,
  d: i32,
  panels: usize,
  nGroups: i32,
  panelsPerGroup: i32,
  indices: usize,
  states: usize,
  labels: usize,
  best: usize,
  others: usize,
): void {
  const rowBytes = (<usize>d) << 3;
  const state1 = states + STATE_BYTES;
  const state2 = state1 + STATE_BYTES;
  const state3 = state2 + STATE_BYTES;
  for (let i = 0; i < m; i += 4) {
    const row0 = rows + <usize>i * rowBytes;
    const row1 = row0 + rowBytes;
    const row2 = row1 + rowBytes;
    const row3 = row2 + rowBytes;
    let panel = panels;
    let index = indices;
    for (let g = 0; g < nGroups; g++) {
      for (let r: usize = 0; r < 4; r++) clear(states + r * STATE_BYTES);
      for (let p = 0; p < panelsPerGroup; p++) {
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
        takeGroup(state, g, labels + (at << 2), best + (at << 3), others + ((at * <usize>nGroups) << 3));
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
