import { above, below, lowered, raised } from "./bounds";

/**
 * Turns what `scan` found into stored bounds, as `refine` keeps them.
 *
 * @param groupDrifts, drifts, anyDrift, slack, labels, uppers, lowers, bounds as of `refine`
 * @param distances (m,) f64, @param others (m, nGroups) f64, squared, as of `scan`
 */
export function record(
  m: i32,
  nGroups: i32,
  groupDrifts: usize,
  drifts: usize,
  anyDrift: f64,
  slack: f64,
  labels: usize,
  distances: usize,
  others: usize,
  uppers: usize,
  lowers: usize,
  bounds: usize,
): void {
  for (let i: usize = 0; i < <usize>m; i++) {
    const label = i32.load(labels + (i << 2));
    const upper = above(f64.load(distances + (i << 3)), slack);
    f32.store(uppers + (i << 2), raised(upper - f64.load(drifts + ((<usize>label) << 3))));
    let lower: f64 = Infinity;
    for (let g: usize = 0; g < <usize>nGroups; g++) {
      const at = i * <usize>nGroups + g;
      const least = below(f64.load(others + (at << 3)), slack);
      f32.store(bounds + (at << 2), lowered(least + f64.load(groupDrifts + (g << 3))));
      lower = Math.min(lower, least);
    }
    f32.store(lowers + (i << 2), lowered(lower + anyDrift));
  }
}
