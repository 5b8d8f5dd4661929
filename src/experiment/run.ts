import { resolve } from "node:path";
import { lockDirectory, unlockDirectory } from "../directory/lock.js";
import { readWholeExperiment } from "../directory/read-experiment.js";
import { type LoggedSummary, readSummary } from "../directory/read-summary.js";
import { RunError, theSetting, UsageError } from "../errors.js";
import { configurationOfRecord, configure } from "./configuration.js";
import { execute, type Logged, type RunHooks } from "./execute.js";
import { recordedData, recordedStart } from "./recorded-data.js";
import type { RunResult } from "./result.js";
import { RESUMABLE, type ResumableName } from "./setting-groups.js";
import { type Configuration, SETTING_NAMES } from "./settings.js";
import { prepareSimulation } from "./simulation.js";

/**
 * Runs a federation on partitions of this machine and writes its experiment directory.
 *
 * @param settings `data` at least; the rest has defaults
 * @returns what the directory holds, in short
 * @throws UsageError for a wrong setting; RunError if the clients or their data will not do; the signal's
 *   reason if it is aborted. Until the handshake nothing is written; after it the directory says "aborted".
 */
export async function run(
  settings: Partial<Configuration> & Pick<Configuration, "data">,
  hooks: RunHooks = {},
): Promise<RunResult> {
  return simulate(configure(settings), null, hooks);
}

async function simulate(
  configuration: Configuration,
  logged: Logged | null,
  hooks: RunHooks,
): Promise<RunResult> {
  const started = performance.now();
  return execute(await prepareSimulation(configuration, logged), logged, hooks, started);
}

/** What may differ when a run is resumed. */
export type ResumeSettings = Partial<Pick<Configuration, ResumableName>>;

/**
 * Goes on with a run that was cut short, from its last whole round, in the same directory. It ends with the
 * same bytes as if it had never been interrupted.
 *
 * @param directory the experiment directory
 * @param execution how to run it: carrier, threads, deadline; and data, if the files have moved or the rows were in
 *   memory
 * @throws as `run`; UsageError for a setting that may not differ; RunError if the directory is none, is completed or is
 *   being written by another process, or if the data are not those it began with
 */
export async function resume(
  directory: string,
  execution: ResumeSettings = {},
  hooks: RunHooks = {},
): Promise<RunResult> {
  return resumeWith(directory, (logged) => resumeSimulation(logged, execution, hooks));
}

/**
 * Locks the directory of a run that was cut short, and reads what it has come to.
 *
 * @throws RunError if it is none, is completed or is being written by another process
 */
export async function resumeWith<T>(directory: string, goOn: (logged: Logged) => Promise<T>): Promise<T> {
  checkUnfinished(directory, readSummary(directory));
  lockDirectory(directory);
  try {
    const logged = { ...readWholeExperiment(directory), directory };
    // Another process may have completed it just before.
    checkUnfinished(directory, logged.summary);
    return await goOn(logged);
  } finally {
    unlockDirectory(directory);
  }
}

async function resumeSimulation(
  logged: Logged,
  execution: ResumeSettings,
  hooks: RunHooks,
): Promise<RunResult> {
  const { directory, summary } = logged;
  if (summary.deployment !== null) {
    throw new RunError(
      `${directory}: its clients are on other machines: go on with flwr run --run-config "resume='${resolve(directory)}'"`,
    );
  }
  if (summary.configuration.data === null && execution.data == null) {
    throw new RunError(
      `${directory}: its rows were in a program's memory: resume it there, with the same rows as data`,
    );
  }
  const given = Object.fromEntries(Object.entries(execution).filter(([, value]) => value != null));
  const settled = SETTING_NAMES.find((name) => name in given && !RESUMABLE.includes(name as ResumableName));
  if (settled !== undefined) {
    throw new UsageError(
      `${theSetting(settled)} was settled when the run began: resuming it may change ` +
        `${RESUMABLE.map(theSetting).join(", ")} only`,
    );
  }
  const data = execution.data ?? recordedData(directory, summary)!;
  const configuration = configurationOfRecord(
    summary.configuration,
    { ...recordedStart(summary), ...given, data },
    `${directory}/experiment_summary.json`,
  );
  return simulate(configuration, logged, hooks);
}

function checkUnfinished(directory: string, { isOurs, status }: LoggedSummary): void {
  if (!isOurs) {
    throw new RunError(
      `${directory} cannot be resumed: its summary has no schema_version, so another program wrote it`,
    );
  }
  if (status === "completed") throw new RunError(`${directory} is completed: there is nothing to resume`);
}
