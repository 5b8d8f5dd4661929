import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { cannotWrite } from "./atomic-write.js";
import { checkRegularFile } from "./regular-file.js";

/**
 * Checks, before work that may take hours, that a file can be put where somebody asks for it: in a folder that there is,
 * and in place of nothing but a plain file.
 *
 * @returns the path, or where the link there leads, which stays a link
 * @throws RunError naming the path and what is in the way
 */
export function checkOutputFile(path: string): string {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined || !existsSync(path)) {
      const folder = dirname(path);
      if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
      if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
      return path;
    }
    checkRegularFile(path);
    return realpathSync(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
