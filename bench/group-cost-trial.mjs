import { createRequire } from "node:module";

/*
 * Clusterings of a federation at some group size. A federation is a list of clients, each `{ name, rows: Matrix, labels:
 * Int32Array | null }`; a clustering is `{ transform, means: Matrix }`, the means as clustered.
 */

const require = createRequire(import.meta.url);
const { memoryDataOf } = require("../dist/data/partitions/memory-data.js");
const { configure, transformOptionsOf } = require("../dist/experiment/configuration.js");
const { agreedTransform, askEach, central, pool } = require("../dist/experiment/pooled.js");
const { policyOf } = require("../dist/experiment/privacy-settings.js");
const { addContingency, adjustedRandIndex } = require("../dist/numerics/contingency.js");
const { nearestCentroids } = require("../dist/numerics/nearest-centroids.js");
const { applyTransform, invertTransform } = require("../dist/numerics/transform.js");
const { ClientCache } = require("../dist/study/client-cache.js");
const { runTrial } = require("../dist/study/trial.js");

const RESTARTS = 10;

/** k-means of all clients' points, best of several starts. */
export async function pooledMeans(clients, settings) {
  const configuration = configurationOf(clients, settings);
  const cached = (await new ClientCache().get(configuration)).clients;
  const points = cached.map((client) => client.points);
  const ask = askEach(points, policyOf(configuration));
  const transform = await agreedTransform(points[0].nFeatures, transformOptionsOf(configuration), ask);
  const means = central(pool(points, transform), settings.k, RESTARTS, settings.seed);
  return { transform, means };
}

/** What a run in memory comes to. */
export async function runMeans(clients, settings) {
  const configuration = configurationOf(clients, settings);
  return await runTrial({ configuration, central: false, scoreRounds: [] }, new ClientCache());
}

function configurationOf(clients, { k, normalize, groupSize, groupScale, seed, algorithm }) {
  const data = memoryDataOf(
    clients.map(({ name, rows }) => ({
      client: name,
      partition: { rows, labels: null, classes: [], featureNames: null },
    })),
  );
  return configure({
    ...{ data, kGlobal: k, normalize, groupSize, randomState: seed },
    ...(groupSize > 1 && { groupScale }),
    ...{ pca: false, maxSilhouetteSamples: 0, ...(algorithm && { algorithm }) },
  });
}

/**
 * Scores a clustering on rows, each at the mean that is nearest as the clustering sees rows.
 *
 * @param space the transform in which distances are taken, the same one for all clusterings that are compared
 * @returns adjusted Rand index, null without labels; sum of the rows' squared distances to their means
 */
export function scoreOn(clients, { transform, means }, space) {
  const d = means.nColumns;
  const k = means.nRows;
  const { data: inSpace } = applyTransform(space, invertTransform(transform, means));
  const nClasses =
    1 + Math.max(...clients.map(({ labels }) => (labels === null ? 0 : labels.reduce(larger, 0))));
  const table = { counts: new Float64Array(nClasses * k), nClasses, nClusters: k };
  let inertia = 0;
  for (const { rows, labels } of clients) {
    const nearest = nearestCentroids(applyTransform(transform, rows).data, d, means.data);
    if (labels !== null) addContingency(table, labels, nearest, null);
    const { data } = applyTransform(space, rows);
    for (let i = 0; i < data.length; i++) {
      inertia += (data[i] - inSpace[nearest[Math.floor(i / d)] * d + (i % d)]) ** 2;
    }
  }
  return { ari: clients[0].labels === null ? null : adjustedRandIndex(table), inertia };
}

function larger(a, b) {
  return Math.max(a, b);
}
