import { GROUP_STATE_BYTES } from "../constants";
import { aboveFloat64, belowFloat64, LEAST_BOUND, lowered, raised } from "./bounds.as";
import { exactDistance, roughDistance } from "./distances.as";
import { bestOf, clear, fold, indexOf, reduce, secondOf } from "./group-state.as";
import { BoundedProblem } from "./problem.as";

/**
 * Finds the nearest centroid of each of m rows whose nearest centroid in an earlier round is known. The kernel computes
 * distances only to groups that the bounds cannot rule out. It stores a lower bound plus the drift until this round, and
 * an upper bound less that drift, so that later rounds need not write to a row that keeps its label.
 *
 * @param list (m,) i32, indices of rows
 * @returns panels to which distances were computed, over all rows
 */
export function refine(p: BoundedProblem, list: usize, m: i32): i32 {
  const nGroups = p.nGroups;
  const panelsPerGroup = p.panelsPerGroup;
  const slack = p.slack;
  const anyDrift = p.anyDrift;
  const centroids = p.centroids;
  const groupDrifts = p.groupDrifts;
  const drifts = p.drifts;
  const scratch = p.scratch;
  let nComputed = 0;
  const rowBytes = (<usize>p.d) << 3;
  const listed = scratch + <usize>(nGroups * GROUP_STATE_BYTES);
  for (let i = 0; i < m; i++) {
    const index = <usize>i32.load(list + ((<usize>i) << 2));
    const row = p.rows + index * rowBytes;
    const at = p.labels + (index << 2);
    const bound = p.bounds + ((index * <usize>nGroups) << 2);
    let label = i32.load(at);
    const home = i32.load(p.groups + ((<usize>label) << 2));
    const rough = roughDistance(row, centroids + <usize>label * rowBytes, rowBytes);
    let upper = aboveFloat64(rough, slack);
    const limit = upper * (1 + slack);

    let nListed = 0;
    let lower: f64 = Infinity;
    let homeListed = false;
    for (let g = 0; g < nGroups; g++) {
      const least = <f64>f32.load(bound + ((<usize>g) << 2)) - f64.load(groupDrifts + ((<usize>g) << 3));
      if (least > limit && least > LEAST_BOUND) {
        lower = Math.min(lower, least);
        continue;
      }
      if (g === home) homeListed = true;
      clear(scratch + <usize>(g * GROUP_STATE_BYTES));
      for (let l = 0; l < panelsPerGroup; l++) {
        i32.store(listed + ((<usize>nListed) << 2), g * panelsPerGroup + l);
        nListed++;
      }
    }

    nComputed += nListed;
    if (nListed > 0) {
      for (let l = 0; l < nListed; l += 2) {
        const first = i32.load(listed + ((<usize>l) << 2));
        const second = l + 1 < nListed ? i32.load(listed + ((<usize>l) << 2), 4) : -1;
        foldPanels(p, row, first, second);
      }
      let best: f64 = Infinity;
      let nearest = 0;
      let winner = -1;
      if (!homeListed) {
        best = exactDistance(row, centroids + <usize>label * rowBytes, rowBytes);
        nearest = label;
      }
      for (let l = 0; l < nListed; l += panelsPerGroup) {
        const g = i32.load(listed + ((<usize>l) << 2)) / panelsPerGroup;
        const state = scratch + <usize>(g * GROUP_STATE_BYTES);
        reduce(state);
        const near = bestOf(state);
        const found = indexOf(state);
        if (near < best || (near === best && near < Infinity && found < nearest)) {
          best = near;
          nearest = found;
          winner = g;
        }
      }
      for (let l = 0; l < nListed; l += panelsPerGroup) {
        const g = i32.load(listed + ((<usize>l) << 2)) / panelsPerGroup;
        const state = scratch + <usize>(g * GROUP_STATE_BYTES);
        const least = belowFloat64(g === winner ? secondOf(state) : bestOf(state), slack);
        lower = Math.min(lower, least);
        f32.store(bound + ((<usize>g) << 2), lowered(least + f64.load(groupDrifts + ((<usize>g) << 3))));
      }
      // The centroid it leaves is now one of the others of its group.
      if (!homeListed && winner >= 0) {
        const left = belowFloat64(rough, slack);
        const stored = lowered(left + f64.load(groupDrifts + ((<usize>home) << 3)));
        const homeBound = bound + ((<usize>home) << 2);
        if (stored < f32.load(homeBound)) f32.store(homeBound, stored);
        lower = Math.min(lower, left);
      }
      label = nearest;
      upper = aboveFloat64(best, slack);
      i32.store(at, label);
    }
    f32.store(p.uppers + (index << 2), raised(upper - f64.load(drifts + ((<usize>label) << 3))));
    f32.store(p.lowers + (index << 2), lowered(lower + anyDrift));
  }
  return nComputed;
}

/** Distances to one panel's centroids, or to two panels', taken into their groups' states. */
function foldPanels(p: BoundedProblem, row: usize, first: i32, second: i32): void {
  const rowBytes = (<usize>p.d) << 3;
  const panelBytes = rowBytes << 2;
  const panels = p.panels;
  const panelsPerGroup = p.panelsPerGroup;
  const indices = p.indices;
  const states = p.scratch;
  const panelA = panels + <usize>first * panelBytes;
  // A processor does four sums in the time of two: without a second panel the first is added up twice.
  const panelB = second < 0 ? panelA : panels + <usize>second * panelBytes;
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  for (let f: usize = 0; f < rowBytes; f += 8) {
    const x = v128.load64_splat(row + f);
    const offset = f << 2;
    let t = f64x2.sub(x, v128.load(panelA + offset));
    a0 = f64x2.add(a0, f64x2.mul(t, t));
    t = f64x2.sub(x, v128.load(panelA + offset, 16));
    a1 = f64x2.add(a1, f64x2.mul(t, t));
    t = f64x2.sub(x, v128.load(panelB + offset));
    b0 = f64x2.add(b0, f64x2.mul(t, t));
    t = f64x2.sub(x, v128.load(panelB + offset, 16));
    b1 = f64x2.add(b1, f64x2.mul(t, t));
  }
  fold(
    states + <usize>((first / panelsPerGroup) * GROUP_STATE_BYTES),
    a0,
    a1,
    indices + ((<usize>first) << 5),
  );
  if (second < 0) return;
  fold(
    states + <usize>((second / panelsPerGroup) * GROUP_STATE_BYTES),
    b0,
    b1,
    indices + ((<usize>second) << 5),
  );
}
