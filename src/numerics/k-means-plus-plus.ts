import { log } from "./elementary.js";
import type { HeldRows } from "./kernels/memory/held-rows.js";
import { openPotentials, type Potentials } from "./kernels/seeding/potentials.js";
import type { Uniforms } from "./random.js";

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
 * @param potentials opened for these rows and weights, to share among starts; the result does not depend on it
 * @returns (m, d) row-major; m < k only where fewer than k rows of positive weight are distinct
 * @see Arthur & Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007, sections 2.2 and 5
 */
export function kMeansPlusPlus(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  random: Uniforms,
  potentials: Potentials = openSeeding(rows, d, k, weights),
): Float64Array {
  const n = rows.length / d;
  const centroids = new Float64Array(k * d);
  const cumulative = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) cumulative[i] = total += weights === null ? 1 : weights[i];
  let chosen = drawIndex(cumulative, random);
  centroids.set(rows.subarray(chosen * d, (chosen + 1) * d));

  const candidates = new Int32Array(candidatesFor(k));
  potentials.restart();
  for (let at = d; at < centroids.length; at += d) {
    potentials.addCentroid(chosen);
    const potential = accumulate(potentials.closest, weights, cumulative);
    if (potential === 0) return centroids.slice(0, at);
    for (let t = 0; t < candidates.length; t++) candidates[t] = drawIndex(cumulative, random);
    const trials = potentials.of(candidates);
    let best = 0;
    for (let t = 1; t < candidates.length; t++) if (trials[t] < trials[best]) best = t;
    chosen = candidates[best];
    for (let f = 0; f < d; f++) centroids[at + f] = rows[chosen * d + f];
  }
  return centroids;
}

/**
 * What `kMeansPlusPlus` asks about rows, which several starts from the same rows may share. Parameters as of it.
 *
 * @param held the same rows where kernels can work on them, if it is known
 */
export function openSeeding(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  held?: HeldRows | null,
): Potentials {
  return openPotentials(rows, d, weights, candidatesFor(k), held);
}

/**
 * How many candidates greedy k-means++ tries for each of k centroids.
 *
 * @example candidatesFor(8) // => 4
 */
export function candidatesFor(k: number): number {
  return 2 + Math.floor(log(k));
}

/** Running sums of weighted distances; returns the last. */
function accumulate(closest: Float64Array, weights: Float64Array | null, cumulative: Float64Array): number {
  let sum = 0;
  if (weights === null) for (let i = 0; i < closest.length; i++) cumulative[i] = sum += closest[i];
  else for (let i = 0; i < closest.length; i++) cumulative[i] = sum += weights[i] * closest[i];
  return sum;
}

/** The index whose share of the cumulative weights a uniform draw falls into; never one of weight 0. */
function drawIndex(cumulative: Float64Array, random: Uniforms): number {
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
