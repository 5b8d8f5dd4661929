import { above, below, lowered, raised } from "./bounds.as";
import { Problem } from "./problem.as";

/**
 * Turns what `scan` found into stored bounds, as `refine` keeps them.
 *
 * @param list (m,) i32, indices of rows
 */
export function record(p: Problem, list: usize, m: i32): void {
  const nGroups = <usize>p.nGroups;
  const others = p.others;
  const bounds = p.bounds;
  const slack = p.slack;
  for (let i: usize = 0; i < <usize>m; i++) {
    const row = <usize>i32.load(list + (i << 2));
    const label = <usize>i32.load(p.labels + (row << 2));
    const upper = above(f64.load(p.distances + (i << 3)), slack);
    f32.store(p.uppers + (row << 2), raised(upper - f64.load(p.drifts + (label << 3))));
    let lower: f64 = Infinity;
    for (let g: usize = 0; g < nGroups; g++) {
      const least = below(f64.load(others + ((i * nGroups + g) << 3)), slack);
      f32.store(bounds + ((row * nGroups + g) << 2), lowered(least + f64.load(p.groupDrifts + (g << 3))));
      lower = Math.min(lower, least);
    }
    f32.store(p.lowers + (row << 2), lowered(lower + p.anyDrift));
  }
}
