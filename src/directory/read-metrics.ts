import type { Metrics } from "../workflow/metrics.js";
import { COUNT, type Kind, listOf, NUMBER, optional, orNull, readJsonObject } from "./json-object.js";
import { layoutOf } from "./layout.js";

/** Metrics as a directory holds them; what it does not say is null. */
export type LoggedMetrics = { [Name in keyof Metrics]: Metrics[Name] | null };

const KINDS: { readonly [Name in keyof Metrics]: Kind<Metrics[Name]> } = {
  inertia: NUMBER,
  silhouette_score: orNull(NUMBER),
  simplified_silhouette_score: orNull(NUMBER),
  adjusted_rand_index: orNull(NUMBER),
  mean_client_adjusted_rand_index: orNull(NUMBER),
  normalized_mutual_information: orNull(NUMBER),
  davies_bouldin_score: orNull(NUMBER),
  calinski_harabasz_score: orNull(NUMBER),
  n_samples: COUNT,
  n_samples_in_inertia: COUNT,
  n_samples_withheld: COUNT,
  cluster_sizes: listOf(COUNT),
};

/** @throws RunError if there is no such file, or, naming file and field, if it is not as it should be */
export function readMetrics(directory: string): LoggedMetrics {
  const metrics = readJsonObject(layoutOf(directory).metrics);
  return Object.fromEntries(
    Object.entries(KINDS).map(([name, kind]) => [name, optional(metrics, name, kind as Kind<unknown>)]),
  ) as unknown as LoggedMetrics;
}

/** Whether it has every figure that no run lacks, as those of another program need not. */
export function hasEvery(metrics: LoggedMetrics): metrics is Metrics {
  const { inertia, n_samples, n_samples_in_inertia, n_samples_withheld, cluster_sizes } = metrics;
  const figures = [inertia, n_samples, n_samples_in_inertia, n_samples_withheld, cluster_sizes];
  return figures.every((value) => value !== null);
}
