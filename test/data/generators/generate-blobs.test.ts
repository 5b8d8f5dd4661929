import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Dataset } from "#src/data/generators/dataset.js";
import { writeDataset } from "#src/data/generators/dataset-write.js";
import { type BlobsOptions, generateBlobs } from "#src/data/generators/generate-blobs.js";
import { UsageError } from "#src/errors.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { runOnNodeAndDeno } from "../../support/deno.js";
import { runPython, skipWithoutPython } from "../../support/python.js";
import { temporaryFolder } from "../../support/temporary.js";

function blobs(options: Partial<BlobsOptions>): Dataset {
  return generateBlobs(options);
}

/** How many rows of each cluster each client has. */
function clusterCounts({ clients, centers }: Dataset): number[][] {
  return clients.map(({ labels }) =>
    Array.from({ length: centers.nRows }, (_, cluster) => labels.filter((label) => label === cluster).length),
  );
}

function smallestDistance({ data, nRows, nColumns }: Matrix): number {
  let smallest = Infinity;
  for (let a = 0; a < nRows; a++) {
    for (let b = 0; b < a; b++) {
      const differences = Array.from(
        { length: nColumns },
        (_, j) => data[a * nColumns + j] - data[b * nColumns + j],
      );
      smallest = Math.min(smallest, Math.hypot(...differences));
    }
  }
  return smallest;
}

test("with non-IID factor 0 every client has the very same mixture", () => {
  const counts = clusterCounts(blobs({ nonIidFactor: 0, numClusters: 7, densityVariation: 0.4 }));
  for (const client of counts) assert.deepEqual(client, counts[0]);
});

test("with non-IID factor 1 no cluster is at two clients, and none is nowhere", () => {
  const counts = clusterCounts(blobs({ nonIidFactor: 1, numClusters: 12, numClients: 5 }));
  for (let cluster = 0; cluster < 12; cluster++) {
    assert.equal(counts.filter((client) => client[cluster] > 0).length, 1, `cluster ${cluster}`);
  }
});

test("with non-IID factor 1 and fewer clusters than clients each client has one cluster, and all are used", () => {
  const counts = clusterCounts(blobs({ nonIidFactor: 1, numClusters: 3, numClients: 5 }));
  const owned = counts.map((client) => client.flatMap((count, cluster) => (count > 0 ? [cluster] : [])));
  assert.ok(owned.every((clusters) => clusters.length === 1));
  assert.equal(new Set(owned.flat()).size, 3);
});

test("density variation v makes each cluster 1 - 0.6 v times as frequent as the one before", () => {
  const options = { nonIidFactor: 0, densityVariation: 0.5, numClusters: 3, samplesPerClient: 219 };
  // 1 : 0.7 : 0.49 of 219
  assert.deepEqual(clusterCounts(blobs(options))[0], [100, 70, 49]);
  const extreme = {
    densityVariation: 1,
    nonIidFactor: 1,
    numClusters: 1000,
    numClients: 1000,
    samplesPerClient: 2,
  };
  assert.ok(blobs(extreme).clients.every(({ rows }) => rows.nRows === 2));
});

test("the closest centres are 8 standard deviations apart, 1.5 at full overlap", () => {
  const closest = (options: Partial<BlobsOptions>) => smallestDistance(blobs(options).centers);
  for (const numFeatures of [1, 2, 30]) {
    const shape = { numFeatures, numClusters: 9, clusterStd: 0.5 };
    assert.ok(Math.abs(closest({ ...shape, overlapFactor: 0 }) - 4) < 1e-12);
    assert.ok(Math.abs(closest({ ...shape, overlapFactor: 0.5 }) - 2.375) < 1e-12);
    assert.ok(Math.abs(closest({ ...shape, overlapFactor: 1 }) - 0.75) < 1e-12);
  }
});

test("rows scatter about their centre with the standard deviation asked for, in every feature", () => {
  const { clients, centers } = blobs({
    samplesPerClient: 20_000,
    clusterStd: 2.5,
    numClients: 1,
    numFeatures: 3,
  });
  const [{ rows, labels }] = clients;
  for (let j = 0; j < 3; j++) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < rows.nRows; i++) {
      const offset = rows.data[i * 3 + j] - centers.data[labels[i] * 3 + j];
      sum += offset;
      squares += offset * offset;
    }
    // Standard errors: 2.5 / sqrt(20000) = 0.018 and 2.5 / sqrt(40000) = 0.0125.
    assert.ok(Math.abs(sum / rows.nRows) < 0.08);
    assert.ok(Math.abs(Math.sqrt(squares / rows.nRows) - 2.5) < 0.06);
  }
});

test("a client's rows do not depend on how many clients there are", () => {
  const few = blobs({ nonIidFactor: 0, numClients: 4 });
  const many = blobs({ nonIidFactor: 0, numClients: 40 });
  assert.deepEqual(few.clients, many.clients.slice(0, 4));
});

test("another seed gives other rows", () => {
  assert.notDeepEqual(blobs({ randomState: 1 }), blobs({ randomState: 2 }));
});

test("every client gets exactly its number of rows, all finite, whatever the options", () => {
  const options = fc.record({
    numClients: fc.integer({ min: 1, max: 9 }),
    samplesPerClient: fc.integer({ min: 1, max: 50 }),
    numFeatures: fc.integer({ min: 1, max: 5 }),
    numClusters: fc.integer({ min: 1, max: 12 }),
    clusterStd: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    nonIidFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    overlapFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    densityVariation: fc.double({ min: 0, max: 1, noNaN: true }),
    randomState: fc.nat(),
  });
  fc.assert(
    fc.property(options, (drawn) => {
      for (const { rows, labels } of generateBlobs(drawn).clients) {
        assert.equal(labels.length, drawn.samplesPerClient);
        assert.equal(rows.data.length, drawn.samplesPerClient * drawn.numFeatures);
        assert.ok(rows.data.every(Number.isFinite));
        assert.ok(labels.every((label) => label >= 0 && label < drawn.numClusters));
      }
    }),
  );
});

test("scikit-learn's k-means finds the clusters without overlap and not at full overlap", {
  skip: skipWithoutPython,
}, async (context) => {
  const script = `
import sys, glob, numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
parts = [np.load(f) for f in glob.glob(sys.argv[1] + "/client_*.npz")]
X, y = (np.concatenate([p[name] for p in parts]) for name in "Xy")
print(adjusted_rand_score(y, KMeans(int(y.max()) + 1, n_init=10, random_state=0).fit_predict(X)))
`;
  const score = async (options: Partial<BlobsOptions>) => {
    const folder = temporaryFolder(context);
    await writeDataset(blobs(options), folder, { scheme: "blobs", options });
    return Number(runPython(script, [folder]));
  };
  for (const shape of [{}, { numClusters: 8, numFeatures: 5, nonIidFactor: 1, densityVariation: 0.3 }]) {
    assert.ok((await score({ ...shape, overlapFactor: 0 })) > 0.99);
    assert.ok((await score({ ...shape, overlapFactor: 1 })) < 0.9);
  }
});

test("the same seed writes the same bytes on Node and on Deno, for both generators", (context) => {
  const modules = JSON.stringify(dirname(require.resolve("#src/data/generators/dataset.js")));
  const folder = temporaryFolder(context);
  const { node, deno } = runOnNodeAndDeno(
    folder,
    `
const { createHash } = require("node:crypto");
const { mkdtempSync, readdirSync, readFileSync } = require("node:fs");
const { generateBlobs } = require(${modules} + "/generate-blobs.js");
const { generatePaper } = require(${modules} + "/generate-paper.js");
const { writeDataset } = require(${modules} + "/dataset-write.js");
async function main() {
  const blobs = { samplesPerClient: 5000, numFeatures: 7, numClusters: 11, densityVariation: 0.5 };
  const paper = { pointsPerCluster: 200 };
  for (const [scheme, options, dataset] of [
    ["blobs", blobs, generateBlobs(blobs)],
    ["paper", paper, generatePaper(paper)],
  ]) {
    const folder = mkdtempSync(${JSON.stringify(folder)} + "/");
    await writeDataset(dataset, folder, { scheme, options });
    for (const file of readdirSync(folder).sort()) {
      console.log(file, createHash("sha256").update(readFileSync(folder + "/" + file)).digest("hex"));
    }
  }
}
main();
`,
  );
  assert.equal(node.trim().split("\n").length, 14);
  assert.equal(node, deno);
});

test("the generators call no function of Math whose bits depend on the host", () => {
  for (const name of ["generate-blobs", "generate-paper"]) {
    const code = readFileSync(require.resolve(`#src/data/generators/${name}.js`), "utf8");
    const called = new Set(Array.from(code.matchAll(/Math\.(\w+)/g), (match) => match[1]));
    assert.deepEqual(
      [...called].filter((f) => !["sqrt", "floor", "min", "max"].includes(f)),
      [],
    );
  }
});

const REFUSED: [Partial<BlobsOptions>, string][] = [
  [{ numClients: 0 }, "the setting\u00a0numClients must be an integer of at least 1, found 0"],
  [
    { samplesPerClient: 1.5 },
    "the setting\u00a0samplesPerClient must be an integer of at least 1, found 1.5",
  ],
  [{ numFeatures: Number.NaN }, "the setting\u00a0numFeatures must be an integer of at least 1, found NaN"],
  [{ numClusters: -1 }, "the setting\u00a0numClusters must be an integer of at least 1, found -1"],
  [{ clusterStd: 0 }, "the setting\u00a0clusterStd must be a number above 0, found 0"],
  [{ clusterStd: Infinity }, "the setting\u00a0clusterStd must be a number above 0, found Infinity"],
  [{ nonIidFactor: 1.1 }, "the setting\u00a0nonIidFactor must be between 0 and 1, found 1.1"],
  [{ overlapFactor: -0.1 }, "the setting\u00a0overlapFactor must be between 0 and 1, found -0.1"],
  [{ densityVariation: Number.NaN }, "the setting\u00a0densityVariation must be between 0 and 1, found NaN"],
  [{ randomState: -1 }, "the setting\u00a0randomState must be an integer of at least 0, found -1"],
  [
    { numClients: 1e6, samplesPerClient: 1e6 },
    "the setting\u00a0numClients x the setting\u00a0samplesPerClient x the setting\u00a0numFeatures must be at most 1073741824 values in all, found 2000000000000",
  ],
];

for (const [options, message] of REFUSED) {
  test(`generating blobs: ${message}`, () => {
    assert.throws(() => blobs(options), new UsageError(message));
  });
}
