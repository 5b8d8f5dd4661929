import type { Matrix } from "./matrix.js";
import { nearestCentroids } from "./nearest-centroids.js";
import { silhouetteSum } from "./silhouette.js";
import { concat } from "./small-arrays.js";

/**
 * Sums of the exact silhouette coefficients of the rows of some parties against the rows of all. Cost n * N * d.
 *
 * @param parts (n, d) row-major, the rows of each party
 * @param wanted indices into `parts` of those to sum over
 * @param means (k, d)
 * @returns one sum a wanted party
 */
export function silhouetteSums(
  parts: readonly Float64Array[],
  wanted: readonly number[],
  means: Matrix,
): number[] {
  const { nRows: k, nColumns: d } = means;
  const all = concat(parts);
  const labels = nearestCentroids(all, d, means.data);
  const ends: number[] = [];
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + part.length / d);
  return wanted.map((i) => {
    const own = labels.subarray(ends[i] - parts[i].length / d, ends[i]);
    const part = { rows: parts[i], labels: own, weights: null };
    return silhouetteSum(part, { rows: all, labels, weights: null }, d, k);
  });
}

/** The mean of coefficients from their sums; null where all rows are in one cluster, which have none. */
export function meanSilhouette(sums: readonly number[], nSamples: number): number | null {
  const mean = sums.reduce((total, sum) => total + sum, 0) / nSamples;
  return Number.isFinite(mean) ? mean : null;
}
