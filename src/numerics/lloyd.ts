import type { Assignment } from "./assignment.js";
import type { ClusteredRows } from "./clustered-rows.js";
import { squaredDistance } from "./distances.js";
import type { HeldRows } from "./kernels/memory/held-rows.js";
import { totalSumOfSquares } from "./kernels/statistics/sum-of-squares.js";
import { meansFromSums } from "./means.js";

/** What Lloyd's iterations come to. */
export interface Lloyd {
  /** (k, d) row-major */
  means: Float64Array;
  /** (k,) weight of the rows each mean is the mean of. */
  counts: Float64Array;
  /** Sum of weighted squared distances to the nearest of `means`. */
  inertia: number;
  /** Steps taken. */
  iterations: number;
}

/** Rows, or points that stand for several rows each. */
export interface WeightedRows {
  /** (n, d) row-major */
  readonly rows: Float64Array;
  readonly d: number;
  /** (n,) non-negative, or null for 1 each. */
  readonly weights: Float64Array | null;
}

/**
 * Lloyd's iterations from a start. A cluster that loses all its rows moves to the row farthest from its own centroid.
 *
 * @param assignment opened for these rows and weights
 * @param start (k, d) row-major
 * @param threshold squared length of the step that is the last: see `stepThreshold`
 * @returns means (k, d), and of these the inertia; counts (k,) of the rows they are means of; steps taken
 * @see Lloyd 1982; scikit-learn's KMeans, whose empty-cluster rule this is
 */
export function iterate(
  { rows, d, weights }: WeightedRows,
  assignment: Assignment,
  start: Float64Array,
  maxIterations: number,
  threshold: number,
): Lloyd {
  const k = start.length / d;
  assignment.restart();
  let means = start;
  let counts: Float64Array = new Float64Array(k);
  let iterations = 0;
  while (iterations < maxIterations) {
    iterations += 1;
    assignment.assign(means);
    const totals = assignment.sums();
    if (totals.counts.includes(0)) {
      const labels = assignment.labels.slice();
      relocateEmpty({ rows, labels, weights }, means, totals.sums, totals.counts);
    }
    const next = meansFromSums(totals.sums, totals.counts, means);
    counts = totals.counts;
    let shift = 0;
    for (let i = 0; i < next.length; i++) {
      const step = next[i] - means[i];
      shift += step * step;
    }
    means = next;
    if (shift <= threshold) break;
  }
  assignment.assign(means, true);
  return { means, counts, iterations, inertia: assignment.inertia() };
}

/**
 * Gives each cluster without weight the row farthest from its centroid, taken out of that row's cluster.
 *
 * @param clustered whose labels are changed
 * @param means (k, d) row-major, the centroids that the labels are of
 * @param sums (k, d) row-major, and
 * @param counts (k,) of each cluster, changed
 */
export function relocateEmpty(
  { rows, labels, weights }: ClusteredRows,
  means: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const d = means.length / counts.length;
  for (let cluster = 0; cluster < counts.length; cluster++) {
    if (counts[cluster] > 0) continue;
    let farthest = -1;
    let farthestDistance = 0;
    for (let i = 0; i < labels.length; i++) {
      const weight = weights === null ? 1 : weights[i];
      if (weight === 0 || counts[labels[i]] <= weight) continue;
      const distance = squaredDistance(rows, i, means, labels[i], d);
      if (distance > farthestDistance) {
        farthestDistance = distance;
        farthest = i;
      }
    }
    if (farthest < 0) continue;
    const weight = weights === null ? 1 : weights[farthest];
    const donor = labels[farthest];
    for (let f = 0; f < d; f++) {
      sums[donor * d + f] -= weight * rows[farthest * d + f];
      sums[cluster * d + f] += weight * rows[farthest * d + f];
    }
    counts[donor] -= weight;
    counts[cluster] += weight;
    labels[farthest] = cluster;
  }
}

/**
 * Squared length of the step that is the last: the tolerance, times the mean over the features of their population
 * variances.
 */
export function stepThreshold(rows: Float64Array, d: number, tolerance: number, held?: HeldRows): number {
  if (tolerance === 0) return 0;
  return (tolerance * totalSumOfSquares(rows, d, null, held)) / rows.length;
}
