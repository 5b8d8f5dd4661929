import type { Client, LocalClient } from "../federation/client/client.js";
import { kMeans, kMeansFrom } from "../numerics/k-means.js";
import type { Matrix } from "../numerics/matrix.js";
import { randomStream } from "../numerics/random.js";
import { concat } from "../numerics/small-arrays.js";
import { applyTransform, type Transform } from "../numerics/transform.js";
import { evaluate, NO_SILHOUETTES, type Silhouettes } from "../workflow/evaluate.js";
import type { Ask } from "../workflow/exchange.js";
import { aboutFeatures, agreeOnFeatures } from "../workflow/features.js";
import { handshakeRequest, readHandshake } from "../workflow/handshake.js";
import type { Message } from "../workflow/message.js";
import type { Metrics } from "../workflow/metrics.js";
import { type Protection, ROWS } from "../workflow/protection.js";
import { agreeOnTransform, type TransformOptions } from "../workflow/transform/agree.js";

/*
 * What only a simulation can do: all rows in one place. Clustering them there is the twin that says what
 * federation cost.
 */

/** Iterations and tolerance of scikit-learn's KMeans. */
const SCIKIT_LEARN = { maxIterations: 300, tolerance: 1e-4 };

/** Points with the number of rows behind each; null: one each. */
export interface Pooled {
  readonly points: Matrix;
  readonly weights: Float64Array | null;
}

/** What clients compute from, all of it, in client order, as a transform makes it. */
export function pool(clients: readonly LocalClient[], transform: Transform): Pooled {
  const { asked } = agreeOnFeatures(clients.map(({ columns }) => columns));
  const parts = clients.map((client) => applyTransform(transform, client.raw(asked)));
  const data = concat(parts.map((part) => part.data));
  const { nColumns } = parts[0];
  const weights = clients.map((client, i) => client.weights ?? new Float64Array(parts[i].nRows).fill(1));
  return {
    points: { data, nRows: data.length / nColumns, nColumns },
    weights: clients.every((client) => client.weights === null) ? null : concat(weights),
  };
}

/**
 * `central`: k-means of what is pooled, best of several k-means++ starts.
 *
 * @param restarts how many
 * @returns (k, p), fewer of them where fewer points differ
 */
export function central({ points, weights }: Pooled, k: number, restarts: number, seed: number): Matrix {
  const { data, nColumns } = points;
  const random = randomStream(seed, "central");
  const { means } = kMeans(data, nColumns, k, weights, { ...SCIKIT_LEARN, restarts }, random);
  return { data: means, nRows: means.length / nColumns, nColumns };
}

/** k-means of what is pooled from a start that is given, to the end. */
export function centralFrom({ points, weights }: Pooled, start: Matrix): Matrix {
  const options = { ...SCIKIT_LEARN, tolerance: 0 };
  const found = kMeansFrom(points.data, points.nColumns, start.data, options, weights);
  return { ...start, data: found.means };
}

/**
 * Scores means as the evaluation phase of a run does; without `silhouettes` the exact one is left out.
 *
 * @param ask exchanges with the clients to be asked, of their rows or of what stands for them
 */
export async function score(
  ask: Ask,
  transform: Transform,
  means: Matrix,
  silhouettes: Silhouettes = NO_SILHOUETTES,
): Promise<Metrics> {
  // The server asks for nothing stricter: each client's own threshold holds.
  const { metrics } = await evaluate(
    transform,
    means,
    { privacyThreshold: 0, areSettled: false },
    silhouettes,
    ask,
  );
  return metrics;
}

/**
 * Exchanges with clients in memory, without a federation: each answers at once.
 *
 * @param protection what they hold to
 */
export function askEach(clients: readonly Client[], protection: Protection = ROWS): Ask {
  const answerOf = (client: Client, request: Message) => client.answer(request) as Message;
  const described = clients.map((client) => readHandshake(answerOf(client, handshakeRequest(protection))));
  const { asked } = agreeOnFeatures(described);
  return async (_, question, read) => {
    const request = aboutFeatures(question, asked);
    return {
      clients: described.map(({ name }) => name),
      values: clients.map((client, i) => read(answerOf(client, request), described[i])),
      dropped: [],
    };
  };
}

/** The transform that a run of these options comes to; nothing is looked at, so components are found only if used. */
export async function agreedTransform(
  nFeatures: number,
  options: Omit<TransformOptions, "pca">,
  ask: Ask,
): Promise<Transform> {
  const pca = options.pcaComponents !== null;
  const agreeing = agreeOnTransform({ ...options, pca }, nFeatures, null, ask);
  for (;;) {
    const { done, value } = await agreeing.next();
    if (done) return value.transform;
  }
}
