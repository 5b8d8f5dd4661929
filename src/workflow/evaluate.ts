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
  metrics: Metrics;
  /** (k, d) on the original scale. */
  finalMeans: Matrix;
  fits: { client: string; fit: Fit }[];
  dropped: Dropped[];
}

/**
 * Scores global means, exchange by exchange.
 *
 * @param means (k, p) as clustered
 * @param silhouette computes the exact one, where all clients answer and it can be had
 */
export async function evaluate(
  transform: Transform,
  means: Matrix,
  privacyThreshold: number,
  silhouette: () => Promise<number | null>,
  ask: Ask,
): Promise<Evaluated> {
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
  return {
    metrics: combineMetrics(
      fits.values,
      complete ? dispersions.values : null,
      k,
      fits.dropped.length === 0 ? await silhouette() : null,
    ),
    finalMeans: invertTransform(transform, means),
    fits: fits.clients.map((client, i) => ({ client, fit: fits.values[i] })),
    dropped: [...fits.dropped, ...dispersions.dropped],
  };
}
