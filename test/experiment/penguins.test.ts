import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { run } from "#src/experiment/run.js";
import { json } from "../support/experiment.js";
import { runPython, skipWithoutPython } from "../support/python.js";
import { SCORES } from "../support/scores.js";
import { temporaryFolder } from "../support/temporary.js";

/** A bird of each species, in millimetres and grams. */
const START = [
  [39.1, 18.7, 181, 3750],
  [46.5, 17.9, 192, 3500],
  [46.1, 13.2, 211, 4500],
];

const POOLED = `${SCORES}
import csv, json, sys
import numpy as np
from sklearn.cluster import KMeans
from sklearn import metrics
from sklearn.preprocessing import StandardScaler
rows, species = [], []
for island in "Biscoe", "Dream", "Torgersen":
    with open(f"data/penguins/{island}.csv") as file:
        for row in csv.DictReader(file):
            species.append(row.pop("species"))
            rows.append([float(value) for value in row.values()])
scaler = StandardScaler().fit(rows)
X = scaler.transform(rows)
start = scaler.transform(np.load(sys.argv[1]))
km = KMeans(3, init=start, n_init=1, tol=0, algorithm="lloyd").fit(X)
print(json.dumps({
    "centroids": scaler.inverse_transform(km.cluster_centers_).ravel().tolist(),
    "sizes": np.bincount(km.labels_).tolist(),
    "inertia": km.inertia_,
    "silhouette_score": silhouette(X, km.labels_),
    "adjusted_rand_index": metrics.adjusted_rand_score(species, km.labels_),
    "normalized_mutual_information": metrics.normalized_mutual_info_score(species, km.labels_),
    "davies_bouldin_score": davies_bouldin(X, km.labels_),
    "calinski_harabasz_score": calinski_harabasz(X, km.labels_),
}))
`;

function assertClose(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-10 * Math.abs(expected), `${what}: ${actual} and ${expected}`);
}

test("three islands that keep their penguins find what scikit-learn's KMeans finds in all of them", {
  skip: skipWithoutPython,
}, async (context) => {
  const folder = temporaryFolder(context);
  const start = join(folder, "start.npy");
  writeFileSync(start, writeNpy({ data: Float64Array.from(START.flat()), shape: [3, 4] }));
  const pooled = JSON.parse(runPython(POOLED, [start]));
  const result = await run({
    data: "data/penguins",
    labelColumn: "species",
    algorithm: "lloyd",
    start,
    groupSize: 1,
    tolerance: 0,
    logDir: join(folder, "logs"),
  });
  assert.equal(result.converged, true);
  for (const [i, value] of result.finalMeans.data.entries()) {
    assertClose(value, pooled.centroids[i], `centroid value ${i}`);
  }
  const metrics = json(result.experimentDir, "federated_kmeans_metrics.json");
  assert.deepEqual(metrics.cluster_sizes, pooled.sizes);
  for (const name of [
    "inertia",
    "silhouette_score",
    "adjusted_rand_index",
    "normalized_mutual_information",
    "davies_bouldin_score",
    "calinski_harabasz_score",
  ]) {
    assertClose(metrics[name], pooled[name], name);
  }
});
