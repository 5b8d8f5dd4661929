import { existsSync, rmdirSync } from "node:fs";
import { messageOf, UsageError } from "../errors.js";
import { makeFolder } from "../files/make-folder.js";

/**
 * Makes the folder of a study's results, unless it is there.
 *
 * @returns a function that removes it again, if it was made here and nothing is in it
 * @throws UsageError if it cannot be one
 */
export function makeOutputFolder(output: string): () => void {
  const isThere = existsSync(output);
  try {
    makeFolder(output);
  } catch (error) {
    throw new UsageError(`${output}: cannot be made a folder: ${messageOf(error)}`);
  }
  return () => {
    if (isThere) return;
    try {
      rmdirSync(output);
    } catch {
      // Somebody put something there.
    }
  };
}
