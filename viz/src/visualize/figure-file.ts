import { rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { enterInManifest, makeFolder, messageOf, RunError } from "fedkmeans/directory";
import { beginPartial, finishPartial } from "../encode/partial-file.js";

/** Of a PNG of a page: a sheet of A4 across at 300 dots an inch. */
export const PAGE_PIXELS = { width: 3508, height: 2480 } as const;

/**
 * Writes the file of a figure, whole or not at all, and enters it in the manifest where it is in the directory.
 *
 * @param draw its bytes
 * @throws RunError naming the file if it cannot be written, before anything is drawn; whatever `draw` throws
 */
export function writeFigure(experimentDir: string, path: string, draw: () => Buffer): void {
  const folder = dirname(path);
  try {
    makeFolder(folder);
  } catch (error) {
    throw new RunError(`cannot write to ${folder}: ${messageOf(error)}`);
  }
  const partial = beginPartial(path);
  try {
    const bytes = draw();
    try {
      writeFileSync(partial, bytes);
    } catch (error) {
      throw new RunError(`cannot write ${path}: ${messageOf(error)}`);
    }
    finishPartial(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  enterInManifest(experimentDir, [path]);
}
