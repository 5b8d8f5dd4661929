import { existsSync, readFileSync } from "node:fs";
import { readNpy, toFloat64 } from "../data/npy.js";
import { RunError } from "../errors.js";
import { layoutOf } from "../experiment/layout.js";
import { readExperiment } from "../experiment/read-experiment.js";
import type { Summary } from "../experiment/summary.js";
import type { Matrix } from "../numerics/matrix.js";
import type { Transform } from "../numerics/transform.js";
import type { Metrics } from "../workflow/metrics.js";

/** A run's result, or the path of its experiment directory. */
export type ExperimentLike = string | { readonly experimentDir: string };

/** What an experiment directory holds, whether its run was completed, aborted or is still going on. */
export interface Experiment {
  /** Tells it from other results. */
  readonly kind: "experiment";
  experimentDir: string;
  status: "running" | "completed" | "aborted";
  /** Why an aborted run ended; null otherwise. */
  reason: string | null;
  /** Settings that decide the result, by the names files use, e.g. `k_global`. */
  configuration: Record<string, unknown>;
  clients: { name: string; nSamples: number }[];
  featureNames: readonly string[] | null;
  nFeatures: number;
  rounds: ExperimentRound[];
  /** null unless the run was completed. */
  metrics: Metrics | null;
  /** (k, d) on the original scale; null unless the run was completed. */
  finalMeans: Matrix | null;
}

export interface ExperimentRound {
  round: number;
  /** (k, p) in the units clustered in. */
  means: Matrix;
  /** How far they moved in this round; null in round 0. */
  convergenceChange: number | null;
  /** Of all rows under these means; null where it is not known. */
  inertia: number | null;
  /** Clients that missed the round. */
  dropped: string[];
  /** Means that clients withheld in it. */
  meansWithheld: number;
}

/**
 * Reads an experiment directory and checks every array against its SHA-256. It may be of a run that was
 * interrupted: whole rounds are there, up to the last.
 *
 * @throws RunError if it is none, or if a file is not what it should be
 * @example fk.display(fk.open("logs/experiment_20251107_160054"));
 */
export function open(experiment: ExperimentLike): Experiment {
  const directory = directoryOf(experiment);
  const { summary, rounds, torn } = readExperiment(directory);
  if (torn !== null && summary.status === "completed") throw new RunError(torn);
  const layout = layoutOf(directory);
  const isComplete = summary.status === "completed";
  const { schema_version: _, ...metrics } = isComplete
    ? JSON.parse(readFileSync(layout.metrics, "utf8"))
    : {};
  return {
    kind: "experiment",
    experimentDir: directory,
    status: summary.status,
    reason: summary.reason,
    configuration: summary.configuration,
    clients: summary.clients.map(({ name, n_samples }) => ({ name, nSamples: n_samples })),
    featureNames: summary.feature_names,
    nFeatures: summary.n_features,
    rounds: rounds.map(({ round, means, convergenceChange, dropped, withheld }, i) => ({
      round,
      means,
      convergenceChange,
      // What the next round's messages said of these means; of the last ones the evaluation said it.
      inertia: rounds[i + 1]?.inertia ?? inertiaOf(summary, round),
      dropped: dropped.map(({ client }) => client),
      meansWithheld: withheld.reduce((sum, [, count]) => sum + count, 0),
    })),
    metrics: isComplete ? (metrics as Metrics) : null,
    finalMeans: isComplete ? readMatrix(layout.finalMeans) : null,
  };
}

export function directoryOf(experiment: ExperimentLike): string {
  return typeof experiment === "string" ? experiment : experiment.experimentDir;
}

/** How rows became the rows that were clustered, as the directory records it. */
export function transformOf({ experimentDir, configuration }: Experiment): Transform {
  const layout = layoutOf(experimentDir);
  const vector = (path: string) => toFloat64(readNpy(readFileSync(path), path), path);
  const components = configuration.pca_components as number | null;
  return {
    normalization: existsSync(layout.normalization("mean"))
      ? { mean: vector(layout.normalization("mean")), scale: vector(layout.normalization("std")) }
      : null,
    projection:
      components === null
        ? null
        : {
            mean: vector(layout.pca("mean")),
            components: readMatrix(layout.pca("components")).data.subarray(
              0,
              components * readMatrix(layout.pca("components")).nColumns,
            ),
          },
  };
}

function inertiaOf({ convergence_history }: Summary, round: number): number | null {
  return convergence_history.find((entry) => entry.round === round)?.inertia ?? null;
}

function readMatrix(path: string): Matrix {
  const array = readNpy(readFileSync(path), path);
  return { data: toFloat64(array, path), nRows: array.shape[0], nColumns: array.shape[1] };
}
