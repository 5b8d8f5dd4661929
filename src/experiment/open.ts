import { existsSync } from "node:fs";
import { haveGroups, mayWithhold } from "../directory/clients.js";
import { shownJson } from "../directory/json-object.js";
import { layoutOf } from "../directory/layout.js";
import { readMatrix } from "../directory/read-array.js";
import { type Rounds, readExperiment, readExperimentFacts } from "../directory/read-experiment.js";
import { type LoggedEvaluation, readMetrics } from "../directory/read-metrics.js";
import type { RoundFacts } from "../directory/read-round.js";
import { type LoggedSummary, readSummary } from "../directory/read-summary.js";
import { RunError, UsageError } from "../errors.js";
import type { Matrix } from "../numerics/matrix.js";

/** A run's result, or the path of its experiment directory. */
export type ExperimentLike = string | { readonly experimentDir: string };

/** What an experiment directory holds, whether its run was completed, aborted or is still going on. */
export interface Experiment {
  /** Tells it from other results. */
  readonly kind: "experiment";
  experimentDir: string;
  /** "unknown" where the summary, another program's, does not say. */
  status: "running" | "completed" | "aborted" | "unknown";
  /** Why an aborted run ended; null otherwise. */
  reason: string | null;
  /** Settings that decide the result, by the names files use, e.g. `k_global`. */
  configuration: Record<string, unknown>;
  /** Rows, and the points that stand for them: as many where each row is one; null where the directory does not say. */
  clients: { name: string; nSamples: number | null; nPoints: number | null }[];
  featureNames: readonly string[] | null;
  /** null where neither the summary nor a round says. */
  nFeatures: number | null;
  rounds: ExperimentRound[];
  /** The round whose means are the final ones; null unless the run was completed. */
  finalRound: number | null;
  /** null unless the run was completed; each of them null where it is not known. */
  metrics: LoggedEvaluation | null;
  /** (k, d) on the original scale; null unless the run was completed. */
  finalMeans: Matrix | null;
}

/** One round of an experiment, as its directory has it. */
export interface ExperimentRound extends RoundOutcome {
  /** (k, p) in the units clustered in. */
  means: Matrix;
}

/** What came of one round. */
export interface RoundOutcome {
  round: number;
  /** How far they moved in this round; null in round 0. */
  convergenceChange: number | null;
  /** Of all that is clustered, under these means; null where it is not known. */
  inertia: number | null;
  /** What is clustered: the rows, or the points that stand for them. */
  inertiaOf: "rows" | "points";
  /** Clients that missed the round. */
  dropped: string[];
  /** Means that a privacy threshold kept back in it; left out where clients hold to groups, which keep none back. */
  meansWithheld?: number;
}

/**
 * Reads an experiment directory and checks its global means against their SHA-256; `verify` checks every file. It may
 * be of a run that was interrupted: whole rounds are there, up to the last. It may be of another program: what its
 * files do not say is null.
 *
 * @throws RunError if it is none, or if a file is not what it should be
 * @example fk.display(fk.open("logs/experiment_20251107_160054"));
 */
export function open(experiment: ExperimentLike): Experiment {
  const directory = directoryOf(experiment);
  const { summary, rounds, torn } = readExperiment(directory);
  const outcomes = outcomesOf(summary, rounds, torn);
  const { status, results, configuration } = summary;
  const width = configuration.pca_components == null ? (rounds[0]?.means.nColumns ?? null) : null;
  const nFeatures = summary.n_features ?? width;
  return {
    kind: "experiment",
    experimentDir: directory,
    status,
    reason: summary.reason,
    configuration,
    clients: summary.clients.map(({ name, n_samples, n_points }) => ({
      name,
      nSamples: n_samples,
      nPoints: n_points,
    })),
    featureNames: namesOf(summary, nFeatures),
    nFeatures,
    rounds: outcomes.map(({ round, ...outcome }, i) => ({ round, means: rounds[i].means, ...outcome })),
    finalRound: results?.final_round ?? null,
    ...readFinal(directory, summary, nFeatures),
  };
}

/**
 * What came of an experiment's rounds, by their metadata alone: no array is read or checked.
 *
 * @throws RunError if there is no summary, or if a file is not what it should be
 */
export function openRounds(experiment: ExperimentLike): RoundOutcome[] {
  const { summary, rounds, torn } = readExperimentFacts(directoryOf(experiment));
  return outcomesOf(summary, rounds, torn);
}

/** @throws RunError if the run is completed and a round of it is torn */
function outcomesOf(
  summary: LoggedSummary,
  rounds: readonly RoundFacts[],
  torn: Rounds<unknown>["torn"],
): RoundOutcome[] {
  if (torn !== null && summary.status === "completed") throw new RunError(torn.problem);
  const inertiaOf = haveGroups(summary.clients) ? "points" : "rows";
  const recorded = new Map(summary.convergence_history.map(({ round, inertia }) => [round, inertia]));
  return rounds.map(({ round, convergenceChange, dropped, withheld }, i) => ({
    round,
    convergenceChange,
    // What the next round's messages said of these means; of the last ones the evaluation said it.
    inertia: rounds[i + 1]?.inertia ?? recorded.get(round) ?? null,
    inertiaOf,
    dropped: dropped.map(({ client }) => client),
    ...(mayWithhold(summary.clients) && {
      meansWithheld: withheld.reduce((sum, [, count]) => sum + count, 0),
    }),
  }));
}

/**
 * What a run ended with, for those who need none of its rounds.
 *
 * @throws RunError if there is no summary, or if one of these files is not what it should be
 */
export function openFinal(
  experiment: ExperimentLike,
): Pick<Experiment, "metrics" | "finalMeans" | "featureNames"> {
  const directory = directoryOf(experiment);
  const summary = readSummary(directory);
  const { metrics, finalMeans } = readFinal(directory, summary, summary.n_features);
  return { metrics, finalMeans, featureNames: namesOf(summary, finalMeans?.nColumns ?? null) };
}

function readFinal(
  directory: string,
  { isOurs, status }: LoggedSummary,
  nFeatures: number | null,
): Pick<Experiment, "metrics" | "finalMeans"> {
  const layout = layoutOf(directory);
  // Another program's files are there or not, whatever its summary says.
  const has = (path: string) => (isOurs ? status === "completed" : existsSync(path));
  return {
    metrics: has(layout.metrics) ? readMetrics(directory) : null,
    finalMeans: has(layout.finalMeans) ? readMatrix(layout.finalMeans, null, "", nFeatures) : null,
  };
}

function namesOf(
  { feature_names: names }: LoggedSummary,
  nFeatures: number | null,
): Experiment["featureNames"] {
  return names?.length === nFeatures ? names : null;
}

/** @throws UsageError for anything else, as a cell that nobody type-checks may hold */
export function directoryOf(experiment: ExperimentLike): string {
  const directory: unknown = typeof experiment === "string" ? experiment : experiment?.experimentDir;
  if (typeof directory === "string") return directory;
  throw new UsageError(
    `a run's result or the path of its directory expected, found ${shownJson(experiment)}`,
  );
}
