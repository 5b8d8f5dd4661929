import { meansFromSums, squaredDistance } from "./assign.js";
import type { Assignment } from "./assignment.js";
import { candidatesFor, kMeansPlusPlus, openSeeding } from "./k-means-plus-plus.js";
import { DirectAssignment, fitsInMemory, type Relocate } from "./kernels/direct-assignment.js";
import type { HeldRows } from "./kernels/held-rows.js";
import { totalSpread } from "./kernels/spread.js";
import { openAssignment, paysBounds } from "./open-assignment.js";
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
  const isDirect =
    fitsInMemory(rows) && (options.maxIterations < LEAST_ITERATIONS || !paysBounds(rows, d, k));
  const problem = { rows, d, k, weights, options, random };
  const { restart, close } = isDirect ? restartDirectly(problem) : restartStepByStep(problem);
  let best: KMeansResult | undefined;
  for (let i = 0; i < options.restarts; i++) {
    const { inertia, read } = restart();
    if (best === undefined || inertia < best.inertia) best = { ...read(), inertia };
  }
  close();
  return best!;
}

/** Fewer from each start do not pay for bounds. */
const LEAST_ITERATIONS = 4;

interface Restarts {
  /** One restart: how good it is, and what it found, which is read before the next. */
  restart: () => { inertia: number; read: () => { means: Float64Array; counts: Float64Array } };
  close: () => void;
}

interface Problem {
  rows: Float64Array;
  d: number;
  k: number;
  weights: Float64Array | null;
  options: KMeansOptions;
  random: RandomStream;
}

function restartStepByStep({ rows, d, k, weights, options, random }: Problem): Restarts {
  const assignment = openAssignment(rows, d, k, weights);
  const threshold = stepThreshold(rows, d, options.tolerance, assignment.held);
  const seedWeights = options.unweightedSeeding ? null : weights;
  const seeding = openSeeding(rows, d, k, seedWeights, assignment.held);
  const restart = () => {
    const start = kMeansPlusPlus(rows, d, k, seedWeights, random, seeding);
    const found = iterate(rows, d, weights, assignment, start, options.maxIterations, threshold);
    return { inertia: found.inertia, read: () => found };
  };
  return { restart, close: () => assignment.close() };
}

/** A restart in few calls of a kernel. */
function restartDirectly({ rows, d, k, weights, options, random }: Problem): Restarts {
  const assignment = new DirectAssignment(rows, d, k, weights);
  const threshold = stepThreshold(rows, d, options.tolerance);
  const relocate: Relocate = (labels, means, sums, counts) =>
    relocateEmpty(rows, d, weights, labels, means, sums, counts);
  const nCandidates = candidatesFor(k);
  const isWeighted = !options.unweightedSeeding;
  const restart = () =>
    assignment.fit(k, random, nCandidates, isWeighted, options.maxIterations, threshold, relocate);
  return { restart, close: () => assignment.close() };
}

/** k-means from one start. */
export interface KMeansFit extends KMeansResult {
  /** (n,) nearest of `means` to each row. */
  labels: Int32Array;
  /** Steps taken. */
  iterations: number;
}

/**
 * k-means from a start that is given. Cost at most iterations * n * k * d, much less once rows settle.
 *
 * @param start (k, d) row-major
 * @param options effort; there is nothing to restart
 */
export function kMeansFrom(
  rows: Float64Array,
  d: number,
  start: Float64Array,
  options: Pick<KMeansOptions, "maxIterations" | "tolerance">,
): KMeansFit {
  const assignment = openAssignment(rows, d, start.length / d, null);
  const threshold = stepThreshold(rows, d, options.tolerance, assignment.held);
  const found = iterate(rows, d, null, assignment, start, options.maxIterations, threshold);
  const { labels } = assignment;
  assignment.close();
  return { ...found, labels };
}

function iterate(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  assignment: Assignment,
  start: Float64Array,
  maxIterations: number,
  threshold: number,
): KMeansResult & { iterations: number } {
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
  assignment: Assignment,
): number {
  assignment.assign(means);
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
function stepThreshold(rows: Float64Array, d: number, tolerance: number, held?: HeldRows): number {
  if (tolerance === 0) return 0;
  return (tolerance * totalSpread(rows, d, held)) / rows.length;
}
