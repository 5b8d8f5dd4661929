import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";
import { leadingSingularVectors } from "#src/numerics/singular-vectors.js";
import { sweep } from "#src/study/sweep.js";
import { aggregateKFed } from "#src/workflow/clustering/k-fed.js";
import type { LocalClusters } from "#src/workflow/clustering/local-clusters.js";
import { folderOf, paperData } from "../../support/datasets.js";
import { runPython, skipWithoutPython } from "../../support/python.js";

function reported(...means: number[]): LocalClusters {
  const nRows = means.length;
  const counts = new Int32Array(nRows).fill(5);
  const origins = new Int32Array(nRows).fill(-1);
  return {
    means: { data: Float64Array.from(means), nRows, nColumns: 1 },
    sums: Float64Array.from(means, (mean) => 5 * mean),
    counts,
    origins,
    beforeFilter: { counts, sent: new Int32Array(nRows).fill(1), origins },
    inertia: 0,
  };
}

test("k-fed's server adds the farthest mean until there are k, and averages what is nearest to each", () => {
  // Whichever client it begins with, 0, 10 and 100 are chosen, or their neighbours.
  const locals = [reported(0, 10), reported(1, 100), reported(11, 104)];
  for (let seed = 0; seed < 6; seed++) {
    const { means, sizes } = aggregateKFed(locals, 3, randomStream(seed, "test"));
    assert.deepEqual([...means.data], [0.5, 10.5, 102]);
    assert.deepEqual([...sizes!], [10, 10, 10]);
  }
});

test("k-fed finds clusters that lie far apart, in one shot", async (test) => {
  const data = await folderOf(test, paperData({ noise: 0.2, beta: 10, randomState: 3 }));
  const settings = { data, kGlobal: 16, groupSize: 1, normalize: false, algorithm: "k-fed" } as const;
  const { runs } = await sweep(settings, {}, { seeds: 3, threads: 1 });
  for (const found of runs) {
    assert.equal(found.adjustedRandIndex, 1);
    assert.equal(found.rounds, 0);
    assert.equal(found.converged, true);
  }
});

test("the leading singular vectors span what NumPy's do, for few and for many rows", {
  skip: skipWithoutPython,
}, () => {
  const random = randomStream(1, "rows");
  for (const [n, d, k] of [
    [40, 6, 3],
    [7, 12, 4],
  ]) {
    const rows = Float64Array.from({ length: n * d }, () => 1 + random.normal());
    const found = leadingSingularVectors(rows, d, null, k);
    const script = `
import json, sys, numpy
rows, d, k = json.loads(sys.argv[1])
v = numpy.linalg.svd(numpy.array(rows).reshape(-1, d), full_matrices=False)[2][:k]
print(json.dumps((v.T @ v).ravel().tolist()))`;
    const projector = JSON.parse(runPython(script, [JSON.stringify([[...rows], d, k])])) as number[];
    projector.forEach((expected, at) => {
      let sum = 0;
      for (let v = 0; v < k; v++) sum += found[v * d + Math.floor(at / d)] * found[v * d + (at % d)];
      assert.ok(Math.abs(sum - expected) < 1e-9, `element ${at}: ${sum}, NumPy ${expected}`);
    });
  }
});
