import { shownJson } from "../directory/json-object.js";
import { nameSettingsInProgram, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import { dataSettingsOfRun } from "../experiment/data-settings.js";
import type { RunHooks } from "../experiment/execute.js";
import { open } from "../experiment/open.js";
import type { RunResult } from "../experiment/result.js";
import { resume as resumeRun, run as runFederation } from "../experiment/run.js";
import type { ResumableName } from "../experiment/setting-groups.js";
import type { Configuration } from "../experiment/settings.js";
import { type Data, optionsOf, readData } from "./data.js";
import { liveView } from "./live/live-view.js";
import { currentFrontend } from "./output/frontend.js";
import { inCell } from "./output/in-cell.js";

/** Settings of a run: where the data is, and whatever should differ from the defaults. */
export type RunSettings = Partial<Omit<Configuration, "data">> & {
  /**
   * Folder of one file a client, of any format that is read; one table of all with `clientColumn`; what `load`
   * returned; or rows in memory: a table a client, in an array or by the clients' names. A table is an array of arrays,
   * of objects (features, and a label by the same rules as a file's columns), or `{ data, shape }`; or
   * `{ rows, labels, featureNames }`.
   */
  data: Data;
};

/**
 * Runs a federation on partitions of this machine and writes its experiment directory.
 *
 * @param settings `data` at least; the rest has defaults
 * @returns what the directory holds, in short
 * @throws UsageError for a wrong setting; RunError if the clients or their data will not do, or if the cell is
 *   interrupted; the signal's reason if it is aborted. Until the handshake nothing is written; after it the
 *   directory says "aborted", and `resume` can go on with it.
 * @example const result = await fk.run({ data: "data/penguins", labelColumn: "species", kGlobal: 3 });
 */
export function run(settings: RunSettings, hooks: RunHooks = {}): Promise<RunResult> {
  return inCell(
    async (signal) => inItsWords(await runFederation(withData(settings), { ...hooks, signal })),
    hooks.signal,
  );
}

/**
 * Runs a federation as `run` does, and shows it while it runs: a progress line, the way of the global means, how far
 * they moved, and each client's rows by cluster, in one output that is replaced in place. A terminal shows the line
 * only.
 *
 * @throws as `run`
 * @example const result = await fk.watch({ data, kGlobal: 3 });
 */
export function watch(settings: RunSettings, hooks: RunHooks = {}): Promise<RunResult> {
  return inCell(async (signal) => {
    const complete = configure(withData(settings));
    const view = liveView(currentFrontend(), complete);
    try {
      const result = await runFederation(complete, {
        signal,
        onEvent(event) {
          view.onEvent(event);
          hooks.onEvent?.(event);
        },
      });
      await view.end(result.experimentDir);
      return inItsWords(result);
    } catch (error) {
      await view.fail(error);
      throw error;
    }
  }, hooks.signal);
}

/**
 * Goes on with a run that was cut short, from its last whole round, in the same directory. It ends with the
 * same bytes as if it had never been interrupted.
 *
 * @param directory the experiment directory
 * @param execution how to run it: carrier, threads, deadline; and data, if the files have moved or the rows were in
 *   memory
 * @throws as `run`; UsageError for another setting; RunError if the directory is none or is completed
 */
export function resume(
  directory: string,
  execution: Partial<Pick<RunSettings, ResumableName>> = {},
  hooks: RunHooks = {},
): Promise<RunResult> {
  return inCell(async (signal) => {
    if (typeof directory !== "string") {
      throw new UsageError(`the path of an experiment directory expected, found ${shownJson(directory)}`);
    }
    const { data, ...others } = execution;
    if (data === undefined) return inItsWords(await resumeRun(directory, others, { ...hooks, signal }));
    // Rows in memory are read in the way in which the run's first rows were read.
    const { source } = readData(data, dataSettingsOfRun(open(directory)));
    return inItsWords(await resumeRun(directory, { ...others, data: source }, { ...hooks, signal }));
  }, hooks.signal);
}

/** The result with settings named, in its texts, as a program names them. */
function inItsWords({ dropped, notices, ...result }: RunResult): RunResult {
  return { ...result, dropped: nameSettingsInProgram(dropped), notices: nameSettingsInProgram(notices) };
}

/** Settings as the run itself takes them: data that was loaded stands for its path and columns. */
export function withData(given: RunSettings): Partial<Configuration> & Pick<Configuration, "data"> {
  checkSettings(given);
  const { data, ...settings } = given;
  const { source, options } = readData(data, optionsOf(settings));
  return { ...options, ...settings, data: source };
}

/** @throws UsageError where a cell gives none at all, which a compiler would have refused */
export function checkSettings(settings: unknown): void {
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return;
  throw new UsageError(
    `settings expected, as { data: "data/penguins", kGlobal: 3 }, found ${shownJson(settings)}`,
  );
}
