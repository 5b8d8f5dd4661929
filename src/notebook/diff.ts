import { diff as diffDirectories, type RunDiff } from "../experiment/diff/diff.js";
import { directoryOf, type ExperimentLike } from "../experiment/open.js";
import { inCell } from "./output/in-cell.js";

/**
 * Compares two runs: settings, data, rounds, final means (matched), metrics, and how far they put the same rows into the
 * same clusters.
 *
 * @param a a run's result, or its experiment directory
 * @param b another
 * @throws RunError if one of the directories is none, or is damaged
 * @example const { agreement } = await fk.diff(result, "logs/experiment_20251107_160054");
 */
export function diff(a: ExperimentLike, b: ExperimentLike): Promise<RunDiff> {
  return inCell(async () => diffDirectories(directoryOf(a), directoryOf(b)));
}
