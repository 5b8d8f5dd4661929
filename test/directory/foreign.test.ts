import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { open } from "#src/experiment/open.js";
import { resume, run } from "#src/experiment/run.js";
import { assignments, centroids, history, localClusters, messages } from "#src/index.js";
import { filesOf, json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const FIRST_BLOCK =
  /^(global_means|local_means|client_logs|server_logs)\/|^(experiment_summary|federated_.*)\.json$/;
const ROUND_KEYS = ["round_number", "num_clusters", "convergence_change"];

/** A run as another program that keeps to the first block of the contract would have left it. */
async function foreignRun(context: TestContext) {
  const result = await run({
    data: "data/penguins",
    labelColumn: "species",
    carrier: "inline",
    maxIterations: 2,
    tolerance: 0,
    logDir: temporaryFolder(context),
  });
  const directory = result.experimentDir;
  for (const file of filesOf(directory)) {
    const path = join(directory, file);
    if (!FIRST_BLOCK.test(file)) rmSync(path);
    if (!file.endsWith("metadata.json")) continue;
    const kept = Object.entries(json(path)).filter(([key]) => ROUND_KEYS.includes(key));
    writeFileSync(path, JSON.stringify(Object.fromEntries(kept)));
  }
  const summary = { config: { n_clusters: 3 }, final_shape: [3, 4], converged: false, status: "fine" };
  writeFileSync(join(directory, "experiment_summary.json"), JSON.stringify(summary));
  writeFileSync(
    join(directory, "federated_kmeans_metrics.json"),
    '{"inertia": 1.5, "silhouette_score": NaN}',
  );
  return { ...result, directory };
}

test("a directory of only the contract's first block is opened, and what it does not say is null", async (context) => {
  const { directory, rounds } = await foreignRun(context);
  const opened = open(directory);
  assert.equal(opened.status, "unknown");
  assert.deepEqual(
    opened.clients,
    ["Biscoe", "Dream", "Torgersen"].map((name) => ({ name, nSamples: null, nPoints: null })),
  );
  assert.deepEqual(
    [opened.rounds.length, opened.rounds[0].means.nRows, opened.nFeatures],
    [rounds + 1, 3, 4],
  );
  assert.deepEqual([opened.featureNames, opened.finalMeans, opened.finalRound], [null, null, null]);
  assert.equal(opened.metrics?.inertia, 1.5);
  assert.equal(opened.metrics?.silhouetteScore, null);
  assert.equal(opened.metrics?.clusterSizes, null);

  const table = history(directory);
  assert.deepEqual(
    table.map(({ round, inertia, dropped }) => [round, inertia, dropped]),
    [0, 1, 2].map((round) => [round, null, 0]),
  );
  assert.equal(table[0].convergenceChange, null);
  assert.ok(table[1].convergenceChange! > 0);
  const ofDream = localClusters(directory).filter(({ round, client }) => round === 1 && client === "Dream");
  assert.equal(
    ofDream.reduce((sum, { nSamples }) => sum + nSamples, 0),
    124,
  );
  assert.ok(messages(directory).length > 0);
  assert.deepEqual(centroids(directory), []);
  assert.equal(verify(directory).rounds, 3);
  await assert.rejects(
    assignments(directory),
    /^RunError: .*it does not say where its rows are; give them as data$/,
  );
  await assert.rejects(resume(directory), /^RunError: .* cannot be resumed: .* another program wrote it$/);
});

test("a directory of a later version is refused by its number", async (context) => {
  const { directory } = await foreignRun(context);
  const path = join(directory, "experiment_summary.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), schema_version: 2 }));
  for (const read of [verify, open, messages]) {
    assert.throws(
      () => read(directory),
      /^RunError: .*experiment_summary\.json: schema_version 1 expected, found 2: it was written by another version/,
    );
  }
});
