import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readNpy } from "#src/directory/npy.js";
import { COMMAND, fedkmeans } from "../support/command.js";
import { filesOf, generatedFolder, json, onlyDirectory } from "../support/experiment.js";
import { runPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const THRESHOLD = ["--privacy", "threshold", "--privacy-threshold", "5"];
const PENGUINS = ["run", "--data", "data/penguins", "--label-column", "species"];

test("progress goes to stderr as plain lines, the report to stdout, the directory last", (context) => {
  const logs = temporaryFolder(context);
  const { status, stdout, stderr } = fedkmeans([...PENGUINS, "--log-dir", logs, ...THRESHOLD]);
  assert.equal(status, 0);
  assert.match(
    stderr,
    /^handshake: 3 clients, 342 rows, 4 features\nnormalization: done\nPCA: 2 components explain 88\.2 % of the variance\nround 0: start\n(round \d+: means moved by \d\.\d\de[+-]\d+, 3 clients\n)+$/,
  );
  const directory = onlyDirectory(logs);
  const { results } = json(directory, "experiment_summary.json");
  const metrics = json(directory, "federated_kmeans_metrics.json");
  const withheld = filesOf(join(directory, "local_means", "client_Biscoe"))
    .filter((file) => file.endsWith(".json"))
    .map(
      (file) => json(directory, "local_means", "client_Biscoe", file).before_privacy_filter.withheld.length,
    )
    .reduce((sum: number, count: number) => sum + count);
  assert.ok(withheld > 0);
  assert.match(stdout, /^\nclient +samples +clusters held +means withheld\n/);
  assert.match(stdout, new RegExp(`^Biscoe +167 +[1-3] of 3 +${withheld}$`, "m"));
  assert.match(
    stdout,
    new RegExp(`^adjusted Rand index +${metrics.adjusted_rand_index.toFixed(4)} +342 of 342$`, "m"),
  );
  assert.match(stdout, /^centroid +rows +bill_length_mm/m);
  assert.match(stdout, new RegExp(`\n${results.rounds} rounds, converged, \\d+\\.\\d\\d s\n${directory}\n$`));
});

test("by default rows are in groups of five, which progress, the server's log, the summary and the points say", (context) => {
  const logs = temporaryFolder(context);
  const { status, stdout, stderr } = fedkmeans([...PENGUINS, "--log-dir", logs]);
  assert.equal(status, 0);
  const rest = "as scikit-learn does, with no protection from the server)";
  assert.ok(
    stderr.includes(
      `\nnote: 342 rows as 54 groups of 5 to 9 (--group-size 5; --group-size 1 computes from rows, ${rest}\n`,
    ),
    stderr,
  );
  assert.match(stdout, /^client +samples +groups +clusters held\n/m);
  assert.match(stdout, /^metric +of rows +of groups$/m);
  const directory = onlyDirectory(logs);
  const log = readFileSync(join(directory, "server_logs", "server.log"), "utf8");
  assert.ok(
    log.includes("notice: 342 rows as 54 groups of 5 to 9 (group_size 5; group_size 1 computes from rows"),
    log,
  );
  const { configuration, clients } = json(directory, "experiment_summary.json");
  assert.deepEqual(
    [
      configuration.privacy,
      configuration.group_size,
      configuration.group_scale,
      configuration.privacy_threshold,
    ],
    ["groups", 5, "std", null],
  );
  const points: number[] = clients.map(({ n_points }: { n_points: number }) => n_points);
  assert.equal(
    points.reduce((a, b) => a + b),
    54,
  );
  for (const [i, { id, privacy, n_samples }] of clients.entries()) {
    assert.deepEqual(privacy, {
      mode: "groups",
      group_size: 5,
      privacy_threshold: 1,
      labels: true,
      group_scale: "std",
      client_data: true,
    });
    const npy = (name: string) => {
      const file = join(directory, "client_points", name);
      return readNpy(readFileSync(file), file);
    };
    assert.match(stdout, new RegExp(`^${id} +${n_samples} +${points[i]} `, "m"));
    assert.deepEqual(npy(`client_${id}.npy`).shape, [points[i], 4]);
    const weights = [...npy(`client_${id}_weights.npy`).data] as number[];
    assert.ok(weights.every((weight) => weight >= 5 && weight <= 9));
    assert.equal(
      weights.reduce((a, b) => a + b),
      n_samples,
    );
  }
});

test("--json prints one object with the run's directory, rounds, metrics and hash, and nothing else", (context) => {
  const logs = temporaryFolder(context);
  const { status, stdout, stderr } = fedkmeans([
    ...PENGUINS,
    "--log-dir",
    logs,
    "--carrier",
    "inline",
    "--json",
  ]);
  assert.deepEqual([status, stderr], [0, ""]);
  const printed = JSON.parse(stdout);
  assert.deepEqual(Object.keys(printed), [
    "experiment_dir",
    "rounds",
    "converged",
    "n_clusters",
    "metrics",
    "metrics_of",
    "metrics_of_points",
    "notices",
    "run_hash",
  ]);
  const directory = onlyDirectory(logs);
  assert.equal(printed.experiment_dir, directory);
  const { schema_version, of_points, ...metrics } = json(directory, "federated_kmeans_metrics.json");
  assert.equal(schema_version, 1);
  assert.deepEqual(printed.metrics, metrics);
  assert.deepEqual([printed.metrics_of, printed.metrics_of_points], ["rows", of_points]);
  assert.deepEqual(Object.keys(metrics), [
    "inertia",
    "silhouette_score",
    "simplified_silhouette_score",
    "adjusted_rand_index",
    "mean_client_adjusted_rand_index",
    "normalized_mutual_information",
    "davies_bouldin_score",
    "calinski_harabasz_score",
    "n_samples",
    "n_samples_in_inertia",
    "n_samples_withheld",
    "cluster_sizes",
    "contingency",
  ]);
  const { rounds, converged, run_hash } = json(directory, "experiment_summary.json").results;
  assert.deepEqual([printed.rounds, printed.converged, printed.run_hash], [rounds, converged, run_hash]);
  assert.match(run_hash, /^[0-9a-f]{64}$/);
  const verified = fedkmeans(["verify", directory]);
  assert.equal(
    verified.stdout,
    `${directory}: completed, all ${25 + 11 * (rounds + 1)} files are as written, rounds 0 to ${rounds} are whole, run hash ${run_hash}\n`,
  );
});

test("options override the file, whose data-source may be TEST_DATA_PATH", async (context) => {
  const folder = temporaryFolder(context);
  const config = join(folder, "pyproject.toml");
  writeFileSync(
    config,
    '[tool.flwr.app.config]\ndata-source = "test_data"\nk-global = 2\nnum-server-rounds = 1\npenalty = "l2"\n',
  );
  const data = await generatedFolder(context);
  const logs = join(folder, "logs");
  const args = ["run", "--config", config, "--k-global", "4", "--no-normalize", "--log-dir", logs, "--json"];
  const { status, stderr } = fedkmeans(args, { env: { TEST_DATA_PATH: data } });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, `note: ${config}: passed over what is no setting of a run: penalty\n`);
  const { configuration } = json(onlyDirectory(logs), "experiment_summary.json");
  const { data: used, k_global, max_iterations, normalize } = configuration;
  assert.deepEqual([used, k_global, max_iterations, normalize], [data, 4, 1, false]);
  const elsewhere = fedkmeans([...args, "--data", join(folder, "none")], { env: { TEST_DATA_PATH: data } });
  assert.match(elsewhere.stderr, /none: no such file or folder\n$/);
});

test("one CSV file with a column of clients is a federation", (context) => {
  const folder = temporaryFolder(context);
  const rows = Array.from({ length: 40 }, (_, i) => `${["North", "South"][i % 2]},${(i * 7) % 12},${i % 3}`);
  writeFileSync(join(folder, "all.csv"), `site,a,b\n${rows.join("\n")}\n`);
  const args = ["run", "--data", join(folder, "all.csv"), "--client-column", "site", "--log-dir", folder];
  const { status, stderr } = fedkmeans([...args, "--carrier", "inline"]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^handshake: 2 clients, 40 rows, 2 features\n/);
});

test("a constant feature is kept at 0 and reported", (context) => {
  const folder = temporaryFolder(context);
  for (const client of ["a", "b"]) {
    const rows = Array.from({ length: 30 }, (_, i) => `${i % 4},7.5,${(i * 5) % 9}`);
    writeFileSync(join(folder, `${client}.csv`), `x,same,y\n${rows.join("\n")}\n`);
  }
  const logs = join(folder, "logs");
  const { status, stderr } = fedkmeans(["run", "--data", folder, "--log-dir", logs, "--carrier", "inline"]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /normalization: done, 1 constant feature kept at 0\n/);
  const directory = onlyDirectory(logs);
  assert.deepEqual(json(directory, "experiment_summary.json").constant_features, [1]);
  assert.match(
    readFileSync(join(directory, "server_logs", "server.log"), "utf8"),
    /feature same is constant/,
  );
});

for (const [command, mentions] of [
  [[], ["run", "generate", "resume", "verify", "Exit codes: 0 done, 1 the run failed, 2 wrong usage"]],
  [
    ["run"],
    ["--k-global <N>", "--algorithm <NAME>", "--config <FILE>", "--json", "Examples:", "TEST_DATA_PATH"],
  ],
  [
    ["generate"],
    ["--non-iid-factor <N>", "(blobs: 0.5)", "--points-per-cluster <N>", "--beta <N>", "./data"],
  ],
  [["resume"], ["<DIR>", "--threads <N>", "last whole round"]],
  [["verify"], ["<DIR>", "SHA-256"]],
] as const) {
  test(`${["fedkmeans", ...command].join(" ")} --help goes to stdout, with exit code 0`, () => {
    const { status, stdout, stderr } = fedkmeans([...command, "--help"]);
    assert.deepEqual([status, stderr], [0, ""]);
    for (const text of mentions) assert.ok(stdout.includes(text), `${text} in ${stdout}`);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 110, line);
  });
}

test("a reader that has seen enough ends the command without a word", {
  skip: process.platform === "win32",
}, () => {
  const pipe = `"${process.execPath}" "${COMMAND}" run --help; echo "status $?" >&2`;
  // The reader closes before anything is written.
  const { stderr } = spawnSync("sh", ["-c", `(sleep 0.2; ${pipe}) | true`], { encoding: "utf8" });
  assert.equal(stderr, "status 0\n");
});

const skipWithoutScript =
  spawnSync("script", ["--version"]).status === 0 ? false : "script (util-linux) is not installed";

test("on a terminal progress is one bar, cleared before the report", {
  skip: skipWithoutScript,
}, (context) => {
  const logs = temporaryFolder(context);
  const command = [process.execPath, COMMAND, ...PENGUINS, "--log-dir", logs, "--carrier", "inline"].join(
    " ",
  );
  const { status, stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.match(stdout, /handshake: 3 clients, 342 rows, 4 features/);
  assert.match(stdout, /clustering \[/);
  assert.match(stdout, /round \d+\/100 at most/);
  assert.doesNotMatch(stdout, /round 1: means moved/);
  // The cursor that the bar hid is shown again.
  assert.ok(stdout.lastIndexOf("\x1b[?25h") > stdout.lastIndexOf("\x1b[?25l"));
  assert.ok(stdout.indexOf("adjusted Rand index") > stdout.lastIndexOf("clustering ["));
});

test("generate writes what --help promises, and NumPy reads it", { skip: skipWithoutPython }, (context) => {
  const folder = temporaryFolder(context);
  const { status, stdout } = fedkmeans(["generate", "--output-dir", join(folder, "blobs")]);
  assert.equal(status, 0);
  assert.match(stdout, /^5 clients with 100 rows of 2 features in 3 clusters: .*blobs\n$/);
  assert.deepEqual(json(folder, "blobs", "metadata.json").configuration, {
    num_clients: 5,
    samples_per_client: 100,
    num_features: 2,
    num_clusters: 3,
    cluster_std: 1,
    non_iid_factor: 0.5,
    overlap_factor: 0,
    density_variation: 0,
    random_state: 42,
  });
  const paper = ["--scheme", "paper", "--output-dir", join(folder, "paper")];
  assert.equal(fedkmeans(["generate", ...paper]).status, 0);
  const { points_per_cluster, noise, beta } = json(folder, "paper", "metadata.json").configuration;
  assert.deepEqual([points_per_cluster, noise, beta], [50, 1, 0.1]);
  const script = `
import json, sys
import numpy as np
out = []
for scheme, clusters in ("blobs", 3), ("paper", 16):
    folder = f"{sys.argv[1]}/{scheme}"
    clients = [np.load(f"{folder}/client_{i}.npz") for i in range(5)]
    for client in clients:
        assert client["X"].dtype == np.float64 and client["y"].dtype == np.int64
        assert client["X"].shape == (len(client["y"]), 2)
        assert 0 <= client["y"].min() and client["y"].max() < clusters
    out += [sum(len(client["y"]) for client in clients), *np.load(f"{folder}/cluster_centers.npy").shape]
print(json.dumps(out))
`;
  assert.deepEqual(JSON.parse(runPython(script, [folder])), [500, 3, 2, 800, 16, 2]);
});

test("--version prints the package's version", () => {
  const { version } = json(".", "package.json");
  assert.equal(fedkmeans(["--version"]).stdout, `${version}\n`);
});
