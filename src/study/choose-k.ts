import { join } from "node:path";
import { SCHEMA_VERSION } from "../directory/layout.js";
import { nameSettingsInFile, RunError, theSetting, UsageError } from "../errors.js";
import { configure } from "../experiment/configuration.js";
import type { Configuration } from "../experiment/settings.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { chart, type Panel } from "../markup/chart.js";
import { checkData } from "./check-data.js";
import { failureNotes, notesOf, rowNotes } from "./notes.js";
import { makeOutputFolder } from "./output-folder.js";
import { doTasks } from "./pool.js";
import { type Spread, spread } from "./statistics.js";
import { seedsOf } from "./sweep.js";
import { csv } from "./sweep-files.js";
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

/** One number of clusters, over the runs that ended with as many clusters: others cannot be compared. */
export interface KScore {
  k: number;
  /** How many runs that are. */
  nRuns: number;
  inertia: Spread;
  /** null for one cluster. */
  simplifiedSilhouette: Spread | null;
  /** Mean adjusted Rand index between the clusterings of two seeds; null for one cluster, or of one run. */
  stability: number | null;
}

/** What `chooseK` found: three criteria, and a verdict on them. */
export interface KChoice {
  /** Tells it from other results. */
  readonly kind: "choice of k";
  /** Of the numbers of clusters that could be run and compared. */
  scores: KScore[];
  /** What could not be run or compared, and of how many rows a figure is, where not of all: a line each. */
  notes: string[];
  /** What each criterion would choose; null where it has nothing to say. */
  byInertia: number | null;
  bySilhouette: number | null;
  byStability: number | null;
  /** Where at least two of the three agree; null where none do. */
  k: number | null;
  /** Agreement or disagreement, in words. */
  verdict: string;
  /** An SVG document. */
  svg: string;
  output: string | null;
}

/** Runs agree as well as the best if they agree by at most this less. */
const STABILITY_MARGIN = 0.01;

/**
 * Runs a federation for each number of clusters and each seed, and says how many clusters the rows speak for:
 * where the inertia bends, where the simplified silhouette is highest, and how many clusters the seeds still
 * agree on. Each criterion can mislead alone, so all are shown. Nothing is pooled: each number comes from the
 * messages of the runs; that the seeds' clusterings can be compared takes a simulation.
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
    const configuration = configure({ maxSilhouetteSamples: 0, ...settings, kGlobal });
    return { configuration, central: false, scoreRounds: [], seeds, agreement: true, goesOn: true };
  });
  await checkData(tasks.map(({ configuration }) => configuration));
  // Before the runs: a place that cannot be written to must not cost them.
  const removeFolder = output === null ? () => {} : makeOutputFolder(output);
  let finished = 0;
  onProgress?.(0, tasks.length * seeds.length);
  const done = await doTasks(tasks, {
    threads,
    ...(signal && { signal }),
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
      ...notes,
      ...perK,
      ...rowNotes(done.flatMap(({ result }) => result?.trials ?? [])),
    ],
    ...choose(scores),
  };
  const svg = choiceChart(choice);
  if (output !== null) write(output, choice, svg);
  return { kind: "choice of k", ...choice, svg, output };
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

type Choice = Pick<KChoice, "byInertia" | "bySilhouette" | "byStability" | "k" | "verdict">;

/** What the scores say, each criterion alone and together. */
export function choose(scores: readonly KScore[]): Choice {
  if (scores.length === 0) {
    const verdict = "No number of clusters could be compared.";
    return { byInertia: null, bySilhouette: null, byStability: null, k: null, verdict };
  }
  const byInertia = knee(scores);
  const bySilhouette = best(scores, (score) => score.simplifiedSilhouette?.mean ?? null);
  const mostStable = Math.max(...scores.map((score) => score.stability ?? -Infinity));
  // Fewer clusters tend to be more stable, so of the most stable numbers the largest counts.
  const stable = scores.filter(
    ({ stability }) => stability !== null && stability >= mostStable - STABILITY_MARGIN,
  );
  const byStability = stable.at(-1)?.k ?? null;
  const votes = [byInertia, bySilhouette, byStability].filter((k) => k !== null);
  const k = votes.find((vote, i) => votes.indexOf(vote) < i) ?? null;
  const said = [
    byInertia === null ? "the inertia shows no bend" : `the inertia bends most at ${byInertia}`,
    bySilhouette === null
      ? "there is no silhouette"
      : `the simplified silhouette is highest at ${bySilhouette} ` +
        `(${three(scores.find((score) => score.k === bySilhouette)!.simplifiedSilhouette!.mean)})`,
    byStability === null
      ? "there is no stability"
      : `seeds agree best, up to ${byStability} clusters ` +
        `(adjusted Rand index ${three(scores.find((score) => score.k === byStability)!.stability!)})`,
  ];
  const all = votes.length === 3 && votes.every((vote) => vote === votes[0]);
  const lead = all
    ? `All three criteria speak for ${k} clusters`
    : k !== null
      ? `Two of three criteria speak for ${k} clusters, the third does not`
      : "The criteria disagree: look at the plot, and at what the clusters mean";
  return { byInertia, bySilhouette, byStability, k, verdict: `${lead}: ${said.join("; ")}.` };
}

/**
 * Where the inertia bends most: the farthest point below the straight line between its ends, both axes scaled
 * to 0..1.
 *
 * @see Satopaa et al., Finding a "kneedle" in a haystack, ICDCS Workshops 2011
 */
function knee(scores: readonly KScore[]): number | null {
  const first = scores[0];
  const last = scores[scores.length - 1];
  const drop = first.inertia.mean - last.inertia.mean;
  if (scores.length < 3 || drop <= 0) return null;
  return best(scores.slice(1, -1), ({ k, inertia }) => {
    const across = (k - first.k) / (last.k - first.k);
    return (first.inertia.mean - inertia.mean) / drop - across;
  });
}

function best(scores: readonly KScore[], of: (score: KScore) => number | null): number | null {
  let found: { k: number; value: number } | null = null;
  for (const score of scores) {
    const value = of(score);
    if (value !== null && (found === null || value > found.value)) found = { k: score.k, value };
  }
  return found?.k ?? null;
}

function choiceChart(choice: { scores: readonly KScore[] } & Choice): string {
  const panel = (
    title: string,
    yLabel: string,
    mark: number | null,
    of: (score: KScore) => Pick<Spread, "mean" | "low" | "high"> | null,
  ): Panel => ({
    title,
    xLabel: "number of clusters",
    yLabel,
    mark,
    series: [
      {
        name: "",
        points: choice.scores.flatMap((score) => {
          const value = of(score);
          if (value === null) return [];
          const { mean, low, high } = value;
          return [{ x: score.k, y: mean, low, high }];
        }),
      },
    ],
  });
  const one = (mean: number | null) => (mean === null ? null : { mean, low: null, high: null });
  return chart([
    panel(
      `Inertia: bends most at ${choice.byInertia ?? "none"}`,
      "inertia",
      choice.byInertia,
      (s) => s.inertia,
    ),
    panel(
      `Simplified silhouette: highest at ${choice.bySilhouette ?? "none"}`,
      "simplified silhouette",
      choice.bySilhouette,
      (s) => s.simplifiedSilhouette,
    ),
    panel(
      `Agreement of seeds: best up to ${choice.byStability ?? "none"}`,
      "adjusted Rand index",
      choice.byStability,
      (s) => one(s.stability),
    ),
  ]);
}

/** Of choose-k.csv. */
const COLUMNS = [
  "k",
  "n_runs",
  "inertia_mean",
  "inertia_sd",
  "simplified_silhouette_score_mean",
  "simplified_silhouette_score_sd",
  "stability",
] as const;

function write(
  output: string,
  choice: { scores: readonly KScore[]; notes: readonly string[] } & Choice,
  svg: string,
): void {
  const rows = choice.scores.map(({ k, nRuns, inertia, simplifiedSilhouette, stability }) => ({
    k,
    n_runs: nRuns,
    inertia_mean: inertia.mean,
    inertia_sd: inertia.sd,
    simplified_silhouette_score_mean: simplifiedSilhouette?.mean ?? null,
    simplified_silhouette_score_sd: simplifiedSilhouette?.sd ?? null,
    stability,
  }));
  const { byInertia, bySilhouette, byStability, k, verdict } = choice;
  const document = {
    schema_version: SCHEMA_VERSION,
    k,
    by_inertia: byInertia,
    by_silhouette: bySilhouette,
    by_stability: byStability,
    verdict,
    notes: choice.notes,
    scores: rows,
  };
  writeFileAtomically(join(output, "choose-k.csv"), csv(COLUMNS, rows));
  const json = nameSettingsInFile(JSON.stringify(document, null, 2));
  writeFileAtomically(join(output, "choose-k.json"), `${json}\n`);
  writeFileAtomically(join(output, "choose-k.svg"), svg);
}

function three(value: number): string {
  return value.toFixed(3);
}
