import { kMeans } from "../../numerics/k-means.js";
import type { Matrix } from "../../numerics/matrix.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";

/*
 * Centres that depend on no row, and so cost no privacy: those of k-means on points that are uniform in the box [-1, 1]^d.
 * They leave no part of it far from all of them, which centres drawn at random do.
 */

/** Points for each centre, and at least so many in all: of more the centres are no better spread. */
const POINTS_PER_CENTRE = 40;
const LEAST_POINTS = 4000;
const ITERATIONS = 40;

/**
 * The same centres whatever the run.
 *
 * @param k number of centres
 * @param d number of features
 * @returns (k, d) in [-1, 1]
 */
function centresOfBox(k: number, d: number): Float64Array {
  const random = randomStream(0, `${k} centres of the box, ${d} features`);
  const nPoints = Math.max(LEAST_POINTS, POINTS_PER_CENTRE * k);
  const points = Float64Array.from({ length: nPoints * d }, () => 2 * random.uniform() - 1);
  const options = { maxIterations: ITERATIONS, tolerance: 0, restarts: 1 };
  return kMeans(points, d, k, null, options, random).means;
}

/**
 * Centres to begin with: those of the box with its axes permuted and mirrored at random, so that no run rests on which
 * corner they happen to be near, and drawn towards its middle, where rows are more often than near its faces.
 *
 * @param k number of centres
 * @param d number of features
 * @param scale how much of the box they fill, 1 being all of it
 * @param random the run's draws
 * @returns (k, d)
 */
export function boxStart(k: number, d: number, scale: number, random: RandomStream): Matrix {
  const centres = centresOfBox(k, d);
  const axes = random.shuffle(Array.from({ length: d }, (_, axis) => axis));
  const signs = axes.map(() => (random.uniform() < 0.5 ? -scale : scale));
  const data = new Float64Array(k * d);
  for (let c = 0; c < k; c++)
    for (let f = 0; f < d; f++) data[c * d + f] = signs[f] * centres[c * d + axes[f]];
  return { data, nRows: k, nColumns: d };
}
