import { readFileSync } from "node:fs";
import { readNpy, toFloat64 } from "../directory/npy.js";
import { nearestCentroids } from "../numerics/nearest-centroids.js";
import { silhouetteSum } from "../numerics/silhouette.js";

/**
 * Sums of the exact silhouette coefficients of some recorded clients' rows against all recorded rows. Holds
 * all rows at once, which only a simulation can. Cost n * N * d.
 *
 * @param rowsFiles the recorded rows of every client
 * @param wanted indices into `rowsFiles` of the clients to sum over
 * @param means (k, p) row-major
 * @param k number of means
 * @returns one sum a wanted client
 */
export function silhouetteSumsOfFiles(
  rowsFiles: readonly string[],
  wanted: readonly number[],
  means: Float64Array,
  k: number,
): number[] {
  const d = means.length / k;
  const parts = rowsFiles.map((file) => toFloat64(readNpy(readFileSync(file), file), file));
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offsets.push(offset);
    offset += part.length;
  }
  const labels = nearestCentroids(all, d, means);
  return wanted.map((client) => {
    const first = offsets[client] / d;
    const own = labels.subarray(first, first + parts[client].length / d);
    const part = { rows: parts[client], labels: own, weights: null };
    return silhouetteSum(part, { rows: all, labels, weights: null }, d, k);
  });
}
