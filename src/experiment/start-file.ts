import { readNpy, toFloat64 } from "../directory/npy.js";
import { messageOf, UsageError } from "../errors.js";
import { readRegularFile } from "../files/regular-file.js";
import type { Matrix } from "../numerics/matrix.js";

/**
 * What the setting `start` stands for.
 *
 * @returns its name, or the (k, d) centroids of the .npy file it names, on the original scale
 * @throws UsageError if the file is missing or no finite array of two dimensions; RunError if it is damaged
 */
export function readStart(start: string): "k-means++" | "random" | Matrix {
  if (start === "k-means++" || start === "random") return start;
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(start);
  } catch (error) {
    throw new UsageError(`cannot read the start ${start}: ${messageOf(error)}`);
  }
  const array = readNpy(bytes, start);
  if (array.shape.length !== 2) {
    throw new UsageError(
      `${start}: an array of shape (clusters, features) expected, found (${array.shape.join(", ")})`,
    );
  }
  const data = toFloat64(array, start);
  if (!data.every(Number.isFinite))
    throw new UsageError(`${start}: finite numbers expected, found NaN or infinity`);
  return { data, nRows: array.shape[0], nColumns: array.shape[1] };
}
