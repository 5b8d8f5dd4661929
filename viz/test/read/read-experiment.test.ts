import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { assignRows } from "#src/read/assignment.js";
import { readExperiment } from "#src/read/read-experiment.js";
import { prefix, writeExperiment, writeJson, writeNpy } from "../support/directory.js";
import { runPython, skipWithoutNumpy } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const globalFile = (folder: string, round: number, suffix: string) =>
  join(folder, "global_means", `${prefix(round)}_${suffix}`);

/** Changes a JSON file in place. */
function edit(path: string, change: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(readFileSync(path, "utf8"));
  change(value);
  writeJson(path, value);
}

test("a whole directory is read with rows, counts, origins and what was withheld", (t) => {
  const experiment = readExperiment(writeExperiment(temporaryFolder(t)));
  const { clients, rounds } = experiment;
  assert.equal(experiment.note, null);
  assert.equal(experiment.status, "completed");
  assert.deepEqual(experiment.axes, ["feature 0 (standardized)", "feature 1 (standardized)"]);
  assert.deepEqual(
    clients.map(({ name, nSamples, points }) => [name, nSamples, points?.nPoints]),
    [
      ["Biscoe", 30, 30],
      ["Dream", 30, 30],
    ],
  );
  assert.deepEqual(
    rounds.map(({ round, change }) => [round, change]),
    [
      [0, null],
      [1, 1],
      [2, 0.5],
    ],
  );
  assert.deepEqual(rounds[1].locals[1].counts, [6, 7, 8]);
  assert.deepEqual(rounds[1].locals[1].origins, [0, 1, 2]);
  assert.deepEqual(rounds[1].locals[1].targets, [0, 1, 2]);
  assert.deepEqual(rounds[0].locals[0].withheld, [{ origin: null, count: 1 }]);
  assert.deepEqual(rounds[1].locals[0].withheld, [{ origin: 0, count: 1 }]);
  // Two clients reported 100 / (1 + round) each, about the means of the round before.
  assert.deepEqual(
    rounds.map(({ inertia }) => inertia),
    [100, 2 * (100 / 3), 7],
  );
});

/*
 * Only the files that existing tools read, as a Python program may write them: no summary, other dtypes and orders,
 * NaN in JSON, clients by number, an empty cluster's mean as NaN.
 */
const FOREIGN = `
import json, pathlib, sys, numpy
root = pathlib.Path(sys.argv[1])
for sub in ["global_means", "local_means/client_2", "local_means/client_10"]:
    (root / sub).mkdir(parents=True)
for r in range(3):
    means = numpy.array([[0, 0, 0, 1], [4, 0, 0, 1], [0, 2, 0, 1 + r]], dtype=">f4")
    numpy.save(root / f"global_means/round_{r:03}_global_means.npy", numpy.asfortranarray(means))
    json.dump({"round_number": r, "num_clusters": 3, "convergence_change": float("inf") if r == 0 else 1 / r,
               "participating clients": [2, 10]}, open(root / f"global_means/round_{r:03}_metadata.json", "w"))
    if r == 0: continue
    for c in (2, 10):
        local = numpy.array([[0.1, 0, 0, 1], [numpy.nan] * 4, [0, 2.5, 0, 1]])
        folder = root / f"local_means/client_{c}"
        numpy.save(folder / f"round_{r:03}_local_means.npy", local)
        numpy.save(folder / f"round_{r:03}_sample_counts.npy", numpy.array([c, 0, 5], dtype="i4"))
`;

test("a directory of only the fixed files, written by Python, is read", { skip: skipWithoutNumpy }, (t) => {
  const folder = temporaryFolder(t);
  runPython(FOREIGN, [folder]);
  const experiment = readExperiment(folder);
  assert.equal(experiment.status, "unknown");
  assert.equal(experiment.note, null);
  assert.deepEqual(
    experiment.clients.map(({ name, points }) => [name, points]),
    [
      ["2", null],
      ["10", null],
    ],
  );
  assert.deepEqual(
    experiment.rounds.map(({ change, sizes, inertia, locals }) => [change, sizes, inertia, locals.length]),
    [
      [null, null, null, 0],
      [1, null, null, 2],
      [0.5, null, null, 2],
    ],
  );
  const [local] = experiment.rounds[1].locals;
  assert.deepEqual([...experiment.rounds[1].means], [0, 0, 0, 1, 4, 0, 0, 1, 0, 2, 0, 2]);
  // The mean of no rows is left out; the others went into the means nearest to them.
  assert.deepEqual(
    [local.counts, local.targets],
    [
      [2, 5],
      [0, 2],
    ],
  );
});

test("without a recorded PCA, positions are NumPy's principal components of the rows", {
  skip: skipWithoutNumpy,
}, (t) => {
  // Few features; and so many that points are fewer.
  for (const nFeatures of [4, 500]) {
    const folder = writeExperiment(temporaryFolder(t), { nFeatures, nRows: 60 });
    const experiment = readExperiment(folder);
    const expected = JSON.parse(
      runPython(
        `
import sys, json, numpy
rows = numpy.concatenate([numpy.load(f"{sys.argv[1]}/client_data/client_{c}.npy") for c in ("Biscoe", "Dream")])
mean = rows.mean(axis=0)
_, s, v = numpy.linalg.svd(rows - mean, full_matrices=False)
v *= numpy.sign(v[range(len(v)), numpy.abs(v).argmax(axis=1)])[:, None]
means = numpy.load(f"{sys.argv[1]}/global_means/round_001_global_means.npy")
print(json.dumps([((means - mean) @ v[:2].T).ravel().tolist(), (s**2 / (s**2).sum()).tolist()]))`,
        [folder],
      ),
    ) as [number[], number[]];
    for (const [i, value] of expected[0].entries()) {
      assert.ok(Math.abs(experiment.rounds[1].positions[i] - value) < 1e-9);
    }
    assert.deepEqual(
      experiment.axes,
      [0, 1].map((c) => `PC ${c + 1} (${Math.round(100 * expected[1][c])} %)`),
    );
  }
});

test("of very many features and rows, a picture finds axes of some rows, and of one row none", (t) => {
  for (const nRows of [1, 300]) {
    const shape = { nFeatures: 13_000, nRows, clients: ["Biscoe"], k: 2, nRounds: 1 };
    const { rounds, clients } = readExperiment(writeExperiment(temporaryFolder(t), shape));
    assert.ok(rounds[0].positions.every(Number.isFinite));
    assert.equal(clients[0].points!.positions.length, 2 * nRows);
    assert.equal(new Set(clients[0].points!.positions).size > 2, nRows > 1);
  }
});

test("the run's own PCA is used where it is recorded", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nFeatures: 3 });
  writeNpy(join(folder, "pca", "mean.npy"), Float64Array.of(1, 0, 0), [3]);
  writeNpy(join(folder, "pca", "components.npy"), Float64Array.of(0, 0, 1, -1, 0, 0), [2, 3]);
  writeNpy(join(folder, "pca", "explained_variance_ratio.npy"), Float64Array.of(0.691, 0.2), [2]);
  const { axes, rounds } = readExperiment(folder);
  const [x, , z] = rounds[0].means;
  assert.deepEqual([...rounds[0].positions.slice(0, 2)], [z, 1 - x]);
  assert.deepEqual(axes, ["PC 1 (69 %)", "PC 2 (20 %)"]);
});

test("a run that clustered in components is drawn in its first two", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nFeatures: 3, configuration: { pca_components: 3 } });
  const { axes, rounds } = readExperiment(folder);
  assert.deepEqual([...rounds[0].positions.slice(0, 2)], [...rounds[0].means.slice(0, 2)]);
  assert.deepEqual(axes, ["PC 1", "PC 2"]);
});

test("of one feature, means lie on a line and rows are spread the same way each time", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nFeatures: 1 });
  const [first, second] = [readExperiment(folder), readExperiment(folder)];
  assert.deepEqual(
    [...first.rounds[0].positions].filter((_, i) => i % 2 === 1),
    [0, 0, 0],
  );
  const rows = first.clients[0].points!;
  assert.deepEqual(rows.positions, second.clients[0].points!.positions);
  assert.ok(new Set(rows.positions.filter((_, i) => i % 2 === 1)).size > 20);
});

test("clients without recorded rows are read without them", (t) => {
  const { clients, note } = readExperiment(writeExperiment(temporaryFolder(t), { withoutRows: true }));
  assert.deepEqual(
    clients.map(({ points, nSamples }) => [points, nSamples]),
    [
      [null, 30],
      [null, 30],
    ],
  );
  assert.equal(note, null);
});

test("where rows are not recorded the groups that stand for them are read, with the rows behind each", (t) => {
  const { clients, groups, note, rounds } = readExperiment(
    writeExperiment(temporaryFolder(t), { withGroups: true, withoutRows: true }),
  );
  assert.equal(note, null);
  assert.deepEqual(groups, { count: 12, least: 4, most: 6 });
  for (const { nSamples, nGroups, points } of clients) {
    assert.deepEqual([nSamples, nGroups, points!.nPoints], [30, 6, 6]);
    assert.deepEqual([...points!.weights!], [4, 5, 6, 4, 5, 6]);
  }
  assert.ok(rounds.every(({ locals }) => locals.every(({ withheld }) => withheld.length === 0)));
});

test("rows are drawn where they are recorded, and said to be behind groups", (t) => {
  const { clients, groups } = readExperiment(writeExperiment(temporaryFolder(t), { withGroups: true }));
  assert.deepEqual(groups, { count: 12, least: 4, most: 6 });
  for (const { nGroups, points } of clients) {
    assert.deepEqual([nGroups, points!.nPoints, points!.weights], [6, 30, null]);
  }
});

test("of groups that are not recorded the size that was promised is known", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { withGroups: true, withoutRows: true });
  rmSync(join(folder, "client_points"), { recursive: true });
  const { clients, groups } = readExperiment(folder);
  assert.deepEqual(groups, { count: 12, least: 4, most: null });
  assert.ok(clients.every(({ points }) => points === null));
});

test("the last round's inertia is that of groups, and scores are of rows where these are known", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { withGroups: true });
  edit(join(folder, "experiment_summary.json"), (summary) => {
    summary.convergence_history = [];
  });
  const known = readExperiment(folder);
  assert.equal(known.rounds.at(-1)!.inertia, 5);
  assert.deepEqual([known.metricsOf, known.metrics.silhouetteScore], ["rows", 0.5]);
  edit(join(folder, "federated_kmeans_metrics.json"), (metrics) => {
    Object.assign(metrics, { inertia: null, silhouette_score: null });
  });
  const deployed = readExperiment(folder);
  assert.equal(deployed.rounds.at(-1)!.inertia, 5);
  assert.deepEqual([deployed.metricsOf, deployed.metrics.simplifiedSilhouetteScore], ["groups", 0.75]);
});

test("groups that do not fit are left out, with one line", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { withGroups: true, withoutRows: true });
  writeNpy(join(folder, "client_points", "client_Dream_weights.npy"), Float64Array.of(4, 5), [2]);
  const { clients, note, groups } = readExperiment(folder);
  assert.equal(clients[1].points, null);
  assert.match(note!, /^groups of Dream are not drawn: .*client_Dream_weights\.npy: shape \(6,\) expected/);
  assert.equal(groups!.most, null);
});

test("local means of global clusters went into those, however near another is", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { algorithm: "lloyd" });
  const file = join(folder, "local_means", "client_Dream", `${prefix(1)}_metadata.json`);
  edit(file, (metadata) => {
    metadata.global_index = [2, 1, 0];
  });
  const targets = () => readExperiment(folder).rounds[1].locals[1].targets;
  assert.deepEqual(targets(), [2, 1, 0], "as lloyd's are, where the round does not say");
  for (const [clusters, expected] of [
    ["own", [0, 1, 2]],
    ["global", [2, 1, 0]],
  ] as const) {
    edit(globalFile(folder, 1, "metadata.json"), (metadata) => {
      metadata.local_clusters = clusters;
    });
    assert.deepEqual(targets(), expected);
  }
});

test("rounds whose local means were not recorded are whole, and say so", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  assert.ok(readExperiment(folder).rounds.every(({ areLocalsRecorded }) => areLocalsRecorded));
  rmSync(join(folder, "local_means"), { recursive: true });
  for (const round of [0, 1, 2]) {
    edit(globalFile(folder, round, "metadata.json"), (metadata) => {
      metadata.local_means_recorded = false;
    });
  }
  const { rounds, note, clients } = readExperiment(folder);
  assert.equal(note, null);
  assert.equal(clients.length, 2);
  assert.deepEqual(
    rounds.map(({ locals, areLocalsRecorded }) => [locals.length, areLocalsRecorded]),
    [0, 1, 2].map(() => [0, false]),
  );
});

test("nothing went into a global mean that was carried over", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  edit(globalFile(folder, 1, "metadata.json"), (metadata) => {
    metadata.carried_over = [1];
  });
  const { targets } = readExperiment(folder).rounds[1].locals[0];
  assert.ok(!targets.includes(1));
});

type Torn = [what: string, damage: (folder: string) => void, note: RegExp];

/** Whoever opened it would wait for ever. */
const PIPE: Torn = [
  "a means file has become a pipe",
  (folder) => {
    rmSync(globalFile(folder, 2, "global_means.npy"));
    execFileSync("mkfifo", [globalFile(folder, 2, "global_means.npy")]);
  },
  /round 2 is not whole .*global_means.npy: a plain file expected, found a link, folder, pipe or device/,
];

const TORN: readonly Torn[] = [
  [
    "a means file is damaged",
    (folder) => {
      const path = globalFile(folder, 2, "global_means.npy");
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] ^= 1;
      writeFileSync(path, bytes);
    },
    /round 2 is not whole \(.*[/\\]round_002_global_means.npy: SHA-256 \w{12}\.\.\. expected, found/,
  ],
  [
    "a means file is cut short",
    (folder) => truncateSync(globalFile(folder, 2, "global_means.npy"), 130),
    /round 2 is not whole \(.*[/\\]round_002_global_means.npy: SHA-256/,
  ],
  [
    "a client's means are missing",
    (folder) => rmSync(join(folder, "local_means", "client_Dream", `${prefix(2)}_local_means.npy`)),
    /round 2 is not whole .*round_002_local_means.npy: no such file/,
  ],
  ...(process.platform === "win32" ? [] : [PIPE]),
  [
    "the metadata is no JSON",
    (folder) => truncateSync(globalFile(folder, 2, "metadata.json"), 20),
    /round 2 is not whole .*round_002_metadata.json: no JSON: /,
  ],
  [
    "the shape is not the recorded one",
    (folder) => {
      edit(globalFile(folder, 2, "metadata.json"), (metadata) => {
        const { global_means } = metadata.arrays as { global_means: { shape: number[] } };
        global_means.shape = [4, 2];
      });
    },
    /round 2 is not whole .*shape \(4,2\) expected, found \(3,2\)/,
  ],
];

for (const [what, damage, note] of TORN) {
  test(`where ${what}, the rounds before are drawn and one line says so`, (t) => {
    const folder = writeExperiment(temporaryFolder(t));
    damage(folder);
    const experiment = readExperiment(folder);
    assert.equal(experiment.rounds.length, 2);
    assert.match(experiment.note!, note);
    assert.match(experiment.note!, /: drawn up to round 1$/);
  });
}

test("a running and an aborted run are drawn as far as they go, with one line", (t) => {
  const folder = temporaryFolder(t);
  assert.equal(
    readExperiment(writeExperiment(join(folder, "a"), { status: "running" })).note,
    "the run is still going, or was killed: drawn up to round 2",
  );
  assert.equal(
    readExperiment(writeExperiment(join(folder, "b"), { status: "aborted", reason: "too few clients" })).note,
    "the run was aborted (too few clients): drawn up to round 2",
  );
});

test("rows that do not fit the means are left out, with one line", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  writeNpy(join(folder, "client_data", "client_Dream.npy"), new Float64Array(6), [2, 3]);
  const { clients, note } = readExperiment(folder);
  assert.equal(clients[1].points, null);
  assert.match(note!, /^rows of Dream are not drawn: .*shape \(rows, 2\) expected, found \(2,3\)$/);
});

test("what is no experiment directory is refused by name", (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => readExperiment(join(folder, "none")), /none: no such directory/);
  assert.throws(() => readExperiment(folder), /no experiment directory, or one without a round/);
  writeExperiment(folder, { nRounds: 1 });
  rmSync(globalFile(folder, 0, "global_means.npy"));
  assert.throws(
    () => readExperiment(folder),
    /no whole round: round 0 is not whole .*global_means.npy: no such file/,
  );
});

test("a client whose files' name leads out of the directory is found by its own files", (t) => {
  const outer = temporaryFolder(t);
  const folder = writeExperiment(join(outer, "experiment"));
  const other = writeExperiment(join(outer, "other"), { nRows: 31 });
  for (const version of [1, undefined]) {
    edit(join(folder, "experiment_summary.json"), (summary) => {
      summary.schema_version = version;
      const [first] = summary.clients as { id: string }[];
      first.id = `x/../../../${basename(other)}/client_data/client_Biscoe`;
    });
    assert.deepEqual(
      readExperiment(folder).clients.map(({ name, points }) => [name, points?.nPoints]),
      [
        ["Biscoe", 30],
        ["Dream", 30],
      ],
    );
  }
});

test("clients that another program names or files in its own way are found, each once", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { clients: ["a b", "c"] });
  for (const [from, to] of [
    ["a b", "a+b"],
    ["c", "%zz"],
  ]) {
    renameSync(join(folder, "local_means", `client_${from}`), join(folder, "local_means", `client_${to}`));
    renameSync(
      join(folder, "client_data", `client_${from}.npy`),
      join(folder, "client_data", `client_${to}.npy`),
    );
  }
  for (const file of [
    "experiment_summary.json",
    ...[0, 1, 2].map((r) => `global_means/${prefix(r)}_metadata.json`),
  ]) {
    edit(join(folder, file), (value) => {
      value.schema_version = undefined;
      value.participating_clients = ["client_a+b", "%zz"];
      value.clients = [{ name: "first", id: "a+b" }];
    });
  }
  const { clients, rounds } = readExperiment(folder);
  assert.deepEqual(
    clients.map(({ name, points }) => [name, points?.nPoints]),
    [
      ["first", 30],
      ["%zz", 30],
    ],
  );
  assert.deepEqual(
    rounds.map(({ locals }) => locals.map(({ client }) => client)),
    [0, 1, 2].map(() => [0, 1]),
  );
});

test("a file of a version that is not known is refused by both numbers", (t) => {
  for (const file of ["experiment_summary.json", "federated_kmeans_metrics.json"]) {
    const folder = writeExperiment(temporaryFolder(t));
    edit(join(folder, file), (value) => {
      value.schema_version = 2;
    });
    assert.throws(() => readExperiment(folder), new RegExp(`${file}: schema_version 1 expected, found 2`));
  }
});

test("rows go to the nearest mean, the first of equals", () => {
  const rows = Float64Array.of(0, 0, 5, 5, 2, 2, 9, 0);
  assert.deepEqual([...assignRows(rows, 2, Float64Array.of(0, 0, 4, 4, 9, 1))], [0, 1, 0, 2]);
});
