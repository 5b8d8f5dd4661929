import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import { mostExact, silhouettesOf } from "#src/read/silhouette.js";
import { runPython, skipWithoutSklearn } from "../support/python.js";
import { sampleExperiment } from "../support/sample.js";

/** As scikit-learn has them, of rows that are repeated as often as their weights say. */
function ofSklearn(experiment: Experiment, labels: Uint16Array): number[] {
  const features = experiment.clients.flatMap(({ points }) => [...points!.features]);
  const weights = experiment.clients.flatMap(({ points }) => [
    ...(points!.weights ?? new Float64Array(points!.nPoints).fill(1)),
  ]);
  return JSON.parse(
    runPython(
      `
import sys, json, numpy
from sklearn.metrics import silhouette_samples
rows, weights, labels = json.loads(sys.argv[1])
rows = numpy.array(rows).reshape(len(weights), -1)
first = numpy.concatenate([[0], numpy.cumsum(weights)[:-1]]).astype(int)
weights = numpy.array(weights).astype(int)
found = silhouette_samples(numpy.repeat(rows, weights, axis=0), numpy.repeat(labels, weights))
print(json.dumps(found[first].tolist()))`,
      [JSON.stringify([features, weights, [...labels]])],
    ),
  );
}

test("exact coefficients are scikit-learn's, also of groups, which count with their rows", {
  skip: skipWithoutSklearn,
}, () => {
  for (const groups of [undefined, "drawn"] as const) {
    const experiment = sampleExperiment({ ...(groups && { groups }), rowsPerClient: 40 });
    const { kind, of, coefficients, labels, mean, clusters, weights } = silhouettesOf(experiment, 3)!;
    assert.deepEqual([kind, of], ["exact", groups === undefined ? "rows" : "groups"]);
    const expected = ofSklearn(experiment, labels);
    assert.equal(expected.length, 120);
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(coefficients[i] - value) < 1e-9);
    const weightOf = (i: number) => weights?.[i] ?? 1;
    const total = expected.reduce((sum, _, i) => sum + weightOf(i), 0);
    const ofAll = expected.reduce((sum, value, i) => sum + weightOf(i) * value, 0) / total;
    assert.ok(Math.abs(mean - ofAll) < 1e-9);
    assert.equal(
      clusters.reduce((sum, { nRows }) => sum + nRows, 0),
      total,
    );
  }
});

/** An experiment of one feature and one client, of means at 0, 4 and 100. */
function onALine(rows: readonly number[]): Experiment {
  const experiment = sampleExperiment({ nClients: 1 });
  const features = Float64Array.from(rows);
  const points = {
    features,
    positions: new Float64Array(2 * rows.length),
    nPoints: rows.length,
    weights: null,
  };
  const [round] = experiment.rounds;
  return {
    ...experiment,
    nFeatures: 1,
    clients: [{ ...experiment.clients[0], points }],
    rounds: [{ ...round, k: 3, means: Float64Array.of(0, 4, 100), positions: new Float64Array(6) }],
  };
}

test("a row alone in its cluster has 0, and a cluster without rows has no mean", () => {
  const { coefficients, clusters } = silhouettesOf(onALine([0, 1, 4]), 0)!;
  assert.deepEqual([...coefficients], [3 / 4, 2 / 3, 0]);
  assert.deepEqual(clusters[2], { nPoints: 0, nRows: 0, mean: null });
});

test("of many rows they are simplified: of the distances to the means", () => {
  const n = mostExact(1) + 1;
  const { kind, coefficients, mean } = silhouettesOf(
    onALine(Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 4))),
    0,
  )!;
  assert.equal(kind, "simplified");
  assert.deepEqual([...coefficients.subarray(0, 2)], [2 / 3, 1]);
  assert.ok(Math.abs(mean - (n - 1 / 3) / n) < 1e-12);
});

test("without rows, or with those of one cluster, there are none", () => {
  assert.equal(silhouettesOf(sampleExperiment({ withRows: false }), 3), null);
  assert.equal(silhouettesOf(onALine([0, 1]), 0), null);
});
