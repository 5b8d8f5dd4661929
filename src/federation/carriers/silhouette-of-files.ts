import { readFileSync } from "node:fs";
import { readNpy, toFloat64 } from "../../directory/npy.js";
import { silhouetteSums } from "../../numerics/exact-silhouette.js";

/**
 * `silhouetteSums` of rows that clients recorded. Holds all of them at once, which only a simulation can.
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
  const parts = rowsFiles.map((file) => toFloat64(readNpy(readFileSync(file), file), file));
  return silhouetteSums(parts, wanted, { data: means, nRows: k, nColumns: means.length / k });
}
