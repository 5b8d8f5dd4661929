import { unlockDirectory } from "../directory/lock.js";
import type { LoggedExperiment } from "../directory/read-experiment.js";
import type { DeploymentRecord } from "../directory/summary.js";
import { messageOf } from "../errors.js";
import type { Federation } from "../federation/federation.js";
import type { RunEvent } from "../federation/run-event.js";
import { serve } from "../federation/server.js";
import type { Checkpoint, ServerOptions } from "../federation/server-options.js";
import { removeTemporaries } from "../files/leftovers.js";
import type { Matrix } from "../numerics/matrix.js";
import { KMeansThreads } from "../threads/k-means-threads.js";
import type { Agreement } from "../workflow/agreement.js";
import { traceOf } from "../workflow/clustering/cycle.js";
import type { Silhouettes } from "../workflow/evaluate.js";
import type { Notice } from "../workflow/notice.js";
import { ExperimentLog } from "./experiment-log.js";
import { checkSameShapes } from "./partitions.js";
import { provenanceNow, provenanceResumed } from "./provenance.js";
import type { RunResult } from "./result.js";
import type { Evaluation } from "./rows-metrics.js";
import type { Earlier } from "./run-summary.js";
import { checkSameBounds } from "./same-bounds.js";
import type { Configuration } from "./settings.js";

/** What a caller may hand a run beside its settings. */
export interface RunHooks {
  /** Ends the run: its threads are stopped and the directory is marked aborted. */
  readonly signal?: AbortSignal;
  /** Sees every event after it has been written. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Is told the experiment directory once there is one. */
  readonly onDirectory?: (path: string) => void;
  /** The command line that asked for it, an argument each; the directory records it. */
  readonly command?: readonly string[];
}

/** An experiment that was cut short, to go on with. */
export type Logged = LoggedExperiment & Earlier;

/** A run that is ready to begin: its clients, wherever they are, and what only a simulation adds. */
export interface Prepared {
  /** Is closed by the run. */
  readonly federation: Federation;
  readonly configuration: Configuration;
  /** How clients on other machines are reached; absent of a simulation. */
  readonly deployment?: DeploymentRecord;
  readonly options: ServerOptions;
  /** Threads that the server clusters on. */
  readonly threads: number;
  readonly notices: readonly Notice[];
  /** What a simulation knows of its clients that they tell no server. */
  describe?(agreement: Agreement, signal: AbortSignal): Promise<Agreement>;
  /** Before the first request. */
  begin?(log: ExperimentLog, signal: AbortSignal): Promise<void>;
  /** The exact silhouette, asked for by the server where clients compute from rows. */
  silhouettes?(log: ExperimentLog, signal: AbortSignal): Silhouettes;
  /** What the evaluation comes to with what clients cannot give a server. */
  score?(event: Evaluation, of: Scoring): Promise<Evaluation>;
}

/** What an evaluation is of. */
export interface Scoring {
  readonly log: ExperimentLog;
  /** (k, p) the means of round 0. */
  readonly start: Matrix;
  /** Tells of an event before the evaluation. */
  readonly tell: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a federation and writes its experiment directory.
 *
 * @param logged what to go on from; null begins at round 0
 * @throws RunError if the clients or their data will not do; the signal's reason if it is aborted. Until the handshake
 *   nothing is written; after it the directory says "aborted".
 */
export async function execute(
  { federation, configuration, deployment, options, threads, notices, ...simulated }: Prepared,
  logged: Logged | null,
  hooks: RunHooks,
  started: number,
): Promise<RunResult> {
  const signal = hooks.signal ?? new AbortController().signal;
  const command = hooks.command ?? null;
  const provenance =
    logged === null ? provenanceNow(command) : provenanceResumed(logged.summary.provenance, command);
  const log = new ExperimentLog(configuration, federation, deployment ?? null, provenance, logged);
  const server = new KMeansThreads(threads, signal);
  try {
    signal.throwIfAborted();
    await simulated.begin?.(log, signal);
    if (logged !== null) removeTemporaries(logged.directory);
    let start = logged?.rounds[0]?.means;
    const tell = (event: RunEvent) => {
      log.write(event);
      if (event.type === "handshake") hooks.onDirectory?.(log.directory!);
      hooks.onEvent?.(event);
    };
    for await (const told of serve(federation, options, {
      checkpoint: checkpointOf(logged),
      ...(simulated.silhouettes && { silhouettes: simulated.silhouettes(log, signal) }),
      signal,
      cluster: server.kMeans.bind(server),
      notices,
    })) {
      const event = await described(told, simulated.describe, signal);
      if (event.type === "handshake" && logged !== null) {
        checkSameShapes(logged.directory, logged.summary.clients, event.agreement.clients);
        checkSameBounds(logged.directory, event.agreement);
      }
      if (event.type === "round") start ??= event.round.global.means;
      if (event.type !== "evaluation") {
        tell(event);
        continue;
      }
      const scored = (await simulated.score?.(event, { log, start: start!, tell, signal })) ?? event;
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

async function described(
  event: RunEvent,
  describe: Prepared["describe"],
  signal: AbortSignal,
): Promise<RunEvent> {
  if (event.type !== "handshake" || describe === undefined) return event;
  return { ...event, agreement: await describe(event.agreement, signal) };
}

function checkpointOf(logged: Logged | null): Checkpoint | null {
  const last = logged?.rounds.at(-1);
  if (last === undefined) return null;
  return { ...last, traces: logged!.rounds.map(({ means, inertia }) => traceOf(means, inertia)) };
}
