import { snakeCase } from "../casing.js";
import type { Metrics } from "../workflow/metrics.js";
import { COUNT, type Kind, listOf, NUMBER, optional, orNull, readJsonObject } from "./json-object.js";
import { layoutOf } from "./layout.js";

/** Metrics as a directory holds them; what it does not say is null. */
export type LoggedMetrics = { [Name in keyof Metrics]: Metrics[Name] | null };

const KINDS: { readonly [Name in keyof Metrics]: Kind<Metrics[Name]> } = {
  inertia: NUMBER,
  silhouetteScore: orNull(NUMBER),
  simplifiedSilhouetteScore: orNull(NUMBER),
  adjustedRandIndex: orNull(NUMBER),
  meanClientAdjustedRandIndex: orNull(NUMBER),
  normalizedMutualInformation: orNull(NUMBER),
  daviesBouldinScore: orNull(NUMBER),
  calinskiHarabaszScore: orNull(NUMBER),
  nSamples: COUNT,
  nSamplesInInertia: COUNT,
  nSamplesWithheld: COUNT,
  clusterSizes: listOf(COUNT),
};

/** @throws RunError if there is no such file, or, naming file and field, if it is not as it should be */
export function readMetrics(directory: string): LoggedMetrics {
  const metrics = readJsonObject(layoutOf(directory).metrics);
  return Object.fromEntries(
    Object.entries(KINDS).map(([name, kind]) => [
      name,
      optional(metrics, snakeCase(name), kind as Kind<unknown>),
    ]),
  ) as unknown as LoggedMetrics;
}

/** Whether it has every figure that no run lacks, as those of another program need not. */
export function hasEvery(metrics: LoggedMetrics): metrics is Metrics {
  const { inertia, nSamples, nSamplesInInertia, nSamplesWithheld, clusterSizes } = metrics;
  const figures = [inertia, nSamples, nSamplesInInertia, nSamplesWithheld, clusterSizes];
  return figures.every((value) => value !== null);
}
