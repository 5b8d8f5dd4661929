import type { Client } from "../federation/client/client.js";
import type { ServerOptions } from "../federation/server-options.js";
import { type KMeansResult, kMeans, kMeansFrom } from "../numerics/k-means.js";
import type { Matrix } from "../numerics/matrix.js";
import { randomStream } from "../numerics/random.js";
import { concat } from "../numerics/small-arrays.js";
import { applyTransform, type Transform } from "../numerics/transform.js";
import { agreeOnTransform } from "../workflow/agree-on-transform.js";
import { dispersionRequest, fitRequest, readDispersion, readFit } from "../workflow/evaluation.js";
import type { LocalData } from "../workflow/local-data.js";
import type { Message } from "../workflow/message.js";
import { combineMetrics, type Metrics } from "../workflow/metrics.js";

/*
 * What only a simulation can do: all rows in one place. Clustering them there is the twin that says what
 * federation cost.
 */

/** Iterations and tolerance of scikit-learn's KMeans. */
const SCIKIT_LEARN = { maxIterations: 300, tolerance: 1e-4 };

type TransformOptions = Pick<
  ServerOptions,
  "normalize" | "pcaComponents" | "privacyThreshold" | "randomState"
>;

/** Rows of all clients in client order, as a run of these options would cluster them. */
export async function poolRows(
  clients: readonly (Client & Pick<LocalData, "nFeatures" | "raw">)[],
  options: TransformOptions,
): Promise<{ rows: Matrix; transform: Transform }> {
  const transform = await agreedTransform(clients, options);
  const parts = clients.map((client) => applyTransform(transform, client.raw()));
  const data = concat(parts.map((part) => part.data));
  const { nColumns } = parts[0];
  return { rows: { data, nRows: data.length / nColumns, nColumns }, transform };
}

/**
 * `central`: k-means of the pooled rows, best of several k-means++ starts.
 *
 * @param restarts how many
 */
export function central(rows: Matrix, k: number, restarts: number, seed: number): KMeansResult {
  const random = randomStream(seed, "central");
  return kMeans(rows.data, rows.nColumns, k, null, { ...SCIKIT_LEARN, restarts }, random);
}

/** k-means of the pooled rows from a start that is given, to the end. */
export function centralFrom(rows: Matrix, start: Matrix): Matrix {
  const found = kMeansFrom(rows.data, rows.nColumns, start.data, { ...SCIKIT_LEARN, tolerance: 0 });
  return { ...start, data: found.means };
}

/** Scores means as the evaluation phase of a run does, by its messages; the exact silhouette is left out. */
export function score(clients: readonly Client[], transform: Transform, means: Matrix): Metrics {
  const { nRows: k, nColumns } = means;
  // The server asks for nothing stricter: each client's own threshold holds.
  const fits = ask(clients, fitRequest(transform, means, 0)).map((reply) => readFit(reply, k, nColumns));
  const dispersions = ask(clients, dispersionRequest(transform, means, fits, 0)).map((reply) =>
    readDispersion(reply, k),
  );
  return combineMetrics(fits, dispersions, k, null);
}

/** The transform that a run of these options comes to; nothing is looked at, so components are found only if used. */
async function agreedTransform(
  clients: readonly (Client & Pick<LocalData, "nFeatures" | "raw">)[],
  options: TransformOptions,
): Promise<Transform> {
  const { nFeatures } = clients[0];
  const descriptions = clients.map((client) => ({
    name: client.name,
    nSamples: client.raw().nRows,
    nFeatures,
    featureNames: null,
    hasLabels: false,
    labelColumn: null,
  }));
  const clientNames = clients.map(({ name }) => name);
  const agreeing = agreeOnTransform(
    { ...options, pca: options.pcaComponents !== null },
    nFeatures,
    null,
    async (_, request, read) => ({
      clients: clientNames,
      values: ask(clients, request).map((reply, i) => read(reply, descriptions[i])),
      dropped: [],
    }),
  );
  for (;;) {
    const { done, value } = await agreeing.next();
    if (done) return value.transform;
  }
}

function ask(clients: readonly Client[], request: Message): Message[] {
  return clients.map((client) => client.answer(request) as Message);
}
