import { join } from "node:path";
import type { Metrics, Status } from "./experiment.js";
import { arrayOf, type Json, numberOf, objectOf, readJson, textOf } from "./files.js";

/** What `experiment_summary.json` says, as far as it is there and says it. */
export interface SummaryFacts {
  readonly status: Status;
  /** Why an aborted run ended. */
  readonly reason: string | null;
  readonly algorithm: string | null;
  readonly converged: boolean | null;
  /** Rounds of the cycle that the run ended in; null where it ended in none. */
  readonly cycleLength: number | null;
  readonly tolerance: number | null;
  readonly featureNames: readonly string[] | null;
  /** null where the summary does not say. */
  readonly normalized: boolean | null;
  /** Components clustered in; null where rows were clustered in their features. */
  readonly pcaComponents: number | null;
  readonly clients: readonly NamedClient[];
  /** Rounds of a run that has ended. */
  readonly rounds: number | null;
  /** Of the rows under each round's means, by round. */
  readonly inertia: ReadonlyMap<number, number>;
}

export interface NamedClient {
  readonly name: string;
  /** How file names write it. */
  readonly id: string;
  readonly nSamples: number | null;
}

/** @throws RunError if there is a summary, but no JSON object */
export function readSummary(directory: string): SummaryFacts {
  const summary = readJson(join(directory, "experiment_summary.json")) ?? {};
  const configuration = objectOf(summary.configuration) ?? objectOf(summary.config) ?? {};
  const results = objectOf(summary.results) ?? {};
  const { status } = summary;
  const featureNames = arrayOf(summary.feature_names);
  const converged = results.converged ?? summary.converged;
  return {
    status: status === "running" || status === "completed" || status === "aborted" ? status : "unknown",
    reason: textOf(summary.reason),
    algorithm: textOf(configuration.algorithm),
    converged: typeof converged === "boolean" ? converged : null,
    cycleLength: numberOf(results.cycle_length),
    tolerance: numberOf(configuration.tolerance),
    featureNames: featureNames.length > 0 ? featureNames.map(String) : null,
    normalized: typeof configuration.normalize === "boolean" ? configuration.normalize : null,
    pcaComponents: numberOf(configuration.pca_components),
    clients: arrayOf(summary.clients).flatMap(namedClient),
    rounds: numberOf(results.rounds),
    inertia: inertiaByRound(arrayOf(summary.convergence_history)),
  };
}

/** @throws RunError if there is a file of metrics, but no JSON object */
export function readMetrics(directory: string): Metrics {
  const metrics = readJson(join(directory, "federated_kmeans_metrics.json")) ?? {};
  return {
    inertia: numberOf(metrics.inertia),
    silhouetteScore: numberOf(metrics.silhouette_score),
    simplifiedSilhouetteScore: numberOf(metrics.simplified_silhouette_score),
    adjustedRandIndex: numberOf(metrics.adjusted_rand_index),
    nSamples: numberOf(metrics.n_samples),
    nSamplesInInertia: numberOf(metrics.n_samples_in_inertia),
  };
}

function namedClient(entry: unknown): NamedClient[] {
  const client: Json | null = objectOf(entry);
  const name = textOf(client?.name);
  if (client === null || name === null) return [];
  const id = textOf(client.id) ?? name;
  // Files are named after it: it must lead nowhere else.
  if (/[/\\\0]/.test(id)) return [];
  return [{ name, id, nSamples: numberOf(client.n_samples) }];
}

function inertiaByRound(history: readonly unknown[]): Map<number, number> {
  const byRound = new Map<number, number>();
  for (const entry of history) {
    const round = numberOf(objectOf(entry)?.round);
    const inertia = numberOf(objectOf(entry)?.inertia);
    if (round !== null && inertia !== null) byRound.set(round, inertia);
  }
  return byRound;
}
