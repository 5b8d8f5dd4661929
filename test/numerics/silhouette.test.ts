import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusteredRows } from "#src/numerics/clustered-rows.js";
import { squaredDistance } from "#src/numerics/distances.js";
import { nearestCentroids } from "#src/numerics/nearest-centroids.js";
import { randomStream } from "#src/numerics/random.js";
import { silhouetteSum, simplifiedSilhouetteSum } from "#src/numerics/silhouette.js";
import { CLUSTERINGS, type Clustering, repeatRows } from "../support/clusterings.js";
import { assertClose, gaussianClusters, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { SCIKIT_LEARN_TOLERANCE, SCORES } from "../support/scores.js";

function ofAll({ rows, labels }: Clustering): ClusteredRows {
  return { rows, labels, weights: null };
}

test("silhouettes are those of their formulas, degenerate clusterings too", {
  skip: skipWithoutPython,
}, () => {
  const expected = askPython<{ exact: number; ofScikitLearn: number; simplified: number }[]>(
    `${SCORES}
from sklearn import metrics
def scores(case):
    X, labels, means = np.array(case["rows"]), np.array(case["labels"]), np.array(case["means"])
    distances = np.linalg.norm(X[:, None] - means[None], axis=2)
    own = distances[np.arange(len(X)), labels]
    distances[np.arange(len(X)), labels] = np.inf
    other = distances.min(axis=1)
    larger = np.maximum(own, other)
    simplified = np.where(larger > 0, (other - own) / np.where(larger > 0, larger, 1), 0)
    return {"exact": silhouette(X, labels), "ofScikitLearn": metrics.silhouette_score(X, labels),
            "simplified": simplified.mean()}
answer([scores(case) for case in cases])
`,
    CLUSTERINGS.map(({ rows, labels, means, d }) => ({
      rows: rowsOf(rows, d),
      labels,
      means: rowsOf(means, d),
    })),
  );
  for (const [i, clustering] of CLUSTERINGS.entries()) {
    const { name, d, k, labels, means } = clustering;
    const rows = ofAll(clustering);
    const exact = silhouetteSum(rows, rows, d, k) / labels.length;
    assertClose([exact], [expected[i].exact], 1e-12, name);
    assertClose([exact], [expected[i].ofScikitLearn], SCIKIT_LEARN_TOLERANCE, `of sklearn, ${name}`);
    const simplified = simplifiedSilhouetteSum(rows, means, d) / labels.length;
    assertClose([simplified], [expected[i].simplified], 1e-12, `simplified, ${name}`);
  }
});

test("the exact silhouette is bit for bit the plain formula's, for any number of rows", () => {
  const k = 3;
  for (const [n, d] of [
    [5, 2],
    [22, 7],
    [1030, 1],
    [150, 300],
  ]) {
    const rows = gaussianClusters(`silhouette ${n}`, n, d, k, 2);
    const labels = Int32Array.from({ length: n }, (_, i) => (i * i) % k);
    const sizes = [0, 1, 2].map((c) => labels.filter((label) => label === c).length);
    let expected = 0;
    for (let i = 0; i < n; i++) {
      const sums = [0, 0, 0];
      for (let j = 0; j < n; j++) sums[labels[j]] += Math.sqrt(squaredDistance(rows, i, rows, j, d));
      const own = labels[i];
      if (sizes[own] < 2) continue;
      const within = sums[own] / (sizes[own] - 1);
      const between = Math.min(
        ...[0, 1, 2].filter((c) => c !== own && sizes[c] > 0).map((c) => sums[c] / sizes[c]),
      );
      expected += (between - within) / Math.max(within, between);
    }
    const all = { rows, labels, weights: null };
    assert.equal(silhouetteSum(all, all, d, k), expected);
  }
});

test("exact silhouettes summed client by client add up to those of all rows", () => {
  const { rows, d, k, labels } = CLUSTERINGS[1];
  const all = ofAll(CLUSTERINGS[1]);
  const whole = silhouetteSum(all, all, d, k);
  let sum = 0;
  for (const [start, end] of [
    [0, 1],
    [1, 90],
    [90, 150],
  ]) {
    const part = {
      rows: rows.subarray(start * d, end * d),
      labels: labels.subarray(start, end),
      weights: null,
    };
    sum += silhouetteSum(part, all, d, k);
  }
  assertClose([sum], [whole], 1e-13, "sum");
});

test("the simplified silhouette of a large problem is block for block that of its parts", () => {
  const [n, d, k] = [5000, 5, 9];
  const random = randomStream(2, "silhouette");
  const rows = Float64Array.from({ length: n * d }, () => random.normal());
  const centroids = rows.slice(0, k * d);
  const labels = nearestCentroids(rows, d, centroids);
  let expected = 0;
  for (let start = 0; start < n; start += 1024) {
    let block = 0;
    for (let i = start; i < Math.min(n, start + 1024); i++) {
      const own = Math.sqrt(squaredDistance(rows, i, centroids, labels[i], d));
      let other = Infinity;
      for (let c = 0; c < k; c++) {
        if (c !== labels[i]) other = Math.min(other, squaredDistance(rows, i, centroids, c, d));
      }
      const larger = Math.max(own, Math.sqrt(other));
      block += larger === 0 ? 0 : (Math.sqrt(other) - own) / larger;
    }
    expected += block;
  }
  assert.equal(simplifiedSilhouetteSum({ rows, labels, weights: null }, centroids, d), expected);
});

test("a point of some weight has the silhouettes of so many rows", () => {
  for (const clustering of CLUSTERINGS) {
    const { name, rows, labels, means, d, k } = clustering;
    const weights = Float64Array.from(labels, (_, i) => (i * i + 1) % 4);
    const points = { rows, labels, weights };
    const repeated = repeatRows(points, d);
    const [exact, expected] = [points, repeated].map((all) => silhouetteSum(all, all, d, k));
    assertClose([exact], [expected], 1e-12, name);
    const [simplified, plain] = [points, repeated].map((all) => simplifiedSilhouetteSum(all, means, d));
    assertClose([simplified], [plain], 1e-12, `simplified, ${name}`);
    const ones = { rows, labels, weights: weights.map(() => 1) };
    assert.equal(silhouetteSum(ones, ones, d, k), silhouetteSum(ofAll(clustering), ofAll(clustering), d, k));
    assert.equal(
      simplifiedSilhouetteSum(ones, means, d),
      simplifiedSilhouetteSum(ofAll(clustering), means, d),
    );
  }
});

test("weights are those of the rows where a kernel computes the simplified silhouette", () => {
  const [n, d, k] = [2100, 3, 5];
  const rows = gaussianClusters("weighted", n, d, k);
  const centroids = rows.slice(0, k * d);
  const points = { rows, labels: nearestCentroids(rows, d, centroids), weights: new Float64Array(n) };
  points.weights.forEach((_, i, weights) => {
    weights[i] = i % 3;
  });
  const [found, expected] = [points, repeatRows(points, d)].map((all) =>
    simplifiedSilhouetteSum(all, centroids, d),
  );
  assertClose([found], [expected], 1e-12, "sum");
});
