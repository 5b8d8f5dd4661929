import { squaredDistance } from "../numerics/distances.js";
import { meanSilhouette } from "../numerics/exact-silhouette.js";
import type { Matrix } from "../numerics/matrix.js";
import { addUp } from "../numerics/small-arrays.js";
import { invertTransform, type Transform } from "../numerics/transform.js";
import { type ClientDispersion, checkDispersion, readDispersion } from "./dispersion.js";
import {
  checkFit,
  clusterMeansOf,
  dispersionRequest,
  type Fit,
  fitRequest,
  readFit,
  reportedSums,
} from "./evaluation.js";
import type { Ask, Dropped } from "./exchange.js";
import type { Message } from "./message.js";
import { combineMetrics, type Metrics, UNKNOWN_METRICS } from "./metrics.js";

/** What the evaluation phase comes to. */
export interface Evaluated {
  /** Of the rows where they are known, else of the points that stand for them; under `dp` of neither: unknown. */
  metrics: Metrics;
  metricsOf: "rows" | "points" | "none";
  /** Of the points, where they stand for several rows; null where they are the rows. */
  ofPoints: Metrics | null;
  /** Under `dp`, how many rows each cluster has, but for noise: all that a server knows; else null. */
  noisySizes: NoisySizes | null;
  /** How points became what was clustered, and the means there: (k, p). */
  transform: Transform;
  means: Matrix;
  /** Features as requests named them; null where they need not, as all clients have them in the run's order. */
  featuresAsked: readonly string[] | null;
  /** (k, d) on the original scale. */
  finalMeans: Matrix;
  fits: { client: string; fit: Fit }[];
  dropped: Dropped[];
}

/** What an evaluation of whatever clients answer from comes to. */
type Scored = Omit<Evaluated, "metricsOf" | "ofPoints" | "noisySizes" | "featuresAsked">;

/** Rows of each cluster with the noise that clients added. */
export interface NoisySizes {
  /** (k,) to whole rows, none below 0. */
  readonly sizes: readonly number[];
  /** (k,) standard error of each final mean, in any coordinate, in the units clustered in. */
  readonly standardErrors: readonly number[];
  /** Standard error of each size, in rows. */
  readonly sizeError: number;
}

/** The exact silhouette, which only a simulation can have. */
export interface Silhouettes {
  /** Rows up to which it is computed: it costs their square. */
  readonly most: number;
  /** Sums of the coefficients of all rows under (k, p) means, k at least 2; null where it cannot be had. */
  sums(means: Matrix): Promise<readonly number[] | null>;
}

export const NO_SILHOUETTES: Silhouettes = { most: 0, sums: async () => null };

/** What decides how means are scored. */
export interface EvaluateOptions {
  readonly privacyThreshold: number;
  /** Whether the means should be those of the clusters, as they have settled: then one exchange may do. */
  readonly areSettled: boolean;
}

/**
 * Scores global means, exchange by exchange.
 *
 * @param means (k, p) as clustered
 * @param silhouettes asked for where all clients answer
 */
export async function evaluate(
  transform: Transform,
  means: Matrix,
  { privacyThreshold, areSettled }: EvaluateOptions,
  silhouettes: Silhouettes,
  ask: Ask,
): Promise<Scored> {
  const { nRows: k, nColumns } = means;
  const request = fitRequest(transform, means, privacyThreshold, areSettled);
  const answers = await ask("evaluation", request, (reply, client) => {
    const fit = readFit(reply, k, nColumns);
    checkFit(reply, fit, client);
    return { fit, dispersion: areSettled ? readChecked(reply, k, fit.counts) : null };
  });
  const { clients } = answers;
  const fits = answers.values.map(({ fit }) => fit);
  const clusterMeans = clusterMeansOf(fits, means);
  let dispersions: readonly ClientDispersion[] | null = answers.values.flatMap(
    ({ dispersion }) => dispersion ?? [],
  );
  let dropped = answers.dropped;
  if (!areSettled || !areAbout(clusterMeans, means, fits, dispersions)) {
    const countsOf = new Map(clients.map((client, i) => [client, fits[i].counts]));
    const request = dispersionRequest(transform, means, clusterMeans, privacyThreshold);
    const found = await ask("evaluation", request, (reply, { name }) =>
      readChecked(reply, k, countsOf.get(name) ?? null),
    );
    const isComplete =
      found.clients.length === clients.length && found.clients.every((client, i) => client === clients[i]);
    dispersions = isComplete ? found.values : null;
    dropped = [...dropped, ...found.dropped];
  }
  const silhouette = answers.dropped.length === 0 ? await exactSilhouette(fits, means, silhouettes) : null;
  return {
    metrics: combineMetrics(fits, dispersions, k, silhouette),
    transform,
    means,
    finalMeans: invertTransform(transform, means),
    fits: clients.map((client, i) => ({ client, fit: fits[i] })),
    dropped,
  };
}

function readChecked(reply: Message, k: number, counts: Int32Array | null): ClientDispersion {
  const read = readDispersion(reply, k);
  checkDispersion(reply, read, counts);
  return read;
}

/** So far from a cluster's mean, against the mean distance to it, distances are to the mean itself but for rounding. */
const ROUNDING = 1e-12;

/** Whether distances that were told about the means that were sent are those to the means of the clusters. */
function areAbout(
  clusterMeans: Float64Array,
  { data, nColumns }: Matrix,
  fits: readonly Fit[],
  dispersions: readonly ClientDispersion[],
): boolean {
  if (fits.length === 0) return false;
  const { counts } = reportedSums(fits);
  const distanceSums = addUp(dispersions.map((told) => told.distanceSums));
  return counts.every((count, c) => {
    const shift = Math.sqrt(squaredDistance(clusterMeans, c, data, c, nColumns));
    return count * shift <= ROUNDING * distanceSums[c];
  });
}

async function exactSilhouette(
  fits: readonly Fit[],
  means: Matrix,
  { most, sums }: Silhouettes,
): Promise<number | null> {
  const nSamples = fits.reduce((sum, { counts }) => counts.reduce((rows, count) => rows + count, sum), 0);
  if (nSamples > most || means.nRows < 2) return null;
  const found = await sums(means);
  return found && meanSilhouette(found, nSamples);
}

/**
 * What differential privacy leaves of an evaluation: sizes, which came with the last round. All else would have to be
 * bought.
 *
 * @param sizes (k,) rows of each cluster, with noise
 */
export function privatelyEvaluated(
  transform: Transform,
  means: Matrix,
  sizes: Float64Array,
  standardErrors: Float64Array,
  sizeError: number,
): Omit<Evaluated, "featuresAsked"> {
  const whole = wholeSizes(sizes);
  return {
    metrics: { ...UNKNOWN_METRICS, clusterSizes: whole },
    metricsOf: "none",
    ofPoints: null,
    noisySizes: { sizes: whole, standardErrors: [...standardErrors], sizeError },
    transform,
    means,
    finalMeans: invertTransform(transform, means),
    fits: [],
    dropped: [],
  };
}

/** Noisy sizes as counts: to whole rows, none below 0. */
export function wholeSizes(sizes: Float64Array): number[] {
  return Array.from(sizes, (size) => Math.max(0, Math.round(size)));
}
