import { findPartitions } from "../data/partitions/partition-list.js";
import { lockDirectory, unlockDirectory } from "../directory/lock.js";
import { type LoggedExperiment, readWholeExperiment } from "../directory/read-experiment.js";
import { type LoggedSummary, readSummary } from "../directory/read-summary.js";
import { messageOf, RunError, theSetting, UsageError } from "../errors.js";
import { openFederation } from "../federation/open.js";
import type { RunEvent } from "../federation/run-event.js";
import { serve } from "../federation/server.js";
import type { Checkpoint } from "../federation/server-options.js";
import { removeTemporaries } from "../files/leftovers.js";
import { KMeansThreads } from "../threads/k-means-threads.js";
import { traceOf } from "../workflow/clustering/cycle.js";
import type { Silhouettes } from "../workflow/evaluate.js";
import { serverNotice } from "../workflow/notice.js";
import { configurationOfRecord, configure, serverOptionsOf } from "./configuration.js";
import { ExperimentLog } from "./experiment-log.js";
import { checkSamePartitions, checkSameShapes, fingerprintsOf } from "./partitions.js";
import { policyOf } from "./privacy-settings.js";
import type { RunResult } from "./result.js";
import { type Evaluation, scoredOnRows } from "./rows-metrics.js";
import type { Earlier } from "./run-summary.js";
import { RESUMABLE, type ResumableName } from "./setting-groups.js";
import { type Configuration, SETTING_NAMES } from "./settings.js";
import { readStart } from "./start-file.js";
import { notCompared, twinOf } from "./twin.js";
import { twinInThread } from "./twin-thread.js";

/** What a caller may hand a run beside its settings. */
export interface RunHooks {
  /** Ends the run: its threads are stopped and the directory is marked aborted. */
  readonly signal?: AbortSignal;
  /** Sees every event after it has been written. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Is told the experiment directory once there is one. */
  readonly onDirectory?: (path: string) => void;
}

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
  return execute(configure(settings), null, hooks);
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
  checkUnfinished(directory, readSummary(directory));
  lockDirectory(directory);
  try {
    return await resumeLocked(directory, execution, hooks);
  } finally {
    unlockDirectory(directory);
  }
}

async function resumeLocked(
  directory: string,
  execution: ResumeSettings,
  hooks: RunHooks,
): Promise<RunResult> {
  const logged = readWholeExperiment(directory);
  const { summary } = logged;
  // Another process may have completed it just before.
  checkUnfinished(directory, summary);
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
  const configuration = configurationOfRecord(
    summary.configuration,
    given,
    `${directory}/experiment_summary.json`,
  );
  return execute(configuration, { ...logged, directory }, hooks);
}

function checkUnfinished(directory: string, { isOurs, status }: LoggedSummary): void {
  if (!isOurs) {
    throw new RunError(
      `${directory} cannot be resumed: its summary has no schema_version, so another program wrote it`,
    );
  }
  if (status === "completed") throw new RunError(`${directory} is completed: there is nothing to resume`);
}

async function execute(
  asked: Configuration,
  logged: (LoggedExperiment & Earlier) | null,
  hooks: RunHooks,
): Promise<RunResult> {
  const started = performance.now();
  const signal = hooks.signal ?? new AbortController().signal;
  const startMeans = readStart(asked.start);
  const { refs, notices } = await findPartitions(asked.data, asked);
  const policy = policyOf(asked);
  const { federation, carrier, threads } = await openFederation(refs, { ...asked, policy });
  const configuration = { ...asked, carrier };
  const log = new ExperimentLog(configuration, federation, logged);
  const server = new KMeansThreads(threads, signal);
  try {
    signal.throwIfAborted();
    if (federation.simulation !== null) {
      const fingerprints = await fingerprintsOf(federation.simulation, refs, signal);
      if (logged !== null) checkSamePartitions(logged.directory, logged.summary, fingerprints);
      log.identify(fingerprints);
    }
    if (logged !== null) removeTemporaries(logged.directory);
    const last = logged?.rounds.at(-1);
    const checkpoint: Checkpoint | null =
      last === undefined
        ? null
        : { ...last, traces: logged!.rounds.map(({ means, inertia }) => traceOf(means, inertia)) };
    let start = logged?.rounds[0]?.means;
    const tell = (event: RunEvent) => {
      log.write(event);
      if (event.type === "handshake") hooks.onDirectory?.(log.directory!);
      hooks.onEvent?.(event);
    };
    const silhouettes: Silhouettes = {
      most: configuration.maxSilhouetteSamples,
      async sums({ data, nRows }) {
        const files = log.clientDataFiles();
        return files && (federation.simulation?.silhouetteSums(files, data, nRows, signal) ?? null);
      },
    };
    const scoredByRows = (event: Evaluation): Evaluation | Promise<Evaluation> => {
      const rows = federation.simulation?.rows ?? null;
      if (policy.groupSize === 1 || rows === null) return event;
      return scoredOnRows(event, rows, silhouettes, { deadline: configuration.deadline * 1000, signal });
    };
    for await (const event of serve(federation, serverOptionsOf(configuration, startMeans), {
      checkpoint,
      // Where groups stand for rows, that of the rows is asked for after.
      ...(policy.groupSize === 1 && { silhouettes }),
      signal,
      cluster: server.kMeans.bind(server),
      notices: notices.map(serverNotice),
    })) {
      if (event.type === "handshake" && logged !== null) {
        checkSameShapes(logged.directory, logged.summary.clients, event.agreement.clients);
      }
      if (event.type === "round") start ??= event.round.global.means;
      if (event.type !== "evaluation") {
        tell(event);
        continue;
      }
      const scored = await scoredByRows(event);
      if (configuration.twin) {
        const { metrics } = scored;
        const task = { configuration, refs, start: start!, metrics };
        const twin = carrier === "inline" ? await twinOf(task) : await twinInThread(task, signal);
        log.addTwin(twin);
        const text = notCompared(twin, metrics);
        if (text !== null) tell({ type: "notice", notice: serverNotice(text) });
      }
      log.write(scored);
      // Nobody writes into the directory after this, so that the manifest can cover it.
      await federation.close();
      log.complete(federation.simulation?.written ?? new Map());
      hooks.onEvent?.(scored);
    }
    return log.result((performance.now() - started) / 1000);
  } catch (error) {
    log.abort(signal.aborted ? "interrupted" : messageOf(error));
    throw error;
  } finally {
    try {
      await Promise.all([federation.close(), server.close()]);
    } finally {
      // A new one was made with a lock; that of one to be resumed is its caller's.
      if (logged === null && log.directory !== null) unlockDirectory(log.directory);
    }
  }
}
