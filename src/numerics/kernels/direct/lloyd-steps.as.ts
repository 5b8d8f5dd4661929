import { assignDirect, sumDirect } from "./direct.as";
import { DirectProblem } from "./problem.as";

/**
 * Lloyd steps until one is short enough, there have been enough, or a cluster has lost its rows: then `sums` and
 * `counts` are those of the step that is not yet taken. Moves the centroids.
 *
 * @param p whose labels are those of the centroids, where no step has been taken yet
 * @param steps how many have been taken, @param mostSteps how many may be
 * @param threshold squared length of a step that is short enough
 * @returns how many have been taken; less than 0 where a step waits: -1 less those that have been taken
 */
export function iterateDirect(p: DirectProblem, steps: i32, mostSteps: i32, threshold: f64): i32 {
  while (steps < mostSteps) {
    memory.fill(p.sums, 0, (<usize>p.k * <usize>p.d) << 3);
    memory.fill(p.counts, 0, (<usize>p.k) << 3);
    if (steps === 0) sumDirect(p, 0, p.n);
    else assignDirect(p);
    for (let c: usize = 0; c < <usize>p.k; c++) if (f64.load(p.counts + (c << 3)) === 0) return -1 - steps;
    steps += 1;
    if (stepCentroids(p) <= threshold) break;
  }
  return steps;
}

/**
 * Moves centroids to the means of their clusters; one without weight stays.
 *
 * @returns the squared length of the step
 */
export function stepCentroids(p: DirectProblem): f64 {
  const centroids = p.centroids;
  const sums = p.sums;
  let shift: f64 = 0;
  let at: usize = 0;
  for (let c: usize = 0; c < <usize>p.k; c++) {
    const count = f64.load(p.counts + (c << 3));
    for (let f = 0; f < p.d; f++, at += 8) {
      const before = f64.load(centroids + at);
      const mean = count > 0 ? f64.load(sums + at) / count : before;
      const step = mean - before;
      shift += step * step;
      f64.store(centroids + at, mean);
    }
  }
  return shift;
}
