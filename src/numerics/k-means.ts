import { candidatesFor, kMeansPlusPlus, openSeeding } from "./k-means-plus-plus.js";
import { DirectAssignment, fitsInMemory, type WaitingStep } from "./kernels/direct/direct-assignment.js";
import { iterate, relocateEmpty, stepThreshold } from "./lloyd.js";
import { openAssignment, paysBounds } from "./open-assignment.js";
import type { Uniforms } from "./random.js";

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
  random: Uniforms,
): KMeansResult {
  const { restart, close } = openRestarts(rows, d, k, weights, options);
  let best: KMeansResult | undefined;
  for (let i = 0; i < options.restarts; i++) {
    const { inertia, read } = restart(random);
    if (best === undefined || inertia < best.inertia) best = { ...read(), inertia };
  }
  close();
  return best!;
}

/** Fewer from each start do not pay for bounds. */
const LEAST_ITERATIONS = 4;

/** The restarts of `kMeans`, one by one. */
export interface Restarts {
  /** How good one is, and what it found, which is read before the next. */
  restart(random: Uniforms): {
    inertia: number;
    read: () => { means: Float64Array; counts: Float64Array };
  };
  close(): void;
}

/** Parameters as of `kMeans`. */
export function openRestarts(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  options: Omit<KMeansOptions, "restarts">,
): Restarts {
  const isDirect =
    fitsInMemory(rows) && (options.maxIterations < LEAST_ITERATIONS || !paysBounds(rows, d, k));
  const problem = { rows, d, k, weights, options };
  return isDirect ? restartDirectly(problem) : restartStepByStep(problem);
}

/** Numbers a restart draws where it finds all k clusters; fewer where it finds fewer. */
export function drawsPerRestart(k: number): number {
  return 1 + (k - 1) * candidatesFor(k);
}

interface Problem {
  rows: Float64Array;
  d: number;
  k: number;
  weights: Float64Array | null;
  options: Omit<KMeansOptions, "restarts">;
}

function restartStepByStep({ rows, d, k, weights, options }: Problem): Restarts {
  const assignment = openAssignment(rows, d, k, weights);
  const threshold = stepThreshold(rows, d, options.tolerance, assignment.held);
  const seedWeights = options.unweightedSeeding ? null : weights;
  const seeding = openSeeding(rows, d, k, seedWeights, assignment.held);
  const restart = (random: Uniforms) => {
    const start = kMeansPlusPlus(rows, d, k, seedWeights, random, seeding);
    const { means, counts, inertia } = iterate(
      { rows, d, weights },
      assignment,
      start,
      options.maxIterations,
      threshold,
    );
    return { inertia, read: () => ({ means, counts }) };
  };
  return { restart, close: () => assignment.close() };
}

/** A restart in few calls of a kernel. */
function restartDirectly({ rows, d, k, weights, options }: Problem): Restarts {
  const assignment = new DirectAssignment(rows, d, k, weights);
  const threshold = stepThreshold(rows, d, options.tolerance);
  const relocate = ({ labels, means, sums, counts }: WaitingStep) =>
    relocateEmpty({ rows, labels, weights }, means, sums, counts);
  const { maxIterations } = options;
  const isSeedingWeighted = !options.unweightedSeeding;
  const fit = { nCandidates: candidatesFor(k), isSeedingWeighted, maxIterations, threshold };
  const restart = (random: Uniforms) => assignment.fit(k, random, fit, relocate);
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
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 */
export function kMeansFrom(
  rows: Float64Array,
  d: number,
  start: Float64Array,
  options: Pick<KMeansOptions, "maxIterations" | "tolerance">,
  weights: Float64Array | null = null,
): KMeansFit {
  const assignment = openAssignment(rows, d, start.length / d, weights);
  const threshold = stepThreshold(rows, d, options.tolerance, assignment.held);
  const found = iterate({ rows, d, weights }, assignment, start, options.maxIterations, threshold);
  const { labels } = assignment;
  assignment.close();
  return { ...found, labels };
}
