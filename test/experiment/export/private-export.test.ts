import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeManifest } from "#src/directory/manifest.js";
import { verify } from "#src/directory/verify.js";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { filesOf, json } from "../../support/experiment.js";
import { privatePenguinRun } from "../../support/private-penguins.js";
import { temporaryFolder } from "../../support/temporary.js";

test("under differential privacy noisy answers alone are exported, and nothing that the simulation knows of rows", async (context) => {
  const directory = await privatePenguinRun(context, { twin: true, saveLabels: true });
  const out = join(temporaryFolder(context), "out");
  const exported = exportDirectory(directory, out);
  assert.deepEqual([exported.nSamples, exported.nPoints], [null, null]);
  assert.equal(verify(out).runHash, verify(directory).runHash);
  const files = filesOf(out).filter((file) => !file.startsWith("global_means/"));
  assert.deepEqual(files, [
    "experiment_summary.json",
    "federated_kmeans_metrics.json",
    "final_means.npy",
    "manifest.json",
    "normalization/mean.npy",
    "normalization/std.npy",
  ]);
  const summary = json(out, "experiment_summary.json");
  const { epsilon, delta, declared_rows } = summary.configuration;
  assert.deepEqual([epsilon, delta, declared_rows], [4, 1e-6, 340]);
  for (const name of ["bounds", "epsilon_limit", "state_dir", "data", "label_column"]) {
    assert.ok(!Object.hasOwn(summary.configuration, name), name);
  }
  // Numbers of rows at each client and of all; what is of noise may be any number.
  const { noisy: _, ...told } = json(out, "federated_kmeans_metrics.json");
  const numbers = new Set<unknown>();
  JSON.stringify([summary, told], (_name, value) => {
    numbers.add(value);
    return value;
  });
  for (const rows of [342, 167, 124, 51]) assert.ok(!numbers.has(rows), `${rows}`);
  const text = JSON.stringify([summary, told]);
  assert.doesNotMatch(text, /species|Adelie|sha256|\.csv|has_labels/);
  const { noisy, ...ofRows } = json(out, "federated_kmeans_metrics.json");
  assert.deepEqual(noisy, json(directory, "federated_kmeans_metrics.json").noisy);
  assert.deepEqual(new Set(Object.values({ ...ofRows, schema_version: null })), new Set([null]));
});

test("exports of runs under differential privacy that differ in what is of rows have the same bytes", async (context) => {
  const directory = await privatePenguinRun(context);
  const folder = temporaryFolder(context);
  exportDirectory(directory, join(folder, "one"));
  const files = ["experiment_summary.json", "federated_kmeans_metrics.json"].map((name) =>
    join(directory, name),
  );
  const [summary, metrics] = files.map((path) => JSON.parse(readFileSync(path, "utf8")));
  const other = {
    ...summary,
    n_samples: 9,
    clients: summary.clients.map((client: object) => ({
      ...client,
      n_samples: 3,
      n_points: 3,
      has_labels: false,
    })),
    results: {
      ...summary.results,
      n_clusters: 2,
      fewer_clusters: "no row is nearest",
      n_samples_in_inertia: 9,
    },
  };
  writeFileSync(files[0], JSON.stringify(other));
  writeFileSync(
    files[1],
    JSON.stringify({ ...metrics, inertia: 1, cluster_sizes: [3, 3, 3], contingency: null }),
  );
  rmSync(join(directory, "manifest.json"));
  writeManifest(directory, new Map());
  exportDirectory(directory, join(folder, "other"));
  for (const file of filesOf(join(folder, "one"))) {
    assert.deepEqual(
      readFileSync(join(folder, "other", file)),
      readFileSync(join(folder, "one", file)),
      file,
    );
  }
});
