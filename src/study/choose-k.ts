import { RunError, theSetting, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import type { Configuration } from "../experiment/settings.js";
import { checkData } from "./check-data.js";
import { choiceChart, writeChoice } from "./choose-k-files.js";
import { choose } from "./criteria.js";
import { STUDY_DEFAULTS } from "./grid.js";
import type { KChoice, KScore } from "./k-choice.js";
import { failureNotes, notesOf, rowNotes } from "./notes.js";
import { makeOutputFolder } from "./output-folder.js";
import { doTasks } from "./pool.js";
import { seedsOf } from "./seeds.js";
import { spread } from "./statistics.js";
import type { Task, TaskResult } from "./task.js";
import { hasAllClusters } from "./trial.js";

/** What the command line can set of a choice of k, beside the settings of its runs. */
export const CHOOSE_K_OPTIONS = {
  kMin: { type: "integer", default: 2, min: 1, help: "fewest clusters" },
  kMax: { type: "integer", default: 10, min: 2, help: "most clusters" },
  seeds: { type: "integer", default: 10, min: 2, help: "runs of each number" },
} as const;

/** Options of `chooseK`, beside the settings of its runs. */
export interface ChooseKOptions {
  /** Numbers of clusters to try, increasing. Default 2 to 10. */
  readonly kValues?: readonly number[];
  /** How many seeds, from 0 on; or which. At least two. Default 10. */
  readonly seeds?: number | readonly number[];
  /** Folder for choose-k.csv, choose-k.json and choose-k.svg; null writes nothing. */
  readonly output?: string | null;
  readonly threads?: number | null;
  readonly signal?: AbortSignal;
  /** Sees how many of the runs are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs a federation for each number of clusters and each seed, and says how many clusters the rows speak for:
 * where the inertia bends, where the simplified silhouette is highest, and how many clusters the seeds still
 * agree on. Each criterion can mislead alone, so all are shown. Nothing is pooled: each number comes from messages; that
 * the seeds' clusterings can be compared, and that rows are scored where groups stand for them, takes a simulation.
 *
 * @param settings as of `run`; `data` at least. An algorithm that seldom finds another optimum, as best-lloyd, has
 *   stability say little
 * @throws UsageError for a wrong setting; RunError if no number of clusters could be run; the signal's reason once
 *   it is aborted. A number that cannot be run, or of which no run has as many clusters, is reported, not thrown
 */
export async function chooseK(
  settings: Partial<Configuration> & Pick<Configuration, "data">,
  options: ChooseKOptions = {},
): Promise<KChoice> {
  const { kMin, kMax } = CHOOSE_K_OPTIONS;
  const kValues = options.kValues ?? kBetween(kMin.default, kMax.default);
  if (kValues.length < 2 || !kValues.every((k, i) => Number.isSafeInteger(k) && k > (kValues[i - 1] ?? 0))) {
    throw new UsageError(
      `kValues must be at least two increasing integers of at least 1, found ${JSON.stringify(kValues)}`,
    );
  }
  const seeds = seedsOf(options.seeds ?? CHOOSE_K_OPTIONS.seeds.default);
  if (seeds.length < 2)
    throw new UsageError(`${theSetting("seeds")} must be at least 2: stability compares seeds`);
  const { threads = null, signal, onProgress, output = null } = options;
  const tasks = kValues.map((kGlobal): Task => {
    const configuration = configure({ ...STUDY_DEFAULTS, ...settings, kGlobal });
    if (configuration.privacy === "dp") {
      throw new UsageError(
        `${theSetting("privacy")} must be groups or threshold to choose k, found dp: each k that is tried would have to be paid for`,
      );
    }
    return { configuration, central: false, scoreRounds: [], seeds, agreement: true, goesOn: true };
  });
  await checkData(tasks.map(({ configuration }) => configuration));
  // Before the runs: a place that cannot be written to must not cost them.
  const removeFolder = output === null ? () => {} : makeOutputFolder(output);
  let finished = 0;
  onProgress?.(0, tasks.length * seeds.length);
  const done = await doTasks(tasks, {
    threads,
    signal,
    onDone: () => onProgress?.((finished += seeds.length), tasks.length * seeds.length),
  });
  if (done.every(({ result }) => result === null)) {
    removeFolder();
    throw new RunError(`no number of clusters could be run: k = ${kValues[0]}: ${done[0].error}`);
  }
  const scores = done.flatMap(({ result }, i) => scoreOf(tasks[i].configuration, result) ?? []);
  const notes = failureNotes(kValues, done);
  const perK = done.flatMap((one, i) => notesOf(tasks[i].configuration, seeds.length, one));
  const choice = {
    scores,
    notes: [
      ...new Set(done.flatMap(({ result }) => result?.notices ?? [])),
      ...ofRows(tasks[0].configuration),
      ...notes,
      ...perK,
      ...rowNotes(done.flatMap(({ result }) => result?.trials ?? [])),
    ],
    ...choose(scores),
  };
  const svg = choiceChart(choice, ofRows(tasks[0].configuration).length > 0);
  if (output !== null) writeChoice(output, choice, svg);
  return { kind: "choice of k", ...choice, svg, output };
}

/** A line on whose the scores are, where they could be of either. */
function ofRows({ groupSize }: Configuration): string[] {
  if (groupSize === null || groupSize === 1) return [];
  return [
    `scores are of rows; clients computed from groups of them (${theSetting("groupSize")} ${groupSize})`,
  ];
}

/** Every number of clusters from the fewest to the most. */
export function kBetween(fewest: number, most: number): number[] {
  return Array.from({ length: most - fewest + 1 }, (_, i) => fewest + i);
}

/** null where no run ended with as many clusters as were asked for. */
function scoreOf(configuration: Configuration, result: TaskResult | null): KScore | null {
  const k = configuration.kGlobal;
  const trials = result?.trials.filter((trial) => hasAllClusters(trial, configuration)) ?? [];
  if (trials.length === 0) return null;
  const silhouettes = trials.map(({ metrics }) => metrics.simplifiedSilhouetteScore);
  return {
    k,
    nRuns: trials.length,
    inertia: spread(trials.map(({ metrics }) => metrics.inertia)),
    simplifiedSilhouette: k === 1 || silhouettes.includes(null) ? null : spread(silhouettes as number[]),
    stability: k === 1 ? null : result!.agreement,
  };
}
