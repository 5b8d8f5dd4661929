import { assign, clusterSums, meansFromSums, squaredDistance } from "./assign.js";
import { kMeansPlusPlus, rowDistances } from "./k-means-plus-plus.js";
import type { RandomStream } from "./random.js";

export interface KMeansOptions {
  /** Lloyd iterations a restart may take, at least 1. */
  maxIterations: number;
  /** A restart ends once the squared Frobenius norm of its step is at most this times the mean variance. */
  tolerance: number;
  /** Independent k-means++ starts; the one of least inertia wins. */
  restarts: number;
  /** Draw the starts as if every row had weight 1, as scikit-learn before 1.3 did; the weights still count after. */
  unweightedSeeding?: boolean;
}

export interface KMeansResult {
  /** (m, d) row-major; m < k only where fewer than k rows of positive weight are distinct. */
  means: Float64Array;
  /** (m,) weight of the rows each mean is the mean of: those assigned to it before the last step. */
  counts: Float64Array;
  /** Sum of weighted squared distances to the nearest of `means`. */
  inertia: number;
}

/**
 * Weighted k-means with restarts. A cluster that loses all its rows moves to the row farthest from its own
 * centroid. Cost restarts * iterations * n * k * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param k how many clusters are wanted, at most n
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @param options effort
 * @param random the draws of all restarts
 * @see Lloyd 1982; scikit-learn's KMeans, whose defaults and empty-cluster rule these are
 */
export function kMeans(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  options: KMeansOptions,
  random: RandomStream,
): KMeansResult {
  const threshold = options.tolerance * meanVariance(rows, d);
  const distances = rowDistances(rows, d);
  const seedWeights = options.unweightedSeeding ? null : weights;
  let best: KMeansResult | undefined;
  for (let restart = 0; restart < options.restarts; restart++) {
    const start = kMeansPlusPlus(rows, d, k, seedWeights, random, distances);
    const result = iterate(rows, d, weights, start, options.maxIterations, threshold);
    if (best === undefined || result.inertia < best.inertia) best = result;
  }
  return best!;
}

/**
 * k-means from a start that is given.
 *
 * @param start (k, d) row-major
 * @param options effort; there is nothing to restart
 */
export function kMeansFrom(
  rows: Float64Array,
  d: number,
  start: Float64Array,
  options: Pick<KMeansOptions, "maxIterations" | "tolerance">,
): KMeansResult {
  return iterate(rows, d, null, start, options.maxIterations, options.tolerance * meanVariance(rows, d));
}

function iterate(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  start: Float64Array,
  maxIterations: number,
  threshold: number,
): KMeansResult {
  const n = rows.length / d;
  const k = start.length / d;
  const labels = new Int32Array(n);
  let means = start;
  let counts: Float64Array = new Float64Array(k);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    assign(rows, d, means, labels);
    const totals = clusterSums(rows, d, k, labels, weights);
    relocateEmpty(rows, d, weights, labels, means, totals.sums, totals.counts);
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
  return { means, counts, inertia: weightedInertia(rows, d, weights, means, labels) };
}

/** Gives each cluster without weight the row farthest from its centroid, taken out of that row's cluster. */
function relocateEmpty(
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
  labels: Int32Array,
): number {
  const inertia = assign(rows, d, means, labels);
  if (weights === null) return inertia;
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += weights[i] * squaredDistance(rows, i, means, labels[i], d);
  return sum;
}

function meanVariance(rows: Float64Array, d: number): number {
  const n = rows.length / d;
  let total = 0;
  for (let f = 0; f < d; f++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += rows[i * d + f];
    mean /= n;
    for (let i = 0; i < n; i++) total += (rows[i * d + f] - mean) ** 2;
  }
  return total / (n * d);
}
