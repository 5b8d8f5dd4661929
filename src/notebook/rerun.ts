import { dataSettingsOfRun } from "../experiment/data-settings.js";
import type { RunHooks } from "../experiment/execute.js";
import { directoryOf, type ExperimentLike, open } from "../experiment/open.js";
import { type Rerun, rerun as rerunDirectory } from "../experiment/rerun/rerun.js";
import { RESUMABLE, type ResumableName } from "../experiment/setting-groups.js";
import { checkNames } from "../settings/check.js";
import { readData } from "./data.js";
import { inCell } from "./output/in-cell.js";
import type { RunSettings } from "./run.js";

/** Deno's kernel does not check types: another setting would make another run, which says nothing of the first. */
const EXECUTION = Object.fromEntries(RESUMABLE.map((name) => [name, 0]));

/**
 * Runs a run again with the settings that its directory records, on the data that it began with, and says whether all of
 * it comes out the same; else which round, client and array is the first to differ, and where. The directory stays as it
 * is.
 *
 * @param experiment a run's result, or its experiment directory; of a run that was cut short, its whole rounds are compared
 * @param execution how to run it: carrier, threads, deadline; and data, if the files have moved or the rows were in memory
 * @throws UsageError for a wrong setting, or one that would make another run; RunError if the directory is damaged or cannot be run again here, or if the data are not those that it began
 *   with
 * @example const { isSame, difference } = await fk.rerun(result);
 */
export function rerun(
  experiment: ExperimentLike,
  execution: Partial<Pick<RunSettings, ResumableName>> = {},
  hooks: Pick<RunHooks, "signal" | "onEvent"> = {},
): Promise<Rerun> {
  return inCell(async (signal) => {
    const directory = directoryOf(experiment);
    checkNames(EXECUTION, execution, (name) => `unknown option ${name} of rerun`);
    const { data, ...others } = execution;
    if (data === undefined) return rerunDirectory(directory, others, { ...hooks, signal });
    // Rows in memory are read in the way in which the run's first rows were read.
    const { source } = readData(data, dataSettingsOfRun(open(directory)));
    return rerunDirectory(directory, { ...others, data: source }, { ...hooks, signal });
  }, hooks.signal);
}
