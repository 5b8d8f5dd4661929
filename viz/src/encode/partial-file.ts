import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf, RunError, sweepLeftovers, temporaryName } from "fedkmeans/directory";

/*
 * A file that another program writes is made beside its place under a name that tells which process it is of.
 * A process that is killed cannot clean up; the next process at the same place sees that it is gone.
 */

const PREFIX = ".fedkmeans-viz.";

let nMade = 0;

/**
 * Makes an empty file beside another's place, so that it is known before any work is done that it can be made. What
 * killed processes left in the folder is removed.
 *
 * @param output where the file is to go in the end
 * @returns its absolute path: a relative one could be taken for an address ("12:30.mp4") or an option ("-a.mp4")
 * @throws RunError naming `output` if there can be no such file
 */
export function beginPartial(output: string): string {
  const folder = resolve(dirname(output));
  const partial = temporaryName(join(folder, `${PREFIX}${++nMade}`));
  try {
    if (statSync(output, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a folder");
    sweepLeftovers(folder, PREFIX);
    closeSync(openSync(partial, "w"));
    return partial;
  } catch (error) {
    throw new RunError(`cannot write ${output}: ${messageOf(error)}`);
  }
}

/** @throws RunError naming `output` if the file cannot take its place */
export function finishPartial(partial: string, output: string): void {
  try {
    renameSync(partial, output);
  } catch (error) {
    throw new RunError(`cannot write ${output}: ${messageOf(error)}`);
  }
}
