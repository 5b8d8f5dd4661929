import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { jsonText } from "../directory/json-text.js";
import { layoutOf } from "../directory/layout.js";
import { lockDirectory } from "../directory/lock.js";
import type { Summary } from "../directory/summary.js";
import { messageOf, RunError } from "../errors.js";
import { cannotWrite, openFolder, writeFileAtomically } from "../files/atomic-write.js";
import { sweepLeftovers, temporaryName } from "../files/leftovers.js";

/**
 * Makes a new experiment directory, named by the local time, that holds its summary and is locked. It is made under
 * another name and renamed, so that whoever sees it can read and resume it.
 *
 * @param logDir its parent, made if need be
 * @throws RunError if it cannot be made
 */
export function createExperimentDirectory(logDir: string, summary: Summary): string {
  const stem = nameOf(new Date());
  const temporary = temporaryName(join(logDir, `.${stem}.${++nMade}`));
  try {
    openFolder(logDir);
    sweepLeftovers(logDir, ".experiment_");
    openFolder(temporary);
    lockDirectory(temporary);
    writeFileAtomically(layoutOf(temporary).summary, jsonText(summary));
    for (let attempt = 1; ; attempt++) {
      const directory = join(logDir, attempt === 1 ? stem : `${stem}_${attempt}`);
      if (moveTo(temporary, directory)) return directory;
    }
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
    throw new RunError(`cannot make an experiment directory in ${logDir}: ${messageOf(error)}`);
  }
}

/** Directories that this process, or this thread of it, has made. */
let nMade = 0;

function nameOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `experiment_${date}_${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/** @returns false if there is something at the place */
function moveTo(temporary: string, directory: string): boolean {
  // An empty folder would be replaced: somebody made it.
  if (existsSync(directory)) return false;
  try {
    renameSync(temporary, directory);
    return true;
  } catch (error) {
    if (existsSync(directory)) return false;
    throw cannotWrite(directory, error);
  }
}
