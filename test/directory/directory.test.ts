import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { layoutOf } from "#src/directory/layout.js";
import { readNpy } from "#src/directory/npy.js";
import { readExperiment } from "#src/directory/read-experiment.js";
import { littleEndianBytes } from "#src/directory/run-hash.js";
import { verify } from "#src/directory/verify.js";
import type { RunResult } from "#src/experiment/result.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { filesOf, generatedFolder, json } from "../support/experiment.js";
import { runPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

function penguins(context: TestContext, more: Partial<Configuration> = {}): Promise<RunResult> {
  const logDir = join(temporaryFolder(context), "logs");
  return run({ data: "data/penguins", labelColumn: "species", carrier: "inline", logDir, ...more });
}

test("file names are those of the contract, from round 0 on", async (context) => {
  const { experimentDir, rounds } = await penguins(context, { maxIterations: 2, tolerance: 0 });
  assert.equal(rounds, 2);
  const islands = ["Biscoe", "Dream", "Torgersen"];
  const numbers = ["000", "001", "002"];
  assert.deepEqual(
    filesOf(experimentDir),
    [
      ...islands.map((client) => `client_data/client_${client}.npy`),
      ...islands.map((client) => `client_ledger/client_${client}.jsonl`),
      ...islands.map((client) => `client_logs/client_${client}.log`),
      ...islands.map((client) => `client_points/client_${client}.npy`),
      ...islands.map((client) => `client_points/client_${client}_weights.npy`),
      "experiment_summary.json",
      "federated_kmeans_metrics.json",
      "final_means.npy",
      ...numbers.flatMap((round) =>
        ["global_means.npy", "metadata.json"].map((file) => `global_means/round_${round}_${file}`),
      ),
      ...islands.flatMap((client) =>
        numbers.flatMap((round) =>
          ["local_means.npy", "metadata.json", "sample_counts.npy"].map(
            (file) => `local_means/client_${client}/round_${round}_${file}`,
          ),
        ),
      ),
      "manifest.json",
      "normalization/mean.npy",
      "normalization/std.npy",
      "pca/components.npy",
      "pca/explained_variance.npy",
      "pca/explained_variance_ratio.npy",
      "pca/mean.npy",
      "server_logs/server.log",
    ].sort(),
  );
  assert.match(experimentDir, /experiment_\d{8}_\d{6}$/);
});

test("runs of the same second get directories of their own", async (context) => {
  const data = await generatedFolder(context);
  const logDir = temporaryFolder(context);
  const all = [1, 2, 3].map(() => run({ data, logDir, carrier: "inline", maxIterations: 1 }));
  const directories = (await Promise.all(all)).map(({ experimentDir }) => experimentDir);
  assert.equal(new Set(directories).size, 3);
});

/** Checks every array of an experiment directory as a stranger with NumPy and hashlib would. */
const CHECK = `
import glob, hashlib, json, os, sys
import numpy as np
base = sys.argv[1]
arrays, described = 0, 0
for path in glob.glob(base + "/**/*.npy", recursive=True):
    array = np.load(path, allow_pickle=False)
    assert array.flags.c_contiguous and array.dtype in (np.float64, np.int64), (path, array.dtype)
    assert np.isfinite(array).all(), path
    assert (array.dtype == np.int64) == path.endswith("sample_counts.npy"), path
    arrays += 1
for path in glob.glob(base + "/**/round_*_metadata.json", recursive=True):
    metadata = json.load(open(path))
    for record in metadata["arrays"].values():
        file = os.path.join(os.path.dirname(path), record["file"])
        assert hashlib.sha256(open(file, "rb").read()).hexdigest() == record["sha256"], file
        array = np.load(file)
        assert list(array.shape) == record["shape"] and str(array.dtype) == record["dtype"], file
        described += 1
hash = hashlib.sha256()
summary = json.load(open(base + "/experiment_summary.json"))
for r in range(summary["results"]["rounds"] + 1):
    hash.update(np.load(f"{base}/global_means/round_{r:03d}_global_means.npy").tobytes())
    for client in json.load(open(f"{base}/global_means/round_{r:03d}_metadata.json"))["participating_clients"]:
        stem = f"{base}/local_means/client_{client}/round_{r:03d}"
        hash.update(np.load(stem + "_local_means.npy").tobytes())
        hash.update(np.load(stem + "_sample_counts.npy").tobytes())
def constant(name): raise ValueError(name)
for path in glob.glob(base + "/**/*.json", recursive=True):
    json.load(open(path), parse_constant=constant)
print(json.dumps([arrays, described, hash.hexdigest() == summary["results"]["run_hash"]]))
`;

test("NumPy and hashlib agree with every array's dtype, shape and SHA-256 and with the run hash", {
  skip: skipWithoutPython,
}, async (context) => {
  for (const algorithm of ["fkm", "lloyd"] as const) {
    const { experimentDir, rounds } = await penguins(context, { algorithm });
    const [arrays, described, sameHash] = JSON.parse(runPython(CHECK, [experimentDir]));
    assert.equal(described, (rounds + 1) * 7, "global means; means and counts of three clients");
    assert.equal(arrays, described + 3 + 6 + 1 + 2 + 4);
    assert.equal(sameHash, true);
  }
});

test("centroids, means and rows fit together across the files", {
  skip: skipWithoutPython,
}, async (context) => {
  const { experimentDir, rounds } = await penguins(context, { algorithm: "lloyd", groupSize: 1 });
  const script = `
import csv, json, sys
import numpy as np
base, rounds = sys.argv[1], int(sys.argv[2])
mean, std = (np.load(f"{base}/normalization/{n}.npy") for n in ("mean", "std"))
means = np.load(f"{base}/global_means/round_{rounds:03d}_global_means.npy")
np.testing.assert_allclose(np.load(base + "/final_means.npy"), means * std + mean, rtol=1e-12)
islands = ["Biscoe", "Dream", "Torgersen"]
rows = [np.load(f"{base}/client_data/client_{c}.npy") for c in islands]
raw = []
for island in islands:
    with open(f"data/penguins/{island}.csv") as file:
        raw.append([[float(v) for k, v in row.items() if k != "species"] for row in csv.DictReader(file)])
for own, read in zip(rows, raw):
    np.testing.assert_allclose(own * std + mean, read, rtol=1e-12)
pooled = np.vstack(rows)
np.testing.assert_allclose([pooled.mean(0), pooled.std(0)], [np.zeros(4), np.ones(4)], atol=1e-12)
metrics = json.load(open(base + "/federated_kmeans_metrics.json"))
labels = ((pooled[:, None] - means[None]) ** 2).sum(2).argmin(1)
assert np.bincount(labels).tolist() == metrics["cluster_sizes"]
history = json.load(open(base + "/experiment_summary.json"))["convergence_history"]
for r, entry in enumerate(history):
    logged = np.load(f"{base}/global_means/round_{r:03d}_global_means.npy")
    inertia = ((pooled[:, None] - logged[None]) ** 2).sum(2).min(1).sum()
    np.testing.assert_allclose(entry["inertia"], inertia, rtol=1e-12)
    if r > 0:
        np.testing.assert_allclose(entry["convergence_change"], np.linalg.norm(logged - before), rtol=1e-12, atol=1e-15)
    before = logged
    for i, island in enumerate(islands):
        metadata = json.load(open(f"{base}/local_means/client_{island}/round_{r:03d}_metadata.json"))
        assert metadata["num_samples"] == len(rows[i]) == sum(metadata["before_privacy_filter"]["sample_counts"])
`;
  runPython(script, [experimentDir, String(rounds)]);
});

test("metadata and summary have the contract's keys and are null where nothing is known", async (context) => {
  const { experimentDir, rounds } = await penguins(context, { privacy: "threshold", privacyThreshold: 30 });
  const start = json(experimentDir, "global_means", "round_000_metadata.json");
  assert.deepEqual(Object.keys(start), [
    "schema_version",
    "round_number",
    "num_clusters",
    "convergence_change",
    "participating_clients",
    "local_means_recorded",
    "local_clusters",
    "inertia_before",
    "num_withheld",
    "dropped_clients",
    "cluster_sizes",
    "carried_over",
    "arrays",
  ]);
  assert.deepEqual([start.round_number, start.num_clusters, start.convergence_change], [0, 3, null]);
  assert.deepEqual(start.participating_clients, ["Biscoe", "Dream", "Torgersen"]);
  const second = json(experimentDir, "global_means", "round_001_metadata.json");
  assert.equal(typeof second.convergence_change, "number");

  const local = json(experimentDir, "local_means", "client_Torgersen", "round_001_metadata.json");
  const { num_clusters, before_privacy_filter: before } = local;
  assert.equal(
    before.sample_counts.reduce((a: number, b: number) => a + b),
    51,
  );
  assert.ok(before.withheld.length > 0);
  assert.equal(num_clusters, before.num_clusters - before.withheld.length);
  for (const index of before.withheld) assert.ok(before.sample_counts[index] < 30);
  const withheldBy = (client: string) =>
    json(experimentDir, "local_means", `client_${client}`, "round_001_metadata.json").before_privacy_filter
      .withheld.length;
  assert.deepEqual(
    Object.entries(second.num_withheld),
    second.participating_clients
      .map((client: string) => [client, withheldBy(client)])
      .filter(([, count]: [string, number]) => count > 0),
  );
  const first = json(experimentDir, "local_means", "client_Dream", "round_000_metadata.json");
  assert.deepEqual(first.before_privacy_filter.global_index, [null, null, null]);

  const summary = json(experimentDir, "experiment_summary.json");
  assert.equal(summary.schema_version, 1);
  assert.equal(summary.status, "completed");
  assert.equal(summary.reason, null);
  assert.equal(summary.configuration.k_global, 3);
  assert.equal(summary.configuration.pca_components, null);
  assert.equal("log_dir" in summary.configuration || "threads" in summary.configuration, false);
  assert.deepEqual(summary.clients[2], {
    name: "Torgersen",
    id: "Torgersen",
    n_samples: 51,
    n_features: 4,
    has_labels: true,
    n_points: 51,
    privacy: {
      mode: "threshold",
      group_size: 1,
      privacy_threshold: 30,
      labels: true,
      group_scale: null,
      client_data: true,
    },
  });
  assert.deepEqual([summary.results.rounds, summary.results.final_means_shape], [rounds, [3, 4]]);
  assert.equal(summary.convergence_history.length, rounds + 1);
  assert.deepEqual(summary.constant_features, []);
});

test("unknown metrics are null: no labels, rows not recorded, one cluster", async (context) => {
  const data = await generatedFolder(context);
  const { experimentDir } = await run({
    data,
    labelColumn: "none_such",
    kGlobal: 1,
    recordClientData: false,
    carrier: "inline",
    logDir: temporaryFolder(context),
  });
  const metrics = json(experimentDir, "federated_kmeans_metrics.json");
  for (const name of [
    "silhouette_score",
    "simplified_silhouette_score",
    "adjusted_rand_index",
    "mean_client_adjusted_rand_index",
    "normalized_mutual_information",
    "davies_bouldin_score",
    "calinski_harabasz_score",
  ]) {
    assert.equal(metrics[name], null, name);
  }
  assert.ok(metrics.inertia > 0);
  assert.equal(existsSync(join(experimentDir, "client_data")), false);
});

test("without components for viewing a run is the same, but for pca/", async (context) => {
  const whole = await penguins(context);
  const plain = await penguins(context, { pca: false });
  assert.equal(plain.runHash, whole.runHash);
  assert.deepEqual(plain.metrics, whole.metrics);
  const files = filesOf(whole.experimentDir).filter((file) => !file.startsWith("pca/"));
  assert.deepEqual(filesOf(plain.experimentDir), files);
});

test("how the components of many features were searched for is in the summary and in the log", async (context) => {
  const data = await generatedFolder(context, { numFeatures: 401 });
  for (const pca of [true, false]) {
    const { experimentDir } = await run({
      data,
      pca,
      groupSize: 1,
      carrier: "inline",
      logDir: temporaryFolder(context),
    });
    const { pca_sweeps } = json(experimentDir, "experiment_summary.json");
    assert.equal(existsSync(join(experimentDir, "pca")), pca);
    if (!pca) {
      assert.equal(pca_sweeps, null);
      continue;
    }
    assert.ok(pca_sweeps.sweeps > 1 && pca_sweeps.converged && pca_sweeps.residual < 1e-7);
    assert.match(
      readFileSync(join(experimentDir, "server_logs", "server.log"), "utf8"),
      new RegExp(` PCA: components found after ${pca_sweeps.sweeps} sweeps, residual .*e-`),
    );
  }
});

test("without local means a run is the same, and its hash is that of the global means", async (context) => {
  const whole = await penguins(context);
  const bare = await penguins(context, { recordLocalMeans: false });
  assert.equal(existsSync(join(bare.experimentDir, "local_means")), false);
  assert.deepEqual(bare.metrics, whole.metrics);
  assert.deepEqual(bare.clients, whole.clients);
  assert.deepEqual(
    json(bare.experimentDir, "experiment_summary.json").convergence_history,
    json(whole.experimentDir, "experiment_summary.json").convergence_history,
  );
  const hash = createHash("sha256");
  for (let round = 0; round <= bare.rounds; round++) {
    const file = `round_${String(round).padStart(3, "0")}_global_means.npy`;
    const bytes = readFileSync(join(bare.experimentDir, "global_means", file));
    hash.update(littleEndianBytes(readNpy(bytes, file).data as Float64Array));
  }
  assert.equal(bare.runHash, hash.digest("hex"));
  assert.equal(verify(bare.experimentDir).runHash, bare.runHash);
});

test("rounds of an earlier version, which do not say that local means are there, are read as they were", async (context) => {
  const { experimentDir, runHash } = await penguins(context);
  const before = readExperiment(experimentDir);
  for (const { round } of before.rounds) {
    const path = layoutOf(experimentDir).globalMetadata(round);
    const { local_means_recorded, inertia_before, num_withheld, ...rest } = JSON.parse(
      readFileSync(path, "utf8"),
    );
    assert.equal(local_means_recorded, true);
    writeFileSync(path, JSON.stringify(rest));
  }
  assert.deepEqual(readExperiment(experimentDir), before);
  const { manifest, ...summary } = json(experimentDir, "experiment_summary.json");
  writeFileSync(join(experimentDir, "experiment_summary.json"), JSON.stringify(summary));
  rmSync(join(experimentDir, manifest));
  assert.equal(verify(experimentDir).runHash, runHash);
});

/** Each row of each array in a folder, as text. */
function rowsIn(folder: string): Set<string> {
  const files = filesOf(folder).filter((file) => file.endsWith(".npy"));
  const rows = files.flatMap((file) => {
    const { data, shape } = readNpy(readFileSync(join(folder, file)), file);
    const width = data.length / shape[0];
    return Array.from({ length: shape[0] }, (_, i) => data.subarray(i * width, (i + 1) * width).join());
  });
  return new Set(rows);
}

test("no file holds a client's rows unless they are recorded", async (context) => {
  const recorded = rowsIn(join((await penguins(context)).experimentDir, "client_data"));
  assert.equal(recorded.size, 342);
  for (const groupSize of [1, 5]) {
    const { experimentDir } = await penguins(context, { recordClientData: false, groupSize });
    const rows = [...rowsIn(experimentDir)];
    assert.ok(rows.length > (groupSize === 1 ? 20 : 70));
    assert.deepEqual(
      rows.filter((row) => recorded.has(row)),
      [],
    );
    for (const file of filesOf(experimentDir)) {
      if (!file.endsWith(".npy") || file.startsWith("client_points/")) continue;
      const { shape } = readNpy(readFileSync(join(experimentDir, file)), file);
      assert.ok(shape[0] <= 4, `${file} has ${shape[0]} rows`);
    }
  }
});

test("each client logs every message that left it", async (context) => {
  const { experimentDir, rounds } = await penguins(context);
  const log = readFileSync(join(experimentDir, "client_logs", "client_Dream.log"), "utf8")
    .trimEnd()
    .split("\n");
  const sent = log.map((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z sent ([^:]+)/.exec(line)?.[1] ?? line.slice(25));
  assert.deepEqual(sent, [
    "holds 124 rows of 4 features",
    "normalization/moments",
    ...Array(rounds + 1).fill("clustering/local_means"),
    "evaluation/fit",
  ]);
});

test("nothing is written before every client has shaken hands", async (context) => {
  const logDir = join(temporaryFolder(context), "logs");
  await assert.rejects(
    run({ data: "data/penguins", labelColumn: "species", kGlobal: 400, carrier: "inline", logDir }),
    /^RunError: cannot make 400 clusters of 54 groups \(342 rows, the setting\sgroupSize 5\)/,
  );
  assert.equal(existsSync(logDir), false);
});

test("a run that cannot go on leaves a directory marked aborted with the reason", async (context) => {
  const logDir = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species", logDir, carrier: "inline" } as const;
  await assert.rejects(
    run({ ...settings, privacy: "threshold", privacyThreshold: 150, kGlobal: 40 }),
    /^RunError: no client reported a single mean/,
  );
  const [name] = readdirSync(logDir);
  const { status, reason, results } = json(logDir, name, "experiment_summary.json");
  assert.equal(status, "aborted");
  assert.match(reason, /^no client reported a single mean/);
  assert.equal(results, null);
  assert.match(readFileSync(join(logDir, name, "server_logs", "server.log"), "utf8"), /aborted: no client/);
});

test("little data runs in the calling thread, unless threads are asked for; much data in threads", async (context) => {
  const carrierOf = async (settings: Partial<Configuration>) => {
    const { experimentDir } = await penguins(context, { maxIterations: 1, carrier: "auto", ...settings });
    return /carrier (\w+)/.exec(readFileSync(join(experimentDir, "server_logs", "server.log"), "utf8"))?.[1];
  };
  assert.equal(await carrierOf({}), "inline");
  assert.equal(await carrierOf({ threads: 2 }), "threads");
  // 8 bytes a number: over 1 MB of numbers that hardly compress.
  const much = await generatedFolder(context, { samplesPerClient: 30_000 });
  assert.equal(await carrierOf({ data: much, labelColumn: null }), "threads");
});
