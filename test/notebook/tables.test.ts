import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import * as fk from "#src/index.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");

let penguins: fk.FederatedData;
before(async () => {
  penguins = await fk.load(PENGUINS, { labelColumn: "species" });
});

test("load tells what each client holds, by class", () => {
  assert.deepEqual(penguins.clients, [
    { name: "Biscoe", nSamples: 167, classes: { Adelie: 44, Gentoo: 123 } },
    { name: "Dream", nSamples: 124, classes: { Adelie: 56, Chinstrap: 68 } },
    { name: "Torgersen", nSamples: 51, classes: { Adelie: 51 } },
  ]);
  assert.deepEqual([penguins.nSamples, penguins.nFeatures], [342, 4]);
});

test("a cell calculates with the cells of a table without a cast", async (t) => {
  const run = { data: penguins, kGlobal: 3, carrier: "inline", logDir: temporaryFolder(t) } as const;
  const result = await fk.run(run);
  const [first, second] = fk.centroids(result);
  const { data, nColumns } = result.finalMeans;
  assert.equal(first.bill_length_mm - second.bill_length_mm, data[0] - data[nColumns]);
  const table = await fk.assignments(result);
  const heavy = table.filter((row) => row.body_mass_g / 1000 > 4.5);
  const rows = await fk.rows(penguins);
  assert.equal(heavy.length, rows.filter((row) => row.body_mass_g > 4500).length);
  assert.ok(heavy.length > 50 && heavy.length < 200);
});

for (const [title, settings] of [
  ["in features", {}],
  ["in two components", { pcaComponents: 2 }],
  ["unscaled", { normalize: false }],
] as const) {
  test(`assignments are the clusters that the run itself evaluated, ${title}`, {
    skip: skipWithoutPython,
  }, async (t) => {
    const run = {
      data: penguins,
      kGlobal: 4,
      carrier: "inline",
      logDir: temporaryFolder(t),
      ...settings,
    } as const;
    const result = await fk.run(run);
    const table = await fk.assignments(result);
    assert.equal(table.length, 342);
    const sizes = result.metrics.clusterSizes.map((_, c) => table.filter((row) => row.cluster === c).length);
    assert.deepEqual(sizes, result.metrics.clusterSizes);
    const [index, byHand] = askPython<[number, number]>(
      "from sklearn.metrics import adjusted_rand_score as a\n" +
        "answer([a(cases['species'], cases['cluster']), a(cases['client'], cases['cluster'])])",
      {
        species: column(table, "species"),
        cluster: column(table, "cluster"),
        client: column(table, "client"),
      },
    );
    assert.ok(Math.abs(index - result.metrics.adjustedRandIndex!) < 1e-12);
    const ours = fk.adjustedRandIndex(column(table, "client"), column(table, "cluster"));
    assert.ok(Math.abs(ours - byHand) < 1e-12);
    // Features come on the original scale: those of the file's first row.
    assert.equal(table[0].client, "Biscoe");
    assert.deepEqual(
      Object.values(await fk.rows(penguins).then(([row]) => row)).slice(2),
      Object.values(table[0]).slice(3),
    );
  });
}

test("centroids are the means, on the original scale, of the rows assigned to them", async (t) => {
  const settings = {
    data: penguins,
    kGlobal: 3,
    algorithm: "lloyd",
    groupSize: 1,
    tolerance: 0,
  } as const;
  const result = await fk.run({ ...settings, carrier: "inline", logDir: temporaryFolder(t) });
  const table = await fk.assignments(result);
  for (const centroid of fk.centroids(result)) {
    const members = table.filter((row) => row.cluster === centroid.cluster);
    assert.equal(centroid.nSamples, members.length);
    for (const name of penguins.featureNames!) {
      const mean = members.reduce((sum, row) => sum + Number(row[name]), 0) / members.length;
      assert.ok(
        Math.abs(mean - Number(centroid[name])) < 1e-9 * Math.abs(mean),
        `${name}: ${mean}, ${centroid[name]}`,
      );
    }
  }
});

test("a crosstab counts as pandas does, in natural order", () => {
  const table = [
    { site: "ward 10", cluster: 1 },
    { site: "ward 2", cluster: 10 },
    { site: "ward 10", cluster: 2 },
    { site: "ward 10", cluster: 1 },
  ];
  assert.deepEqual(fk.crosstab(table, "site", "cluster"), [
    { site: "ward 2", "cluster 1": 0, "cluster 2": 0, "cluster 10": 1 },
    { site: "ward 10", "cluster 1": 2, "cluster 2": 1, "cluster 10": 0 },
  ]);
  assert.throws(() => fk.crosstab(table, "sites", "cluster"), /no column sites: the table has site, cluster/);
});

test("messages counts what the client's log says was sent", async (t) => {
  const settings = {
    data: penguins,
    kGlobal: 3,
    privacy: "threshold",
    privacyThreshold: 8,
    carrier: "inline",
  } as const;
  const result = await fk.run({ ...settings, logDir: temporaryFolder(t) });
  const sent = fk.messages(result).filter((row) => row.client === "Torgersen");
  assert.deepEqual(
    sent.map(({ message, times }) => [message, times]),
    [
      ["normalization/moments", 1],
      ["clustering/local_means", result.rounds + 1],
      ["evaluation/fit", 1],
    ],
  );
  // A count; of four features sums, sums of squares and what these leave of a mean; the upper half of 4 x 4.
  assert.equal(sent[0].values, 1 + 3 * 4 + 10);
  // Each round: an inertia, then (m, 4) means, and counts, flags and origins of the q local clusters.
  const clusters = fk.localClusters(result).filter((row) => row.client === "Torgersen");
  const means = clusters.filter((row) => !row.isWithheld).length;
  assert.equal(sent[1].values, result.rounds + 1 + 4 * means + 3 * clusters.length);
  assert.ok(clusters.every((row) => row.isWithheld === row.nSamples < 8));
});

test("of a run that kept no local means, local clusters are refused by name and history is whole", async (t) => {
  const settings = { data: penguins, kGlobal: 3, carrier: "inline", recordLocalMeans: false } as const;
  const result = await fk.run({ ...settings, logDir: temporaryFolder(t) });
  assert.throws(
    () => fk.localClusters(result),
    /^RunError: .* holds no local means: .*recordLocalMeans: false$/,
  );
  assert.ok(fk.history(result).every(({ inertia }) => inertia !== null && inertia > 0));
});

test("history has the inertia of every round, the last of which is the evaluation's", async (t) => {
  const settings = {
    data: penguins,
    kGlobal: 5,
    start: "random",
    algorithm: "lloyd",
    carrier: "inline",
  } as const;
  for (const groupSize of [1, 5]) {
    const result = await fk.run({ ...settings, groupSize, logDir: temporaryFolder(t) });
    const inertias = fk.history(result).map(({ inertia }) => inertia!);
    assert.equal(inertias.length, result.rounds + 1);
    // Lloyd's algorithm never makes it worse, of what it computes from.
    assert.deepEqual(
      [...inertias].sort((a, b) => b - a),
      inertias,
    );
    assert.equal(inertias.at(-1), (result.metricsOfPoints ?? result.metrics).inertia);
    assert.equal(result.metricsOfPoints === null, groupSize === 1);
  }
});

test("evaluate scores a run's own centroids as the run did, and writes nothing", async (t) => {
  const settings = { data: penguins, carrier: "inline" } as const;
  const result = await fk.run({ ...settings, kGlobal: 3, logDir: temporaryFolder(t) });
  const metrics = await fk.evaluate(result.finalMeans, settings);
  for (const [name, value] of Object.entries(result.metrics)) {
    if (typeof value !== "number" || name === "silhouetteScore") continue;
    const other = metrics[name as keyof fk.Metrics] as number;
    assert.ok(Math.abs(other - value) <= 1e-9 * Math.abs(value), `${name}: ${other}, ${value}`);
  }
  await assert.rejects(fk.evaluate([[1, 2, 3]], settings), {
    name: "UsageError",
    message: /start must hold clusters x features = \(1, 4\) centroids, found \(1, 3\)/,
  });
  await assert.rejects(fk.evaluate([[1, 2], [3]], settings), {
    name: "UsageError",
    message: "centroids must be rows of 2 finite numbers each, found [3]",
  });
});

test("what generate makes is what the command line makes, and its errors name the cell's options", async (t) => {
  const outputDir = temporaryFolder(t);
  const data = await fk.generate({ numClients: 3, samplesPerClient: 10, outputDir });
  assert.deepEqual([data.nSamples, data.clients.length, data.clients[0].nSamples], [30, 3, 10]);
  await assert.rejects(fk.generate({ samplesPerClient: 0, outputDir }), {
    name: "UsageError",
    message: "samplesPerClient must be an integer of at least 1, found 0",
  });
  await assert.rejects(fk.generate({ scheme: "paper", nonIid: 1, outputDir } as fk.GenerateOptions), {
    name: "UsageError",
    message: /^unknown option nonIid of the scheme paper: expected one of numClients,/,
  });
});

function column(table: readonly fk.Row[], name: string): string[] {
  return table.map((row) => String(row[name]));
}

test("what is neither a result nor data is refused in words, where no compiler has refused it", async () => {
  for (const wrong of [undefined, null, 3, {}, [1], { experimentDir: 1 }]) {
    for (const read of [fk.assignments, fk.history, fk.centroids, fk.localClusters, fk.open] as const) {
      await assert.rejects(
        async () => read(wrong as never),
        /^UsageError: a run's result .* expected, found /,
      );
    }
    await assert.rejects(fk.rows(wrong as never), /^UsageError: data as load returns them expected, found /);
  }
  for (const wrong of [undefined, null, 3, "data/penguins", [1]]) {
    for (const start of [fk.run, fk.watch, fk.sweep, fk.chooseK] as const) {
      await assert.rejects(async () => start(wrong as never), /^UsageError: settings expected, as \{ data: /);
    }
    await assert.rejects(fk.evaluate([[1]], wrong as never), /^UsageError: settings expected, as \{ data: /);
    assert.throws(() => fk.crosstab(wrong as never, "a", "b"), /^UsageError: a table expected, a list of /);
  }
  for (const wrong of [undefined, null, 3, {}, [1]]) {
    assert.throws(
      () => fk.verify(wrong as never),
      /^UsageError: the path of an experiment directory expected/,
    );
    await assert.rejects(
      fk.resume(wrong as never),
      /^UsageError: the path of an experiment directory expected/,
    );
    assert.throws(
      () => fk.adjustedRandIndex(wrong as never, "a" as never),
      /^UsageError: two lists of labels/,
    );
  }
});
