import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isAlive, messageOf, RunError } from "fedkmeans/directory";

/*
 * A file that another program writes is made beside its place under a name that tells whose it is: host and process.
 * A process that is killed cannot clean up; the next process on the same host sees that it is gone.
 */

const PARTIAL = /^\.fedkmeans-viz\.(.+)\.(\d+)\.\d+\.partial$/;

let nMade = 0;

/**
 * Makes an empty file beside another's place, so that it is known before any work is done that it can be made. What
 * killed processes of this host left in the folder is removed.
 *
 * @param output where the file is to go in the end
 * @returns its absolute path: a relative one could be taken for an address ("12:30.mp4") or an option ("-a.mp4")
 * @throws RunError naming `output` if there can be no such file
 */
export function beginPartial(output: string): string {
  const folder = resolve(dirname(output));
  const partial = join(folder, `.fedkmeans-viz.${hostname()}.${process.pid}.${++nMade}.partial`);
  try {
    if (statSync(output, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a folder");
    sweep(folder);
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

function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, host, pid] = PARTIAL.exec(name) ?? [];
    if (host !== hostname() || isAlive(Number(pid))) continue;
    rmSync(join(folder, name), { force: true });
  }
}
