import { squaredDistance } from "./assign.js";
import { log } from "./elementary.js";
import { openPotentials } from "./kernels/potentials.js";
import type { RandomStream } from "./random.js";

/**
 * Draws starting centroids by greedy k-means++: each is a row, drawn with probability proportional to its
 * weight times its squared distance to the centroids so far, the best of 2 + floor(ln k) candidates.
 * Cost n * k * d * ln k.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param k how many centroids are wanted
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @param random the draws
 * @param distances what earlier starts from the same rows have worked out; the result does not depend on it
 * @returns (m, d) row-major; m < k only where fewer than k rows of positive weight are distinct
 * @see Arthur & Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007, sections 2.2 and 5
 */
export function kMeansPlusPlus(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  random: RandomStream,
  distances: RowDistances = rowDistances(rows, d),
): Float64Array {
  const n = rows.length / d;
  const nCandidates = 2 + Math.floor(log(k));
  const w = weights ?? new Float64Array(n).fill(1);

  const centroids = new Float64Array(k * d);
  let cumulative = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) cumulative[i] = total += w[i];
  const first = drawIndex(cumulative, random);
  centroids.set(rows.subarray(first * d, (first + 1) * d));

  if (n > MAX_KEPT_ROWS) return drawByKernel(rows, d, weights, random, centroids, first, nCandidates);
  let closest = new Float64Array(n).fill(Infinity);
  let trial = new Float64Array(n);
  let trialCumulative = new Float64Array(n);
  let best = new Float64Array(n);
  let bestCumulative = new Float64Array(n);
  let potential = reach(distances(first), w, closest, best, bestCumulative);
  [closest, best] = [best, closest];
  [cumulative, bestCumulative] = [bestCumulative, cumulative];
  const tried = new Int32Array(nCandidates);

  for (let c = 1; c < k; c++) {
    if (potential === 0) return centroids.slice(0, c * d);
    let bestPotential = Infinity;
    let bestIndex = 0;
    for (let t = 0; t < nCandidates; t++) {
      const candidate = drawIndex(cumulative, random);
      tried[t] = candidate;
      let again = false;
      for (let s = 0; s < t; s++) if (tried[s] === candidate) again = true;
      if (again) continue;
      const trialPotential = reach(distances(candidate), w, closest, trial, trialCumulative);
      if (trialPotential < bestPotential) {
        bestPotential = trialPotential;
        bestIndex = candidate;
        [trial, best] = [best, trial];
        [trialCumulative, bestCumulative] = [bestCumulative, trialCumulative];
      }
    }
    [closest, best] = [best, closest];
    [cumulative, bestCumulative] = [bestCumulative, cumulative];
    potential = bestPotential;
    centroids.set(rows.subarray(bestIndex * d, (bestIndex + 1) * d), c * d);
  }
  return centroids;
}

/** The rest of the draws where rows are many; the same bits. */
function drawByKernel(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  random: RandomStream,
  centroids: Float64Array,
  first: number,
  nCandidates: number,
): Float64Array {
  const potentials = openPotentials(rows, d, weights, nCandidates);
  const { closest } = potentials;
  const cumulative = new Float64Array(closest.length);
  const candidates = new Int32Array(nCandidates);
  let chosen = first;
  for (let at = d; at < centroids.length; at += d) {
    potentials.approach(chosen);
    let potential = 0;
    for (let i = 0; i < closest.length; i++) {
      cumulative[i] = potential += weights === null ? closest[i] : weights[i] * closest[i];
    }
    if (potential === 0) return centroids.slice(0, at);
    for (let t = 0; t < nCandidates; t++) candidates[t] = drawIndex(cumulative, random);
    const trials = potentials.of(candidates);
    let best = 0;
    for (let t = 1; t < nCandidates; t++) if (trials[t] < trials[best]) best = t;
    chosen = candidates[best];
    centroids.set(rows.subarray(chosen * d, (chosen + 1) * d), at);
  }
  return centroids;
}

/** Squared distances of all rows to one of them, (n,). */
export type RowDistances = (row: number) => Float64Array;

/**
 * Up to this many rows, distances are kept: several starts from few rows ask for the same ones again. More rows
 * are the kernels' business.
 */
const MAX_KEPT_ROWS = 512;

/**
 * Distances between rows, to share among starts from the same rows.
 *
 * @param rows (n, d) row-major
 * @param d number of features
 */
export function rowDistances(rows: Float64Array, d: number): RowDistances {
  const n = rows.length / d;
  const kept = new Array<Float64Array | undefined>(Math.min(n, MAX_KEPT_ROWS)).fill(undefined);
  return (row) => (kept[row] ??= fillDistances(rows, d, row, new Float64Array(n)));
}

function fillDistances(rows: Float64Array, d: number, row: number, distances: Float64Array): Float64Array {
  if (d === 2) {
    const x = rows[2 * row];
    const y = rows[2 * row + 1];
    for (let i = 0; i < distances.length; i++) {
      const dx = rows[2 * i] - x;
      const dy = rows[2 * i + 1] - y;
      distances[i] = dx * dx + dy * dy;
    }
    return distances;
  }
  for (let i = 0; i < distances.length; i++) distances[i] = squaredDistance(rows, i, rows, row, d);
  return distances;
}

/**
 * Squared distances to the nearest centroid once there is one more, and their weighted sum.
 *
 * @param distances (n,) to the new one
 * @param w (n,) weights
 * @param closest (n,) to the nearest of the others
 * @param reached (n,) receives the least of both
 * @param cumulative (n,) receives the running sums
 * @returns the sum
 */
function reach(
  distances: Float64Array,
  w: Float64Array,
  closest: Float64Array,
  reached: Float64Array,
  cumulative: Float64Array,
): number {
  let potential = 0;
  for (let i = 0; i < w.length; i++) {
    const least = Math.min(distances[i], closest[i]);
    reached[i] = least;
    potential += w[i] * least;
    cumulative[i] = potential;
  }
  return potential;
}

/** The index whose share of the cumulative weights a uniform draw falls into; never one of weight 0. */
function drawIndex(cumulative: Float64Array, random: RandomStream): number {
  const target = random.uniform() * cumulative[cumulative.length - 1];
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
