import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
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
  assert.deepEqual(experiment.axes, ["x0 (standardized)", "x1 (standardized)"]);
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
      [1, [12, 0, 10], null, 2],
      [0.5, [12, 0, 10], null, 2],
    ],
    "sizes as what clients sent sums up to",
  );
  const [local] = experiment.rounds[1].locals;
  assert.deepEqual([...experiment.rounds[1].means], [0, 0, 0, 1, 4, 0, 0, 1, 0, 2, 0, 2]);
  // The mean of no rows is left out; the others went into the means nearest to them.
  assert.deepEqual(
    [local.counts, local.targets, local.origins],
    [
      [2, 5],
      [0, 2],
      [0, 2],
    ],
  );
  assert.deepEqual(experiment.rounds[1].carriedOver, [1], "nobody reported it and it stayed");
  const kinds = experiment.axes.map((axis) => axis.replace(/\d+ %/, "N %"));
  assert.deepEqual(kinds, ["PC 1 of the means (N %)", "PC 2 of the means (N %)"]);
});

test("the same round by round is found from the fixed files alone as the run recorded it", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { withGroups: true });
  const recorded = readExperiment(folder);
  for (const name of ["client_data", "client_points"]) rmSync(join(folder, name), { recursive: true });
  rmSync(join(folder, "experiment_summary.json"));
  for (const round of [0, 1, 2]) {
    const { round_number, num_clusters, convergence_change } = JSON.parse(
      readFileSync(globalFile(folder, round, "metadata.json"), "utf8"),
    );
    writeJson(globalFile(folder, round, "metadata.json"), { round_number, num_clusters, convergence_change });
    for (const client of ["Biscoe", "Dream"]) {
      rmSync(join(folder, "local_means", `client_${client}`, `${prefix(round)}_metadata.json`));
    }
  }
  const inferred = readExperiment(folder);
  for (const [i, round] of inferred.rounds.entries()) {
    const of = recorded.rounds[i];
    assert.deepEqual(
      round.locals.map(({ origins, targets, counts }) => [origins, targets, counts]),
      of.locals.map(({ origins, targets, counts }) => [origins, targets, counts]),
    );
    assert.deepEqual([round.change, round.areLocalsRecorded], [of.change, true]);
    const sums = [...round.sizes!.keys()].map((cluster) =>
      of.locals.reduce((sum, { targets, counts }) => sum + counts[targets.indexOf(cluster)], 0),
    );
    assert.deepEqual(round.sizes, sums);
  }
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

test("of one feature, means and rows lie on a line, and there is no second axis", (t) => {
  const { rounds, clients, axes } = readExperiment(writeExperiment(temporaryFolder(t), { nFeatures: 1 }));
  const heights = (positions: Float64Array) => [...positions].filter((_, i) => i % 2 === 1);
  for (const positions of [rounds[0].positions, clients[0].points!.positions]) {
    assert.ok(heights(positions).every((height) => height === 0));
  }
  assert.deepEqual(axes, ["x0 (standardized)", ""]);
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
  const { clients, note, problems, groups } = readExperiment(folder);
  assert.equal(clients[1].points, null);
  assert.equal(note, "The groups of client Dream cannot be read.");
  assert.match(problems[0], /client_Dream_weights\.npy: shape \(6,\) expected/);
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

type Torn = [what: string, damage: (folder: string) => void, detail: RegExp];

/** Whoever opened it would wait for ever. */
const PIPE: Torn = [
  "a means file has become a pipe",
  (folder) => {
    rmSync(globalFile(folder, 2, "global_means.npy"));
    execFileSync("mkfifo", [globalFile(folder, 2, "global_means.npy")]);
  },
  /^Round 2 is damaged: .*global_means.npy: a plain file expected, found a link, folder, pipe or device/,
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
    /^Round 2 is damaged: .*[/\\]round_002_global_means.npy: SHA-256 \w{12}\.\.\. expected, found/,
  ],
  [
    "a means file is cut short",
    (folder) => truncateSync(globalFile(folder, 2, "global_means.npy"), 130),
    /^Round 2 is damaged: .*[/\\]round_002_global_means.npy: SHA-256/,
  ],
  ...(process.platform === "win32" ? [] : [PIPE]),
  [
    "the metadata is no JSON",
    (folder) => truncateSync(globalFile(folder, 2, "metadata.json"), 20),
    /^Round 2 is damaged: .*round_002_metadata.json: no JSON: /,
  ],
  [
    "the shape is not the recorded one",
    (folder) => {
      edit(globalFile(folder, 2, "metadata.json"), (metadata) => {
        const { global_means } = metadata.arrays as { global_means: { shape: number[] } };
        global_means.shape = [4, 2];
      });
    },
    /^Round 2 is damaged: .*shape \(4,2\) expected, found \(3,2\)/,
  ],
];

for (const [what, damage, detail] of TORN) {
  test(`where ${what}, the rounds before are drawn and one line says so`, (t) => {
    const folder = writeExperiment(temporaryFolder(t));
    damage(folder);
    const experiment = readExperiment(folder);
    assert.equal(experiment.rounds.length, 2);
    assert.equal(experiment.note, "Round 2 is damaged: drawn up to round 1.");
    assert.equal(experiment.problems.length, 1);
    assert.match(experiment.problems[0], detail);
    assert.deepEqual([experiment.lastRound, experiment.scoredRound], [2, 2], "as the run's summary says");
  });
}

test("what one client sent in one round is lost alone, where its files are damaged or missing", (t) => {
  const files = (folder: string) => join(folder, "local_means", "client_Dream");
  for (const [damage, detail] of [
    [(path: string) => rmSync(join(path, `${prefix(1)}_local_means.npy`)), /local_means\.npy: no such file/],
    [(path: string) => truncateSync(join(path, `${prefix(1)}_sample_counts.npy`), 90), /SHA-256/],
    [(path: string) => truncateSync(join(path, `${prefix(1)}_metadata.json`), 9), /metadata\.json: no JSON/],
  ] as const) {
    const folder = writeExperiment(temporaryFolder(t));
    damage(files(folder));
    const { rounds, note, problems } = readExperiment(folder);
    assert.deepEqual(
      rounds.map(({ locals, lost }) => [locals.map(({ client }) => client), lost]),
      [
        [[0, 1], []],
        [[0], [1]],
        [[0, 1], []],
      ],
    );
    assert.equal(note, "The local means of client Dream in round 1 cannot be read.");
    assert.match(problems[0], detail);
  }
});

test("a summary or metrics that cannot be read are passed over, with a note", (t) => {
  const whole = readExperiment(writeExperiment(temporaryFolder(t), { withGroups: true }));
  for (const [file, what] of [
    ["experiment_summary.json", "summary"],
    ["federated_kmeans_metrics.json", "metrics"],
  ]) {
    const damages: ((path: string) => void)[] = [
      (path) => truncateSync(path, 30),
      (path) => writeFileSync(path, ""),
      (path) => edit(path, (value) => Object.assign(value, { schema_version: 99 })),
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ];
    for (const damage of damages) {
      const folder = writeExperiment(temporaryFolder(t), { withGroups: true });
      damage(join(folder, file));
      const { rounds, clients, note, problems, groups } = readExperiment(folder);
      assert.equal(note, `The ${what} cannot be read.`);
      assert.ok(problems[0].startsWith(`The ${what} cannot be read (`) && problems[0].includes(file));
      assert.deepEqual(
        [rounds.length, clients.map(({ name, nSamples }) => [name, nSamples]), groups],
        [3, whole.clients.map(({ name, nSamples }) => [name, nSamples]), whole.groups],
      );
    }
  }
});

test("a gap in the rounds ends the drawing, with a note; the run is known to be longer", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nRounds: 6 });
  rmSync(join(folder, "experiment_summary.json"));
  for (const suffix of ["metadata.json", "global_means.npy"]) rmSync(globalFile(folder, 2, suffix));
  const { rounds, note, lastRound, scoredRound, problems } = readExperiment(folder);
  assert.equal(rounds.at(-1)!.round, 1);
  assert.equal(note, "Round 2 is missing: drawn up to round 1.");
  assert.match(problems[0], /round_002_metadata\.json: no such file/);
  assert.deepEqual([lastRound, scoredRound], [null, null]);
});

test("rounds at the end that a summary tells of are missed", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nRounds: 6 });
  for (const round of [4, 5]) rmSync(globalFile(folder, round, "metadata.json"));
  const { note, lastRound, scoredRound } = readExperiment(folder);
  assert.equal(note, "Round 4 is missing: drawn up to round 3.");
  assert.deepEqual([lastRound, scoredRound], [5, 5]);
});

test("where the first rounds are damaged or missing, the drawing begins with the first whole one", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { nRounds: 5 });
  truncateSync(globalFile(folder, 0, "global_means.npy"), 130);
  for (const note of [
    "Round 0 is damaged: drawn from round 1 on.",
    "Round 0 is missing: drawn from round 1 on.",
  ]) {
    const experiment = readExperiment(folder);
    assert.deepEqual(
      experiment.rounds.map(({ round, change }) => [round, change]),
      [
        [1, 1],
        [2, 1 / 2],
        [3, 1 / 3],
        [4, 1 / 4],
      ],
    );
    assert.equal(experiment.note, note);
    rmSync(globalFile(folder, 0, "metadata.json"), { force: true });
  }
});

test("a directory of global means alone is read, with the clients that its metadata name, if any", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  for (const name of ["local_means", "client_data"]) rmSync(join(folder, name), { recursive: true });
  rmSync(join(folder, "experiment_summary.json"));
  const named = readExperiment(folder);
  assert.deepEqual(
    named.clients.map(({ name }) => name),
    ["Biscoe", "Dream"],
  );
  for (const round of [0, 1, 2]) writeJson(globalFile(folder, round, "metadata.json"), {});
  const bare = readExperiment(folder);
  assert.equal(bare.clients.length, 0);
  for (const { rounds, note } of [named, bare]) {
    assert.equal(note, null);
    assert.ok(rounds.every(({ locals, areLocalsRecorded }) => locals.length === 0 && !areLocalsRecorded));
  }
});

test("an algorithm that asks clients once has no tolerance", (t) => {
  const folder = temporaryFolder(t);
  const read = (algorithm: string) =>
    readExperiment(writeExperiment(join(folder, algorithm), { algorithm, nRounds: 1 }));
  assert.deepEqual([read("k-fed").isOneShot, read("k-fed").tolerance], [true, null]);
  assert.deepEqual([read("fkm").isOneShot, read("fkm").tolerance], [false, 1e-4]);
});

test("a running and an aborted run are drawn as far as they go, with one line", (t) => {
  const folder = temporaryFolder(t);
  assert.equal(
    readExperiment(writeExperiment(join(folder, "a"), { status: "running" })).note,
    "The run is still going, or was killed: drawn up to round 2.",
  );
  const aborted = readExperiment(
    writeExperiment(join(folder, "b"), { status: "aborted", reason: "too few clients" }),
  );
  assert.equal(aborted.note, "The run was aborted: drawn up to round 2.");
  assert.deepEqual(aborted.problems, ["The run was aborted: drawn up to round 2 (too few clients)"]);
  assert.deepEqual([aborted.lastRound, aborted.scoredRound], [2, null]);
});

test("rows that do not fit the means are left out, with one line", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  writeNpy(join(folder, "client_data", "client_Dream.npy"), new Float64Array(6), [2, 3]);
  const { clients, note, problems } = readExperiment(folder);
  assert.equal(clients[1].points, null);
  assert.equal(note, "The rows of client Dream cannot be read.");
  assert.match(problems[0], /shape \(rows, 2\) expected, found \(2,3\)\)$/);
});

test("what is no experiment directory is refused by name", (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => readExperiment(join(folder, "none")), /none: no such directory/);
  assert.throws(() => readExperiment(folder), /no experiment directory, or one without a round/);
  writeExperiment(folder, { nRounds: 1 });
  rmSync(globalFile(folder, 0, "global_means.npy"));
  assert.throws(() => readExperiment(folder), /no whole round: .*global_means.npy: no such file/);
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

test("a directory of a version that is not known is refused by both numbers", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  for (const round of [0, 1, 2]) {
    edit(globalFile(folder, round, "metadata.json"), (value) => {
      value.schema_version = 2;
    });
  }
  assert.throws(() => readExperiment(folder), /no whole round: .*schema_version 1 expected, found 2/);
});

test("rows go to the nearest mean, the first of equals", () => {
  const rows = Float64Array.of(0, 0, 5, 5, 2, 2, 9, 0);
  assert.deepEqual([...assignRows(rows, 2, Float64Array.of(0, 0, 4, 4, 9, 1))], [0, 1, 0, 2]);
});

test("what undoes the standardization of two features is read, and of components there is none", (t) => {
  const folder = writeExperiment(temporaryFolder(t));
  const { original: missing } = readExperiment(folder);
  assert.ok("problem" in missing && missing.problem.includes("normalization"));
  writeNpy(join(folder, "normalization", "mean.npy"), Float64Array.of(200, 17), [2]);
  writeNpy(join(folder, "normalization", "std.npy"), Float64Array.of(14, 0), [2]);
  assert.deepEqual(readExperiment(folder).original, [
    { name: "x0", factor: 14, offset: 200 },
    { name: "x1", factor: 1, offset: 17 },
  ]);
  const asIs = readExperiment(writeExperiment(temporaryFolder(t), { configuration: { normalize: false } }));
  assert.deepEqual(asIs.original, [
    { name: "x0", factor: 1, offset: 0 },
    { name: "x1", factor: 1, offset: 0 },
  ]);
  const unsaid = readExperiment(
    writeExperiment(temporaryFolder(t), { configuration: { normalize: undefined } }),
  );
  assert.ok("problem" in unsaid.original && unsaid.original.problem.includes("does not say"));
  const mixed = readExperiment(writeExperiment(temporaryFolder(t), { nFeatures: 3 }));
  assert.ok("problem" in mixed.original && mixed.original.problem.includes("principal components"));
});

test("a run with noise has standard errors, no local means, no tolerance, and no inertia of rounds", (t) => {
  const folder = writeExperiment(temporaryFolder(t), { withNoise: true });
  const { noise, note, rounds, axes, tolerance, metrics } = readExperiment(folder);
  assert.deepEqual(noise, { epsilon: 0.5, delta: 1e-6 });
  assert.equal(note, null);
  assert.deepEqual(
    rounds.map(({ standardErrors }) => standardErrors),
    [null, [0.1, 0.2, 0.3], [0.1, 0.2, 0.3]],
  );
  assert.ok(rounds.every(({ locals, areLocalsRecorded }) => locals.length === 0 && !areLocalsRecorded));
  assert.deepEqual(
    rounds.map(({ inertia }) => inertia),
    [null, null, null],
  );
  assert.deepEqual([tolerance, metrics.inertia], [null, 7]);
  assert.deepEqual(axes, ["x0 (bounds at -1 and 1)", "x1 (bounds at -1 and 1)"]);
  // Where the summary is damaged, rounds tell.
  writeFileSync(join(folder, "experiment_summary.json"), "{");
  assert.deepEqual(readExperiment(folder).noise, { epsilon: null, delta: null });
  // As many as there are means, or nobody knows whose they are.
  edit(globalFile(folder, 1, "metadata.json"), (value) => {
    value.standard_errors = [0.1];
  });
  assert.equal(readExperiment(folder).rounds[1].standardErrors, null);
});

test("no other run has noise", (t) => {
  const { noise, rounds } = readExperiment(writeExperiment(temporaryFolder(t)));
  assert.equal(noise, null);
  assert.ok(rounds.every(({ standardErrors }) => standardErrors === null));
});
