import { mkdirSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { RunError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import type { Configuration } from "../experiment/settings.js";
import { Journal } from "./journal.js";
import { doTasks } from "./pool.js";
import { PUBLISHED_ROUNDS, type PublishedCell, readPublished } from "./published.js";
import { reproductionChart, writeReproduction } from "./reproduce-files.js";
import type { ReproducedCell, ReproducedRun, Reproduction } from "./reproduction.js";
import { spread } from "./statistics.js";
import { seedsOf } from "./sweep.js";
import type { Task } from "./task.js";
import type { Trial } from "./trial.js";

export interface ReproduceOptions {
  /** Folder of the published study. */
  readonly reference: string;
  /** Seeds of every cell. Default 200, as published. */
  readonly seeds?: number;
  /** Names of cells; all of them if omitted. */
  readonly cells?: readonly string[];
  /** Of best-lloyd's clients; default 1, as fkm has it in the published study. */
  readonly privacyThreshold?: number;
  /** Folder of the results, and of what is needed to go on later; null writes nothing. */
  readonly output?: string | null;
  readonly threads?: number | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How far from what was published, and from `central`, is near enough. */
export const BARS = {
  fkm: 0.01,
  central: 0.005,
  kFed: 0.02,
  bestLloydMean: 0.002,
  bestLloydSd: 0.003,
} as const;

const K = 16;
const LOCAL_KS = [4, 6, 8, 10, 12, 14, 16];
const TUNING_SEEDS = 5;
/** Seeds of one task: few enough to spread well, enough to make messages between threads rare. */
const SEEDS_PER_TASK = 10;

/**
 * Runs the study of Garst & Reinders (2024) again: fkm, central and k-fed as published, best-lloyd beside them,
 * and compares.
 *
 * @throws UsageError if the reference is not there; RunError if a run fails
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const loadBefore = loadavg()[0];
  const { threads = null, signal, privacyThreshold = 1 } = options;
  const seeds = seedsOf(options.seeds ?? 200);
  const published = readPublished(options.reference);
  const cells = published.filter(({ name }) => options.cells?.includes(name) ?? true);
  if (cells.length === 0)
    throw new RunError(`no cell of the study has a name in ${options.cells?.join(", ")}`);
  const output = options.output ?? null;
  if (output !== null) mkdirSync(output, { recursive: true });
  const journal = output === null ? null : new Journal(join(output, "runs.jsonl"));

  const perCell = 4 * seeds.length + LOCAL_KS.length * TUNING_SEEDS;
  let finished = 0;
  let runsDone = 0;
  const perform = async (tasks: Task[]): Promise<Trial[][]> => {
    const known = tasks.map((task) => journal?.get(task) ?? null);
    const open = [...tasks.keys()].filter((t) => known[t] === null);
    const report = (count: number) => {
      finished += count;
      options.onProgress?.(finished, perCell * cells.length);
    };
    report(tasks.reduce((sum, task, t) => sum + (known[t] === null ? 0 : task.seeds.length), 0));
    await doTasks(
      open.map((t) => tasks[t]),
      {
        threads,
        ...(signal && { signal }),
        onDone: ({ index, result }) => {
          const task = tasks[open[index]];
          known[open[index]] = result;
          if (result !== null) journal?.add(task, result);
          runsDone += task.seeds.length;
          report(task.seeds.length);
        },
      },
    ).then((done) => {
      const failed = done.find(({ error }) => error !== null);
      if (failed !== undefined) throw new RunError(`a run of the study failed: ${failed.error}`);
    });
    return known.map((result) => result!.trials);
  };

  const localKs = await tuneKFed(cells, seeds.length, perform);
  const plans = cells.flatMap((cell, c) =>
    configurationsOf(cell, localKs[c], privacyThreshold).flatMap((plan) =>
      batches(seeds).map((batch) => ({ ...plan, cell, seeds: batch, agreement: false })),
    ),
  );
  // The longest first, so that no thread is left alone with one at the end.
  const order = [...plans.keys()].sort((a, b) => plans[b].cost - plans[a].cost || a - b);
  const inOrder = await perform(order.map((p) => plans[p]));
  const trials = new Array<Trial[]>(plans.length);
  order.forEach((p, i) => {
    trials[p] = inOrder[i];
  });
  const runs = plans.flatMap((plan, p) => trials[p].map((trial, i) => runOf(plan, plan.seeds[i], trial)));
  const compared = cells.map((cell, c) =>
    compare(
      cell,
      localKs[c],
      runs.filter((run) => run.cell === cell.name),
    ),
  );
  const result: Reproduction = {
    kind: "reproduction",
    cells: compared,
    runs,
    svg: reproductionChart(compared),
    runsDone,
    seconds: 0,
    cpuSeconds: 0,
    load: [loadBefore, loadavg()[0]],
    output,
  };
  if (output !== null) writeReproduction(output, result);
  const { user, system } = process.cpuUsage(cpu);
  return { ...result, seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 };
}

interface Plan {
  algorithm: ReproducedRun["algorithm"];
  configuration: Configuration;
  central: boolean;
  scoreRounds: readonly number[];
  cost: number;
}

/** The four algorithms on one cell; the settings of the published study where it has them. */
function configurationsOf(cell: PublishedCell, kFedLocal: number, privacyThreshold: number): Plan[] {
  const shared = { data: cell.data, kGlobal: K, normalize: false, maxSilhouetteSamples: 0 };
  const lastRound = PUBLISHED_ROUNDS[PUBLISHED_ROUNDS.length - 1];
  const asPublished = configure({
    ...shared,
    asPublished: true,
    privacyThreshold: 1,
    maxIterations: lastRound - 1,
  });
  const plan = { central: false, scoreRounds: [] };
  const size = cell.pointsPerCluster / 50;
  return [
    {
      ...plan,
      algorithm: "fkm",
      // The study runs all its rounds: another draw may move means that have stood still.
      configuration: { ...asPublished, tolerance: -1 },
      scoreRounds: PUBLISHED_ROUNDS.map((round) => round - 1),
      cost: 10 + size,
    },
    { ...plan, algorithm: "central", central: true, configuration: configure(shared), cost: 2 * size },
    {
      ...plan,
      algorithm: "k-fed",
      configuration: configure({ ...shared, algorithm: "k-fed", kLocal: kFedLocal }),
      cost: size,
    },
    {
      ...plan,
      algorithm: "best-lloyd",
      configuration: configure({ ...shared, algorithm: "best-lloyd", privacyThreshold }),
      cost: 2 * size,
    },
  ];
}

/** The local k with the best mean adjusted Rand index, on seeds that the comparison does not use. */
async function tuneKFed(
  cells: readonly PublishedCell[],
  firstSeed: number,
  perform: (tasks: Task[]) => Promise<Trial[][]>,
): Promise<number[]> {
  const tuningSeeds = Array.from({ length: TUNING_SEEDS }, (_, i) => firstSeed + i);
  const trials = await perform(
    cells.flatMap((cell) =>
      LOCAL_KS.map((local) => {
        const plan = configurationsOf(cell, local, 1).find(({ algorithm }) => algorithm === "k-fed")!;
        return { ...plan, seeds: tuningSeeds, agreement: false };
      }),
    ),
  );
  return cells.map((_, c) => {
    const scores = LOCAL_KS.map(
      (_, l) => spread(trials[c * LOCAL_KS.length + l].map((t) => t.metrics.adjusted_rand_index!)).mean,
    );
    return LOCAL_KS[scores.indexOf(Math.max(...scores))];
  });
}

function batches(seeds: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(seeds.length / SEEDS_PER_TASK) }, (_, b) =>
    seeds.slice(b * SEEDS_PER_TASK, (b + 1) * SEEDS_PER_TASK),
  );
}

function runOf(plan: Plan & { cell: PublishedCell }, seed: number, trial: Trial): ReproducedRun {
  const after = (i: number) => trial.scores[i]?.mean_client_adjusted_rand_index ?? null;
  return {
    cell: plan.cell.name,
    algorithm: plan.algorithm,
    seed,
    rounds: trial.rounds,
    adjusted_rand_index: trial.metrics.adjusted_rand_index!,
    mean_client_adjusted_rand_index: trial.metrics.mean_client_adjusted_rand_index!,
    mean_client_adjusted_rand_index_round_1: after(0),
    mean_client_adjusted_rand_index_round_10: after(1),
    inertia: trial.metrics.inertia,
    bytes_to_clients: trial.bytesToClients,
    bytes_to_server: trial.bytesToServer,
  };
}

function compare(cell: PublishedCell, kFedLocal: number, runs: readonly ReproducedRun[]): ReproducedCell {
  const of = (algorithm: string, name: keyof ReproducedRun) =>
    spread(runs.filter((run) => run.algorithm === algorithm).map((run) => run[name] as number));
  const fkm = [
    of("fkm", "mean_client_adjusted_rand_index_round_1"),
    of("fkm", "mean_client_adjusted_rand_index_round_10"),
    of("fkm", "mean_client_adjusted_rand_index"),
  ];
  const central = of("central", "adjusted_rand_index");
  const kFed = of("k-fed", "adjusted_rand_index");
  const bestLloyd = of("best-lloyd", "adjusted_rand_index");
  const missed: string[] = [];
  const check = (holds: boolean, what: string, found: number, expected: number) => {
    if (!holds) missed.push(`${what}: found ${found.toFixed(4)}, against ${expected.toFixed(4)}`);
  };
  fkm.forEach(({ mean }, i) => {
    const goal = cell.fkm[i].mean;
    check(Math.abs(mean - goal) <= BARS.fkm, `fkm after round ${PUBLISHED_ROUNDS[i]}`, mean, goal);
  });
  check(
    Math.abs(central.mean - cell.central.mean) <= BARS.central,
    "central",
    central.mean,
    cell.central.mean,
  );
  check(kFed.mean >= cell.kFed.mean - BARS.kFed, "k-fed", kFed.mean, cell.kFed.mean);
  const { mean, sd } = bestLloyd;
  check(mean >= central.mean - BARS.bestLloydMean, "best-lloyd against central", mean, central.mean);
  check(
    (sd ?? 0) <= (central.sd ?? 0) + BARS.bestLloydSd,
    "standard deviation of best-lloyd against central's",
    sd ?? 0,
    central.sd ?? 0,
  );
  return { cell, fkm, central, kFed, bestLloyd, kFedLocal, missed };
}
