import { layoutOf } from "../../directory/layout.js";
import { type LoggedRound, readWholeExperiment } from "../../directory/read-experiment.js";
import type { LoggedSummary } from "../../directory/read-summary.js";
import type { EnvironmentRecord } from "../../directory/summary.js";
import { RunError, theSetting } from "../../errors.js";
import type { RunEvent } from "../../federation/run-event.js";
import { inTemporaryFolder } from "../../files/temporary-folder.js";
import { configurationOfRecord } from "../configuration.js";
import { execute, type RunHooks } from "../execute.js";
import { environmentNow } from "../provenance.js";
import { dataOfRun, recordedStart } from "../recorded-data.js";
import type { RunResult } from "../result.js";
import type { ResumeSettings } from "../run.js";
import { prepareSimulation } from "../simulation.js";
import { type MetricDifference, resultDifferences, transformDifference } from "./compare-results.js";
import { type ArrayDifference, type RerunDifference, roundDifference } from "./compare-round.js";

/** What came of running a run again. */
export interface Rerun {
  /** Tells it from other results. */
  readonly kind: "rerun";
  readonly experimentDir: string;
  /** Of the recorded run: of one that is not completed the rounds alone are compared, as far as it has come. */
  readonly status: LoggedSummary["status"];
  /** Whether everything that is recorded came out again, bit by bit: rounds, final means and metrics. */
  readonly isSame: boolean;
  /** Whole rounds of the recorded run, the start included. */
  readonly rounds: number;
  /** Over these rounds. */
  readonly runHash: string;
  /** Of the run again; null where it was ended at the first difference, or once every recorded round had come out. */
  readonly foundHash: string | null;
  /** The first array that differs; null where none of a round does. */
  readonly difference: RerunDifference | null;
  /** Of the final means, on the original scale; null where they are the same, or where there are none to compare. */
  readonly finalMeans: ArrayDifference | null;
  /** The metrics that differ. */
  readonly metrics: readonly MetricDifference[];
  /** The program and the machine that made the run; null where the directory does not say. */
  readonly recordedEnvironment: EnvironmentRecord | null;
  readonly environment: EnvironmentRecord;
}

/** Ends a run of which enough is known; nobody outside sees it. */
class Enough extends Error {}

/**
 * Runs the run of an experiment directory again, with the settings that it records and on the data that it began with, and
 * compares. Nothing is written into the directory; what the run again writes is removed.
 *
 * @param execution how to run it: carrier, threads, deadline; and data, if the files have moved or the rows were in memory
 * @throws RunError if the directory is none, is damaged, holds no whole round, or cannot be run again here; if the data are
 *   not those that it began with; the signal's reason if it is aborted
 */
export async function rerun(
  directory: string,
  execution: ResumeSettings = {},
  hooks: Pick<RunHooks, "signal" | "onEvent"> = {},
): Promise<Rerun> {
  const { summary, rounds, torn, hash } = readWholeExperiment(directory);
  checkCanRunAgain(directory, summary);
  if (torn !== null && summary.status === "completed") throw new RunError(torn.problem);
  if (rounds.length === 0) {
    throw new RunError(`${directory} holds no whole round (status ${summary.status}): nothing to compare`);
  }
  const runHash = hash.digest();
  const expected = summary.results?.run_hash ?? runHash;
  if (expected !== runHash) {
    throw new RunError(`${directory}: run hash ${expected} expected, found ${runHash}`);
  }
  const found = await inTemporaryFolder("fedkmeans-rerun", (folder) =>
    runAgain(directory, summary, rounds, { ...execution, logDir: folder }, hooks),
  );
  return {
    kind: "rerun",
    experimentDir: directory,
    status: summary.status,
    isSame: found.difference === null && found.finalMeans === null && found.metrics.length === 0,
    rounds: rounds.length,
    runHash,
    ...found,
    recordedEnvironment: summary.provenance.environment,
    environment: environmentNow(),
  };
}

type Found = Pick<Rerun, "difference" | "finalMeans" | "metrics" | "foundHash">;

async function runAgain(
  directory: string,
  summary: LoggedSummary,
  rounds: readonly LoggedRound[],
  execution: ResumeSettings & { logDir: string },
  hooks: Pick<RunHooks, "signal" | "onEvent">,
): Promise<Found> {
  const started = performance.now();
  const given = Object.fromEntries(Object.entries(execution).filter(([, value]) => value != null));
  const data = execution.data ?? dataOfRun(directory);
  const configuration = configurationOfRecord(
    summary.configuration,
    // What no array of a round, and no metric, rests on.
    {
      ...recordedStart(summary),
      ...given,
      data,
      twin: false,
      stability: 0,
      saveLabels: false,
      recordLedger: false,
    },
    `${directory}/experiment_summary.json`,
  );
  const prepared = await prepareSimulation(configuration, { directory, summary }, "run again");
  const layout = layoutOf(directory, summary.clients);
  const isCompleted = summary.status === "completed";
  let again = "";
  let difference: RerunDifference | null = null;

  const compare = (event: RunEvent) => {
    if (event.type !== "round") return;
    const { round } = event.round;
    const logged = rounds[round];
    const ofTransform = round === 0 ? transformDifference(directory, again) : null;
    if (ofTransform !== null) difference = { round: null, client: null, ...ofTransform };
    else if (logged === undefined) difference = ofEnd(round, "the recorded run had ended before it");
    else difference = roundDifference(layout, logged, event.round);
    const isLast = !isCompleted && round === rounds.length - 1;
    if (difference !== null || isLast) throw new Enough();
  };

  let result: RunResult;
  try {
    result = await execute(
      prepared,
      null,
      {
        ...hooks,
        onDirectory: (path) => {
          again = path;
        },
        onEvent(event) {
          hooks.onEvent?.(event);
          compare(event);
        },
      },
      started,
    );
  } catch (error) {
    if (error instanceof Enough) return { difference, finalMeans: null, metrics: [], foundHash: null };
    throw error;
  }
  if (result.rounds + 1 < rounds.length || !isCompleted) {
    difference = ofEnd(result.rounds + 1, "the run again had ended before it");
    return { difference, finalMeans: null, metrics: [], foundHash: result.runHash };
  }
  return { difference, ...resultDifferences(directory, again), foundHash: result.runHash };
}

function ofEnd(round: number, problem: string): RerunDifference {
  return { round, client: null, array: "global_means", problem, largest: null };
}

function checkCanRunAgain(directory: string, summary: LoggedSummary): void {
  const cannot = (why: string) => new RunError(`${directory} cannot be run again: ${why}`);
  if (!summary.isOurs) throw cannot("its summary has no schema_version, so another program wrote it");
  if (summary.deployment !== null) throw cannot("its clients are on other machines, and so are their rows");
  if (summary.isExport)
    throw cannot("it is an export, which says nothing of the rows: run the directory it is of");
  if (summary.configuration.privacy === "dp") {
    throw cannot(
      `its clients answered with noise (${theSetting("privacy")} dp), which nobody can draw again: other noise would ` +
        "spend the rows' budget once more, and differ; verify checks its files",
    );
  }
}
