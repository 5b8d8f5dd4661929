import { meanSilhouette } from "../numerics/exact-silhouette.js";
import type { Matrix } from "../numerics/matrix.js";
import { invertTransform, type Transform } from "../numerics/transform.js";
import {
  checkDispersion,
  checkFit,
  dispersionRequest,
  type Fit,
  fitRequest,
  readDispersion,
  readFit,
} from "./evaluation.js";
import type { Ask, Dropped } from "./exchange.js";
import { combineMetrics, type Metrics } from "./metrics.js";

/** What the evaluation phase comes to. */
export interface Evaluated {
  /** Of the rows where they are known, else of the points that stand for them. */
  metrics: Metrics;
  metricsOf: "rows" | "points";
  /** Of the points, where they stand for several rows; null where they are the rows. */
  ofPoints: Metrics | null;
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
type Scored = Omit<Evaluated, "metricsOf" | "ofPoints" | "featuresAsked">;

/** The exact silhouette, which only a simulation can have. */
export interface Silhouettes {
  /** Rows up to which it is computed: it costs their square. */
  readonly most: number;
  /** Sums of the coefficients of all rows under (k, p) means, k at least 2; null where it cannot be had. */
  sums(means: Matrix): Promise<readonly number[] | null>;
}

export const NO_SILHOUETTES: Silhouettes = { most: 0, sums: async () => null };

/**
 * Scores global means, exchange by exchange.
 *
 * @param means (k, p) as clustered
 * @param silhouettes asked for where all clients answer
 */
export async function evaluate(
  transform: Transform,
  means: Matrix,
  privacyThreshold: number,
  silhouettes: Silhouettes,
  ask: Ask,
): Promise<Scored> {
  const { nRows: k, nColumns } = means;
  const fits = await ask("evaluation", fitRequest(transform, means, privacyThreshold), (reply, client) => {
    const read = readFit(reply, k, nColumns);
    checkFit(reply, read, client);
    return read;
  });
  const countsOf = new Map(fits.clients.map((client, i) => [client, fits.values[i].counts]));
  const request = dispersionRequest(transform, means, fits.values, privacyThreshold);
  const dispersions = await ask("evaluation", request, (reply, { name }) => {
    const read = readDispersion(reply, k);
    checkDispersion(reply, read, countsOf.get(name) ?? null);
    return read;
  });
  const complete =
    dispersions.clients.length === fits.clients.length &&
    dispersions.clients.every((client, i) => client === fits.clients[i]);
  const silhouette =
    fits.dropped.length === 0 ? await exactSilhouette(fits.values, means, silhouettes) : null;
  return {
    metrics: combineMetrics(fits.values, complete ? dispersions.values : null, k, silhouette),
    transform,
    means,
    finalMeans: invertTransform(transform, means),
    fits: fits.clients.map((client, i) => ({ client, fit: fits.values[i] })),
    dropped: [...fits.dropped, ...dispersions.dropped],
  };
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
