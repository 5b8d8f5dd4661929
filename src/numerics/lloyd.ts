import type { Assignment } from "./assignment.js";
import { squaredDistance } from "./distances.js";
import type { HeldRows } from "./kernels/memory/held-rows.js";
import { totalSpread } from "./kernels/statistics/spread.js";
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

/**
 * Lloyd's iterations from a start. A cluster that loses all its rows moves to the row farthest from its own centroid.
 *
 * @param rows (n, d) row-major
 * @param weights (n,) non-negative, or null for 1 each
 * @param assignment opened for these rows and weights
 * @param start (k, d) row-major
 * @param threshold squared length of the step that is the last: see `stepThreshold`
 * @returns means (k, d), and of these the inertia with weights; counts (k,) of the rows they are means of; steps taken
 * @see Lloyd 1982; scikit-learn's KMeans, whose empty-cluster rule this is
 */
export function iterate(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
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
      relocateEmpty(rows, d, weights, assignment.labels.slice(), means, totals.sums, totals.counts);
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
  return { means, counts, iterations, inertia: weightedInertia(rows, d, weights, means, assignment) };
}

/** Gives each cluster without weight the row farthest from its centroid, taken out of that row's cluster. */
export function relocateEmpty(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  labels: Int32Array,
  means: Float64Array,
  sums: Float64Array,
  counts: Float64Array,
): void {
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

function weightedInertia(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  means: Float64Array,
  assignment: Assignment,
): number {
  assignment.assign(means, weights === null);
  if (weights === null) return assignment.inertia();
  const { labels } = assignment;
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += weights[i] * squaredDistance(rows, i, means, labels[i], d);
  return sum;
}

/**
 * Squared length of the step that is the last: the tolerance, times the mean over the features of their population
 * variances.
 */
export function stepThreshold(rows: Float64Array, d: number, tolerance: number, held?: HeldRows): number {
  if (tolerance === 0) return 0;
  return (tolerance * totalSpread(rows, d, null, held)) / rows.length;
}
