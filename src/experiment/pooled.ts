import type { Client, LocalClient } from "../federation/client/client.js";
import { kMeans, kMeansFrom } from "../numerics/k-means.js";
import type { Matrix } from "../numerics/matrix.js";
import { randomStream } from "../numerics/random.js";
import { concat } from "../numerics/small-arrays.js";
import { applyTransform, type Transform } from "../numerics/transform.js";
import { evaluate, NO_SILHOUETTES, type Silhouettes } from "../workflow/evaluate.js";
import type { Ask } from "../workflow/exchange.js";
import { handshakeRequest, readHandshake } from "../workflow/handshake.js";
import type { Message } from "../workflow/message.js";
import type { Metrics } from "../workflow/metrics.js";
import { agreeOnTransform, type TransformOptions } from "../workflow/transform/agree.js";

/*
 * What only a simulation can do: all rows in one place. Clustering them there is the twin that says what
 * federation cost.
 */

/** Iterations and tolerance of scikit-learn's KMeans. */
const SCIKIT_LEARN = { maxIterations: 300, tolerance: 1e-4 };

/** Rows of all clients in client order, as a run of these options would cluster them. */
export async function poolRows(
  clients: readonly LocalClient[],
  options: Omit<TransformOptions, "pca">,
  ask: Ask = askEach(clients),
): Promise<{ rows: Matrix; transform: Transform }> {
  const transform = await agreedTransform(clients[0].nFeatures, options, ask);
  const parts = clients.map((client) => applyTransform(transform, client.raw()));
  const data = concat(parts.map((part) => part.data));
  const { nColumns } = parts[0];
  return { rows: { data, nRows: data.length / nColumns, nColumns }, transform };
}

/**
 * `central`: k-means of the pooled rows, best of several k-means++ starts.
 *
 * @param restarts how many
 * @returns (k, p), fewer of them where fewer rows differ
 */
export function central(rows: Matrix, k: number, restarts: number, seed: number): Matrix {
  const { data, nColumns } = rows;
  const random = randomStream(seed, "central");
  const { means } = kMeans(data, nColumns, k, null, { ...SCIKIT_LEARN, restarts }, random);
  return { data: means, nRows: means.length / nColumns, nColumns };
}

/** k-means of the pooled rows from a start that is given, to the end. */
export function centralFrom(rows: Matrix, start: Matrix): Matrix {
  const found = kMeansFrom(rows.data, rows.nColumns, start.data, { ...SCIKIT_LEARN, tolerance: 0 });
  return { ...start, data: found.means };
}

/** Scores means as the evaluation phase of a run does; without `silhouettes` the exact one is left out. */
export async function score(
  clients: readonly Client[],
  transform: Transform,
  means: Matrix,
  silhouettes: Silhouettes = NO_SILHOUETTES,
): Promise<Metrics> {
  // The server asks for nothing stricter: each client's own threshold holds.
  const { metrics } = await evaluate(transform, means, 0, silhouettes, askEach(clients));
  return metrics;
}

/** Exchanges with clients in memory, without a federation: each answers at once. */
export function askEach(clients: readonly Client[]): Ask {
  const answerOf = (client: Client, request: Message) => client.answer(request) as Message;
  const described = clients.map((client) => readHandshake(answerOf(client, handshakeRequest())));
  return async (_, request, read) => ({
    clients: described.map(({ name }) => name),
    values: clients.map((client, i) => read(answerOf(client, request), described[i])),
    dropped: [],
  });
}

/** The transform that a run of these options comes to; nothing is looked at, so components are found only if used. */
async function agreedTransform(
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
