import assert from "node:assert/strict";
import { test } from "node:test";
import { readDispersion } from "#src/workflow/dispersion.js";
import {
  answerDispersion,
  answerFit,
  clusterMeansOf,
  dispersionRequest,
  fitRequest,
  readFit,
} from "#src/workflow/evaluation.js";
import { combineMetrics, type Metrics } from "#src/workflow/metrics.js";
import { cut, localClient } from "../support/clients.js";
import { NO_TRANSFORM } from "../support/federation.js";
import { assertClose, flat, gaussianClusters, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { SCORES } from "../support/scores.js";

interface Problem {
  name: string;
  rows: number[][][];
  /** Class of each row of each client; null for a federation without labels. */
  labels: string[][] | null;
  means: number[][];
  threshold: number;
}

function problem(
  name: string,
  sizes: number[],
  k: number,
  threshold: number,
  labelOf: ((i: number) => string) | null,
): Problem {
  const n = sizes.reduce((a, b) => a + b);
  const rows = rowsOf(gaussianClusters(name, n, 3, 4, 2), 3);
  const labels = labelOf && cut([...rows.keys()].map(labelOf), sizes);
  // Means that are not the means of their rows, as those of fkm are not.
  const means = rows.slice(0, k).map((row) => row.map((value, f) => value + 0.1 * f));
  return { name, rows: cut(rows, sizes), labels, means, threshold };
}

const PROBLEMS: Problem[] = [
  problem("classes near the clusters", [70, 50, 80], 4, 1, (i) => `species ${i % 4}`),
  problem(
    "classes that only some clients have",
    [40, 40, 40],
    5,
    1,
    (i) => ["Adélie", "Gentoo", "Chinstrap"][Math.floor(i / 30) % 3],
  ),
  problem("one client", [90], 3, 1, (i) => String(i % 2)),
  problem("clusters withheld by a threshold of 9", [30, 25, 60], 6, 9, (i) => String(i % 4)),
  problem("a client smaller than its threshold", [5, 60, 60], 4, 8, (i) => String(i % 4)),
  problem("one class", [20, 30], 3, 1, () => "only"),
  problem("no labels", [50, 60], 4, 2, null),
];
// A mean far from all rows has none.
PROBLEMS[1].means.push([1e3, 1e3, 1e3]);

/** The evaluation phase, from requests to metrics. */
function evaluate({ rows, labels, means, threshold }: Problem): Metrics {
  const clients = rows.map((part, i) =>
    localClient(`${i}`, part, { threshold, ...(labels && { labels: labels[i] }) }),
  );
  const k = means.length;
  const global = { data: flat(means), nRows: k, nColumns: 3 };
  const fits = clients.map((client) =>
    readFit(answerFit(client.local, fitRequest(NO_TRANSFORM, global, 1, false)), k, 3),
  );
  const request = dispersionRequest(NO_TRANSFORM, global, clusterMeansOf(fits, global), 1);
  const dispersions = clients.map((client) => readDispersion(answerDispersion(client.local, request), k));
  return combineMetrics(fits, dispersions, k, null);
}

/** Rows of each class by cluster; null without labels. */
function byClass({ contingency }: Metrics): Record<string, number[]> | null {
  return (
    contingency && Object.fromEntries(contingency.classes.map((name, i) => [name, contingency.counts[i]]))
  );
}

test("every metric combined from the clients' replies is that of the pooled rows", {
  skip: skipWithoutPython,
}, () => {
  const expected = askPython<Metrics[]>(
    `${SCORES}
from sklearn import metrics
def solve(case):
    means = np.array(case["means"])
    parts = [np.array(part) for part in case["rows"]]
    assigned = [((part[:, None] - means[None]) ** 2).sum(2).argmin(1) for part in parts]
    # Clients below their threshold send no totals, and no client sends sums of a cluster below it.
    distances = np.linalg.norm(np.concatenate([p for p in parts if len(p) >= case["threshold"]])[:, None] - means, axis=2)
    nearest = np.sort(distances, axis=1)
    sizes = [np.bincount(labels, minlength=len(means)) for labels in assigned]
    told = np.concatenate([size[labels] >= case["threshold"] for size, labels in zip(sizes, assigned)])
    X, labels = np.concatenate(parts), np.concatenate(assigned)
    found = {
        "inertia": (nearest[:, 0] ** 2).sum(),
        "simplifiedSilhouetteScore": (1 - nearest[:, 0] / nearest[:, 1]).mean(),
        "daviesBouldinScore": davies_bouldin(X[told], labels[told]),
        "calinskiHarabaszScore": calinski_harabasz(X[told], labels[told]),
        "nSamplesInInertia": sum(len(p) for p in parts if len(p) >= case["threshold"]),
        "nSamples": len(X), "nSamplesWithheld": (~told).sum(), "clusterSizes": sum(sizes),
        "silhouetteScore": None, "adjustedRandIndex": None, "meanClientAdjustedRandIndex": None,
        "normalizedMutualInformation": None, "contingency": None,
    }
    if case["labels"]:
        classes = np.concatenate(case["labels"])
        found["adjustedRandIndex"] = metrics.adjusted_rand_score(classes, labels)
        found["normalizedMutualInformation"] = metrics.normalized_mutual_info_score(classes, labels)
        names = np.unique(classes)
        counts = [np.bincount(labels[classes == name], minlength=len(means)) for name in names]
        found["contingency"] = dict(zip(names.tolist(), counts))
        scores = [metrics.adjusted_rand_score(c, l) for c, l in zip(case["labels"], assigned)]
        found["meanClientAdjustedRandIndex"] = np.average(scores, weights=[len(p) for p in parts])
    return found
answer([solve(case) for case in cases])
`,
    PROBLEMS,
  );
  for (const [i, one] of PROBLEMS.entries()) {
    const ours = evaluate(one);
    assert.deepEqual(Object.keys(ours).sort(), Object.keys(expected[i]).sort());
    for (const [key, value] of Object.entries(expected[i])) {
      const found = ours[key as keyof Metrics];
      if (key === "contingency") assert.deepEqual(byClass(ours), value, one.name);
      else if (typeof value === "number")
        assertClose([found as number], [value], 1e-10, `${one.name}: ${key}`);
      else assert.deepEqual(found, value, `${one.name}: ${key}`);
    }
  }
  // The comparison has seen rows withheld, and none withheld.
  assert.ok(expected[3].nSamplesWithheld > 0 && expected[4].nSamplesWithheld >= 5);
  assert.equal(expected[0].nSamplesWithheld, 0);
});

test("a contingency is of no more classes than a reader can take in", () => {
  const rows = [Array.from({ length: 101 }, (_, i) => [i, 0, 0])];
  const problem = {
    ...PROBLEMS[6],
    rows,
    labels: [rows[0].map(([i]) => `class ${i}`)],
    means: [
      [0, 0, 0],
      [90, 0, 0],
    ],
  };
  assert.equal(evaluate(problem).contingency, null);
  problem.labels[0][0] = "class 1";
  assert.equal(evaluate(problem).contingency!.classes.length, 100);
});

test("one cluster has no silhouette and no separation, and its inertia is known", () => {
  const metrics = evaluate({ ...PROBLEMS[6], means: [[0, 0, 0]] });
  assert.deepEqual(
    [metrics.simplifiedSilhouetteScore, metrics.daviesBouldinScore, metrics.calinskiHarabaszScore],
    [null, null, null],
  );
  const squares = PROBLEMS[6].rows.flat(2).reduce((sum, value) => sum + value ** 2, 0);
  assertClose([metrics.inertia], [squares], 1e-12, "inertia");
  assert.deepEqual(metrics.clusterSizes, [110]);
});

test("a client without labels leaves every comparison with classes unknown", () => {
  const { rows, labels, means } = PROBLEMS[0];
  const clients = rows.map((part, i) => localClient(`${i}`, part, i === 1 ? {} : { labels: labels![i] }));
  const global = { data: flat(means), nRows: 4, nColumns: 3 };
  const fits = clients.map((client) =>
    readFit(answerFit(client.local, fitRequest(NO_TRANSFORM, global, 1, false)), 4, 3),
  );
  const metrics = combineMetrics(fits, null, 4, 0.25);
  assert.equal(metrics.adjustedRandIndex, null);
  assert.equal(metrics.meanClientAdjustedRandIndex, null);
  assert.equal(metrics.normalizedMutualInformation, null);
  // Nor is anything made up for a dispersion that not everybody sent.
  assert.equal(metrics.daviesBouldinScore, null);
  assert.equal(metrics.calinskiHarabaszScore, null);
  assert.equal(metrics.silhouetteScore, 0.25);
  assert.equal(metrics.nSamples, 200);
});
