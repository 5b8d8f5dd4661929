import assert from "node:assert/strict";
import { test } from "node:test";
import { runJson, runReport } from "#src/report/run-report.js";
import { deployPrivatePenguins } from "../support/private-penguins.js";

test("of clients elsewhere under differential privacy a program and a person read noisy sizes, and no metric", async (context) => {
  const { result } = await deployPrivatePenguins(context);
  const { metrics, noisy, n_clusters } = JSON.parse(runJson(result));
  assert.deepEqual(new Set(Object.values(metrics)), new Set([null]));
  assert.deepEqual(noisy.sizes, result.noisySizes!.sizes);
  assert.equal(n_clusters, 3);
  const text = runReport(result);
  assert.match(text, /rows, noisy/);
  assert.match(text, /6 rounds, as planned/);
  assert.doesNotMatch(text, /inertia|NaN|null/);
});
