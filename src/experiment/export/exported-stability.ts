import { renameFields, snakeCase } from "../../casing.js";
import { readStability } from "../../directory/read-stability.js";
import { RunError } from "../../errors.js";

/**
 * How stable the clusters of a run are, which was computed from points alone; without the reason why a resample could not
 * be clustered, as an error may say more.
 *
 * @returns fields as the file names them; null where there is no such file
 * @throws RunError if it is not as it should be, or of rows
 */
export function exportedStability(directory: string, path: string): object | null {
  const stability = readStability(directory);
  if (stability === null) return null;
  if (stability.of !== "points")
    throw new RunError(`${path}: of: "points" expected, found "${stability.of}"`);
  return renameFields({ ...stability, failure: null }, snakeCase) as object;
}
