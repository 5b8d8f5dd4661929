import { snakeCase } from "../casing.js";
import {
  COUNT,
  type JsonObject,
  type Kind,
  listOf,
  NUMBER,
  OBJECT,
  optional,
  readJsonObject,
  required,
  TEXT,
} from "./json-object.js";
import { layoutOf } from "./layout.js";

/** The metrics that are one number each, in the order of tables. */
export const SCALAR_METRICS = [
  "inertia",
  "silhouetteScore",
  "simplifiedSilhouetteScore",
  "adjustedRandIndex",
  "meanClientAdjustedRandIndex",
  "normalizedMutualInformation",
  "daviesBouldinScore",
  "calinskiHarabaszScore",
] as const;
const COUNTS = ["nSamples", "nSamplesInInertia", "nSamplesWithheld"] as const;

/** Metrics as a directory holds them, each of them as the run's own; what it does not say is null. */
export type LoggedMetrics = {
  [Name in (typeof SCALAR_METRICS)[number] | (typeof COUNTS)[number]]: number | null;
} & { clusterSizes: number[] | null; contingency: LoggedContingency | null };

/** Rows of each class, a row of `counts`, in each cluster, a column. */
export interface LoggedContingency {
  classes: string[];
  counts: number[][];
}

/** What a server knows of clusters under differential privacy. */
export interface LoggedNoisy {
  /** (k,) whole rows of each, as noise has them. */
  readonly sizes: readonly number[];
  /** (k,) of each mean, in units of the box, whichever the coordinate. */
  readonly standardErrors: readonly number[];
  /** Of each size, in rows. */
  readonly sizeError: number;
}

/**
 * Metrics of rows, null where nobody knew them; those of the points that stood for them, null where rows did; and what
 * noise left, null but under differential privacy.
 */
export type LoggedEvaluation = LoggedMetrics & {
  readonly ofPoints: LoggedMetrics | null;
  readonly noisy: LoggedNoisy | null;
};

/** @throws RunError if there is no such file, or, naming file and field, if it is not as it should be */
export function readMetrics(directory: string): LoggedEvaluation {
  const metrics = readJsonObject(layoutOf(directory).metrics);
  const ofPoints = optional(metrics, "of_points", OBJECT);
  const noisy = optional(metrics, "noisy", OBJECT);
  return {
    ...metricsIn(metrics),
    ofPoints: ofPoints && metricsIn(ofPoints),
    noisy: noisy?.isOurs
      ? {
          sizes: required(noisy, "sizes", listOf(COUNT)),
          standardErrors: required(noisy, "standard_errors", listOf(NUMBER)),
          sizeError: required(noisy, "size_error", NUMBER),
        }
      : null,
  };
}

/** Whether every class has a row, and all rows are equally long; of what another program wrote, all else is unknown. */
const CONTINGENCY: Kind<LoggedContingency> = {
  expected: "classes, and for each of them the rows in each cluster,",
  read(value, source, isOurs) {
    const object = OBJECT.read(value, source, isOurs);
    const classes = object && optional(object, "classes", listOf(TEXT));
    const counts = object && optional(object, "counts", listOf(listOf(COUNT)));
    if (!classes || !counts || counts.length !== classes.length) return undefined;
    return counts.every((row) => row.length === counts[0].length) ? { classes, counts } : undefined;
  },
};

function metricsIn(metrics: JsonObject): LoggedMetrics {
  const field =
    <T>(kind: Kind<T>) =>
    (name: string) => [name, optional(metrics, snakeCase(name), kind)];
  return Object.fromEntries([
    ...SCALAR_METRICS.map(field(NUMBER)),
    ...COUNTS.map(field(COUNT)),
    field(listOf(COUNT))("clusterSizes"),
    field(CONTINGENCY)("contingency"),
  ]);
}

/** Metrics with every figure that no run lacks. */
type CompleteMetrics = LoggedMetrics & {
  [Name in (typeof COUNTS)[number] | "inertia"]: number;
} & { clusterSizes: number[] };

/** Whether it has every figure that no run lacks, as those of another program need not. */
export function hasEvery(metrics: LoggedMetrics): metrics is CompleteMetrics {
  return ([...COUNTS, "inertia", "clusterSizes"] as const).every((name) => metrics[name] !== null);
}
