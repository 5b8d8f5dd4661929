import { join } from "node:path";
import { kebabCase } from "../casing.js";
import { SCALAR_METRICS } from "../directory/read-metrics.js";
import { messageOf, theSetting, UsageError } from "../errors.js";
import type { Configuration } from "../experiment/settings.js";
import { completeSettings } from "../settings/check.js";
import { clustersInUse } from "../workflow/cluster-count.js";
import { checkData } from "./check-data.js";
import { type Cell, cellsOf, type Grid } from "./grid.js";
import { Journal } from "./journal.js";
import { fewerNote, rowNotes } from "./notes.js";
import { makeOutputFolder } from "./output-folder.js";
import { doTasks } from "./pool.js";
import { seedsOf } from "./seeds.js";
import { type Spread, spread } from "./statistics.js";
import { sweepChart, writeSweep } from "./sweep-files.js";
import type { SweepCell, SweepMetric, SweepResult, SweepRun } from "./sweep-result.js";
import type { Task, TaskResult } from "./task.js";
import { hasAllClusters, type Trial } from "./trial.js";

/** What the command line can set of a sweep, beside the settings of its runs. */
export const SWEEP_OPTIONS = {
  seeds: { type: "integer", default: 10, min: 1, help: "runs of each combination, with seeds 0 to N - 1" },
  scoreRounds: { type: "integers", default: [], min: 0, help: "rounds after which the means are scored too" },
} as const;

/** Options of `sweep`, beside the settings of its runs and the grid. */
export interface SweepOptions {
  /** How many, from 0 on; or which. Default 10. */
  readonly seeds?: number | readonly number[];
  /** Rounds after which the means are also scored, e.g. [0, 9]. */
  readonly scoreRounds?: readonly number[];
  /** Folder for sweep.csv, sweep.json and sweep.svg, and for what is needed to go on later; null writes nothing. */
  readonly output?: string | null;
  /** Metric of the plot. Default the adjusted Rand index where rows have labels, else the inertia. */
  readonly plot?: SweepMetric;
  /** Worker threads; one a processor if omitted. */
  readonly threads?: number | null;
  readonly signal?: AbortSignal;
  /** Sees how many of the runs are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs every combination of the grid's values with every seed, in memory and on worker threads. The result, and
 * every byte of the files but the journal's order, is the same for any number of threads; but under differential privacy,
 * where each run draws its own noise from a budget that ends with it. Given the same output
 * folder again, what is known is not run again. A combination that cannot be run is reported, not thrown.
 *
 * @param settings shared by all runs; `data` here or in the grid
 * @param grid values to try, by setting
 * @param nameOf how the plot names a setting; as the command's options do, unless given
 * @throws UsageError for a wrong option or setting name, or where none of the data are there; the signal's reason
 *   once it is aborted
 */
export async function sweep(
  settings: Partial<Configuration>,
  grid: Grid,
  options: SweepOptions = {},
  nameOf: (setting: string) => string = kebabCase,
): Promise<SweepResult> {
  const seeds = seedsOf(options.seeds ?? SWEEP_OPTIONS.seeds.default);
  const { scoreRounds } = completeSettings({ scoreRounds: SWEEP_OPTIONS.scoreRounds }, options);
  if (settings.data == null && grid.data === undefined) {
    throw new UsageError(
      `${theSetting("data")} is missing: name the data of all runs, or several in the grid`,
    );
  }
  const cells = cellsOf(settings, grid);
  await checkData(cells.flatMap(({ configuration }) => configuration ?? []));
  const output = options.output ?? null;
  if (output !== null) makeOutputFolder(output);
  const journal = output === null ? null : new Journal(join(output, "runs.jsonl"));
  const outcomes = await runCells(cells, seeds, scoreRounds, journal, options);
  const ofPoints = outcomes.flat().some(({ trial }) => trial?.metricsOfPoints != null) ? OF_POINTS : [];
  const names = scoreNames(scoreRounds, ofPoints);
  const runs = cells.flatMap((cell, c) =>
    seeds.map((seed, s) => runOf(cell, seed, outcomes[c][s], scoreRounds, ofPoints)),
  );
  const summary = cells.map((cell, c) =>
    summarize(cell, runs.slice(c * seeds.length, (c + 1) * seeds.length), outcomes[c], names),
  );
  const svg = sweepChart(Object.keys(grid), summary, options.plot ?? null, nameOf);
  if (output !== null) writeSweep(output, Object.keys(grid), runs, summary, names, svg);
  const notices = [...new Set(outcomes.flat().flatMap((outcome) => outcome.notices ?? []))];
  return { kind: "sweep", runs, summary, notices, svg, output };
}

type Outcome = ({ trial: Trial; error: null } | { trial: null; error: string }) & {
  readonly notices?: readonly string[];
};

async function runCells(
  cells: readonly Cell[],
  seeds: readonly number[],
  scoreRounds: readonly number[],
  journal: Journal | null,
  { threads, signal, onProgress }: SweepOptions,
): Promise<Outcome[][]> {
  const outcomes: Outcome[][] = cells.map(({ error }) =>
    seeds.map(() => ({ trial: null, error: error ?? "not run" })),
  );
  const total = cells.length * seeds.length;
  let finished = cells.filter((cell) => cell.error !== null).length * seeds.length;
  const tasks: Task[] = [];
  const places: [cell: number, seed: number][] = [];
  cells.forEach(({ configuration, central }, c) => {
    if (configuration === null) return;
    seeds.forEach((seed, s) => {
      const task = { configuration, central, scoreRounds, seeds: [seed], agreement: false, goesOn: false };
      let known: TaskResult | undefined;
      try {
        known = journal?.get(task);
      } catch (error) {
        outcomes[c][s] = { trial: null, error: messageOf(error) };
        finished += 1;
        return;
      }
      if (known !== undefined) {
        outcomes[c][s] = { trial: known.trials[0], error: null, notices: known.notices };
        finished += 1;
        return;
      }
      tasks.push(task);
      places.push([c, s]);
    });
  });
  onProgress?.(finished, total);
  await doTasks(tasks, {
    threads: threads ?? null,
    signal,
    onDone: ({ index, result, error }) => {
      const [c, s] = places[index];
      outcomes[c][s] =
        result === null
          ? { trial: null, error }
          : { trial: result.trials[0], error: null, notices: result.notices };
      if (result !== null) journal?.add(tasks[index], result);
      finished += 1;
      onProgress?.(finished, total);
    },
  });
  return outcomes;
}

function runOf(
  { keys }: Cell,
  seed: number,
  { trial, error }: Outcome,
  scoreRounds: readonly number[],
  ofPoints: readonly PointMetric[],
): SweepRun {
  const run: SweepRun = {
    ...keys,
    seed,
    status: trial === null ? "failed" : "completed",
    error,
    rounds: trial?.rounds ?? null,
    converged: trial?.converged ?? null,
    nClusters: trial === null ? null : clustersInUse(trial.metrics.clusterSizes),
    nSamplesInInertia: trial?.metrics.nSamplesInInertia ?? null,
    bytesToClients: trial?.bytesToClients ?? null,
    bytesToServer: trial?.bytesToServer ?? null,
  };
  for (const metric of SCALAR_METRICS) run[metric] = trial?.metrics[metric] ?? null;
  for (const metric of ofPoints) run[`${metric}OfPoints`] = trial?.metricsOfPoints?.[metric] ?? null;
  scoreRounds.forEach((round, i) => {
    const metrics = trial?.scores[i];
    for (const metric of SCORED) run[`${metric}Round${round}`] = metrics?.[metric] ?? null;
  });
  return run;
}

/** Metrics of the means of a round in between. */
const SCORED = ["inertia", "adjustedRandIndex", "meanClientAdjustedRandIndex"] as const;

/** Metrics of the points, where such stand for several rows each. */
const OF_POINTS = ["inertia", "simplifiedSilhouetteScore", "adjustedRandIndex"] as const;

type PointMetric = (typeof OF_POINTS)[number];

function scoreNames(scoreRounds: readonly number[], ofPoints: readonly PointMetric[]): string[] {
  return [
    "rounds",
    "bytesToClients",
    "bytesToServer",
    ...SCALAR_METRICS,
    ...ofPoints.map((metric) => `${metric}OfPoints`),
    ...scoreRounds.flatMap((round) => SCORED.map((metric) => `${metric}Round${round}`)),
  ];
}

function summarize(
  { keys, configuration }: Cell,
  runs: readonly SweepRun[],
  outcomes: readonly Outcome[],
  names: readonly string[],
): SweepCell {
  const failed = runs.filter((run) => run.status === "failed");
  const trials = outcomes.flatMap(({ trial }) => trial ?? []);
  const fewer = trials.filter((trial) => !hasAllClusters(trial, configuration!));
  const isCompared = ({ trial }: Outcome) => trial !== null && hasAllClusters(trial, configuration!);
  const compared = runs.filter((_, i) => isCompared(outcomes[i]));
  const metrics: Record<string, Spread> = {};
  for (const name of names) {
    const values = compared.map((run) => run[name]).filter((value) => typeof value === "number");
    if (values.length > 0) metrics[name] = spread(values);
  }
  return {
    keys,
    nCompleted: runs.length - failed.length,
    nFailed: failed.length,
    nFewerClusters: fewer.length,
    error: failed[0]?.error ?? null,
    notes: [...fewerNote(fewer, runs.length, configuration), ...rowNotes(trials)],
    metrics,
  };
}
