import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readExperiment } from "#src/read/read-experiment.js";
import { explainedBy } from "#src/read/scree.js";
import { writeExperiment, writeNpy } from "../support/directory.js";
import { runPython, skipWithoutNumpy } from "../support/python.js";
import { sampleExperiment } from "../support/sample.js";
import { temporaryFolder } from "../support/temporary.js";

test("shares of all components are NumPy's, of rows or of groups with their weights", {
  skip: skipWithoutNumpy,
}, (t) => {
  for (const withGroups of [false, true]) {
    const shape = { nFeatures: 5, nRows: 60, withGroups, withoutRows: withGroups };
    const folder = writeExperiment(temporaryFolder(t), shape);
    writeNpy(join(folder, "pca", "components.npy"), Float64Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0, 0), [2, 5]);
    writeNpy(join(folder, "pca", "mean.npy"), new Float64Array(5), [5]);
    writeNpy(join(folder, "pca", "explained_variance_ratio.npy"), Float64Array.of(0.6, 0.2), [2]);
    const { shares, of, nAll } = explainedBy(readExperiment(folder))!;
    assert.deepEqual([of, nAll], [withGroups ? "groups" : "rows", 5]);
    const expected: number[] = JSON.parse(
      runPython(
        `
import sys, json, numpy
folder, weighted = sys.argv[1] + ("/client_points" if sys.argv[2] == "true" else "/client_data"), sys.argv[2] == "true"
clients = ("Biscoe", "Dream")
rows = numpy.concatenate([numpy.load(f"{folder}/client_{c}.npy") for c in clients])
weights = numpy.concatenate([numpy.load(f"{folder}/client_{c}_weights.npy") for c in clients]) if weighted else None
values = numpy.linalg.eigvalsh(numpy.cov(rows.T, aweights=weights))[::-1]
print(json.dumps((values / values.sum()).tolist()))`,
        [folder, String(withGroups)],
      ),
    );
    assert.equal(shares.length, 5);
    for (const [i, share] of expected.entries()) assert.ok(Math.abs(shares[i] - share) < 1e-9);
  }
});

test("without points the recorded shares are there, with how many are not; with none of both nothing is", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nFeatures: 3, withoutRows: true });
  assert.equal(explainedBy(readExperiment(folder)), null);
  writeNpy(join(folder, "pca", "components.npy"), Float64Array.of(0, 0, 1, -1, 0, 0), [2, 3]);
  writeNpy(join(folder, "pca", "mean.npy"), Float64Array.of(1, 0, 0), [3]);
  writeNpy(join(folder, "pca", "explained_variance_ratio.npy"), Float64Array.of(0.69, 0.2), [2]);
  assert.deepEqual(explainedBy(readExperiment(folder)), { shares: [0.69, 0.2], of: "recorded", nAll: 3 });
  writeNpy(join(folder, "pca", "explained_variance_ratio.npy"), Float64Array.of(0.69, 0.9), [2]);
  assert.equal(explainedBy(readExperiment(folder)), null);
  assert.equal(explainedBy(sampleExperiment()), null);
});
