import { makeFolder } from "../data/make-folder.js";
import { messageOf, UsageError } from "../errors.js";

/**
 * Makes the folder of a study's results, unless it is there.
 *
 * @throws UsageError if it cannot be one
 */
export function makeOutputFolder(output: string): void {
  try {
    makeFolder(output);
  } catch (error) {
    throw new UsageError(`${output}: cannot be made a folder: ${messageOf(error)}`);
  }
}
