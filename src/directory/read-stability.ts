import { existsSync } from "node:fs";
import { RunError } from "../errors.js";
import {
  COUNT,
  type JsonObject,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  optional,
  orNull,
  readJsonObject,
  required,
  TEXT,
} from "./json-object.js";
import { layoutOf } from "./layout.js";

/** How stable the clusters of a run are: how far each is found again where only some of the points are there. */
export interface Stability {
  /** Resamples of the points that were clustered. */
  readonly resamples: number;
  /** What was resampled: the rows, or the points that stand for them. */
  readonly of: "rows" | "points";
  /** Resamples that could not be clustered. */
  readonly failed: number;
  /** Why the first of these could not; null where all could. */
  readonly failure: string | null;
  /** By the run's clusters. */
  readonly clusters: readonly ClusterStability[];
}

/** How stable one cluster is. */
export interface ClusterStability {
  /** What was resampled of it, and the rows behind: those nearest to its final mean. */
  readonly nPoints: number;
  readonly nSamples: number;
  /** Mean of `jaccard`, in 0..1; null where the cluster was in no resample. */
  readonly meanJaccard: number | null;
  /** Resamples in which the similarity was at least 0.75, */
  readonly recovered: number;
  /** and those in which it was at most 0.5. */
  readonly dissolved: number;
  /**
   * Of each resample: Jaccard similarity with the most similar cluster found there, over the rows behind the points of
   * the resample; null where none of the cluster was in it, or it could not be clustered.
   */
  readonly jaccard: readonly (number | null)[];
}

/**
 * Reads how stable the clusters of a run are.
 *
 * @returns null where that was not asked for
 * @throws RunError naming file and field, if they are not as they should be
 */
export function readStability(directory: string): Stability | null {
  const { stability } = layoutOf(directory);
  if (!existsSync(stability)) return null;
  const object = readJsonObject(stability);
  const resamples = required(object, "resamples", COUNT);
  return {
    resamples,
    of: required(object, "of", oneOf("rows", "points")),
    failed: required(object, "failed", COUNT),
    failure: optional(object, "failure", orNull(TEXT)),
    clusters: required(object, "clusters", listOf(OBJECT)).map((cluster) => readCluster(cluster, resamples)),
  };
}

function readCluster(cluster: JsonObject, resamples: number): ClusterStability {
  const jaccard = required(cluster, "jaccard", listOf(orNull(NUMBER)));
  if (
    jaccard.length !== resamples ||
    jaccard.some((value) => value !== null && !(value >= 0 && value <= 1))
  ) {
    throw new RunError(`${cluster.source}.jaccard: ${resamples} numbers from 0 to 1 expected, or null`);
  }
  return {
    nPoints: required(cluster, "n_points", COUNT),
    nSamples: required(cluster, "n_samples", COUNT),
    meanJaccard: optional(cluster, "mean_jaccard", orNull(NUMBER)),
    recovered: required(cluster, "recovered", COUNT),
    dissolved: required(cluster, "dissolved", COUNT),
    jaccard,
  };
}
