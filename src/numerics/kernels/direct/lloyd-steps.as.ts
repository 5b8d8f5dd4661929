import { assignDirect, sumDirect } from "./direct.as";

/**
 * Lloyd steps until one is short enough, there have been enough, or a cluster has lost its rows: then `sums` and
 * `counts` are those of the step that is not yet taken.
 *
 * @param rows, columns, stride, n, d, k, weights, distances, blockSums, sums, counts as of `assignDirect`
 * @param labels those of the centroids, where no step has been taken yet
 * @param centroids (k, d) f64, moved
 * @param steps how many have been taken, @param mostSteps how many may be
 * @param threshold squared length of a step that is short enough
 * @returns how many have been taken; less than 0 where a step waits: -1 less those that have been taken
 */
export function iterateDirect(
  rows: usize,
  columns: usize,
  stride: i32,
  n: i32,
  d: i32,
  centroids: usize,
  k: i32,
  weights: usize,
  labels: usize,
  distances: usize,
  blockSums: usize,
  sums: usize,
  counts: usize,
  steps: i32,
  mostSteps: i32,
  threshold: f64,
): i32 {
  while (steps < mostSteps) {
    memory.fill(sums, 0, (<usize>k * <usize>d) << 3);
    memory.fill(counts, 0, (<usize>k) << 3);
    if (steps === 0) {
      sumDirect(rows, 0, n, d, k, weights, labels, blockSums, sums, counts);
    } else {
      assignDirect(
        rows,
        columns,
        stride,
        n,
        d,
        centroids,
        k,
        weights,
        labels,
        distances,
        blockSums,
        sums,
        counts,
      );
    }
    for (let c: usize = 0; c < <usize>k; c++) if (f64.load(counts + (c << 3)) === 0) return -1 - steps;
    steps += 1;
    if (stepCentroids(centroids, k, d, sums, counts) <= threshold) break;
  }
  return steps;
}

/**
 * Moves centroids to the means of their clusters; one without weight stays.
 *
 * @param centroids (k, d) f64, @param sums (k, d) f64, @param counts (k,) f64
 * @returns the squared length of the step
 */
export function stepCentroids(centroids: usize, k: i32, d: i32, sums: usize, counts: usize): f64 {
  let shift: f64 = 0;
  let at: usize = 0;
  for (let c: usize = 0; c < <usize>k; c++) {
    const count = f64.load(counts + (c << 3));
    for (let f = 0; f < d; f++, at += 8) {
      const before = f64.load(centroids + at);
      const mean = count > 0 ? f64.load(sums + at) / count : before;
      const step = mean - before;
      shift += step * step;
      f64.store(centroids + at, mean);
    }
  }
  return shift;
}

/**
 * Sum of squared distances, each times the weight of its row, in order of the rows.
 *
 * @param distances (n,) f64, as `assignDirect` leaves them, @param weights (n,) f64
 */
export function weightedSum(distances: usize, weights: usize, n: i32): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>n; i++)
    sum += f64.load(weights + (i << 3)) * f64.load(distances + (i << 3));
  return sum;
}
