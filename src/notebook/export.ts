import { type Exported, exportDirectory } from "../experiment/export/export-directory.js";
import { directoryOf, type ExperimentLike } from "../experiment/open.js";
import { inCell } from "./output/in-cell.js";

/**
 * Makes a directory to share of a run's: what was computed from groups of rows, and no trace of rows. It is an experiment
 * directory itself, which `open` reads and `verify` checks.
 *
 * @param experiment a completed run whose clients computed from groups: its result, or its experiment directory
 * @param out the directory to make, which is not there yet
 * @throws UsageError if there is something at `out`, or it is inside the run's directory; RunError if the run's directory
 *   is not one of points, or not as it was written, or if a file cannot be written
 * @example await fk.exportRun(result, "shared");
 */
export function exportRun(experiment: ExperimentLike, out: string): Promise<Exported> {
  return inCell(async () => exportDirectory(directoryOf(experiment), out));
}
