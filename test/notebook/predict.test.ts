import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { writeNpz } from "#src/data/formats/npz.js";
import { readNpy, writeNpy } from "#src/directory/npy.js";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";
import { fedkmeans } from "../support/command.js";
import { askPython, runPython, skipWithoutPython } from "../support/python.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const CLIENTS = ["Biscoe", "Dream", "Torgersen"];
const PENGUIN_RUN = { data: PENGUINS, labelColumn: "species", saveLabels: true } as const;

/** Runs of the penguins, in features and in components, on a thread and on several. */
const RUNS = {
  inFeatures: { ...PENGUIN_RUN, kGlobal: 3, carrier: "inline" },
  inComponents: { ...PENGUIN_RUN, kGlobal: 4, pcaComponents: 2, threads: 2 },
  unscaled: { ...PENGUIN_RUN, kGlobal: 5, normalize: false, algorithm: "lloyd", threads: 2 },
} as const;

let results: Record<keyof typeof RUNS, fk.RunResult>;
before(async (context) => {
  const logDir = temporaryFolder(context as TestContext);
  const run = (name: keyof typeof RUNS) => fk.run({ ...RUNS[name], logDir });
  results = {
    inFeatures: await run("inFeatures"),
    inComponents: await run("inComponents"),
    unscaled: await run("unscaled"),
  };
});

function savedLabels({ experimentDir }: fk.RunResult, client: string): Int32Array {
  const path = join(experimentDir, "client_labels", `client_${client}.npy`);
  const { data, shape } = readNpy(readFileSync(path), path);
  assert.ok(data instanceof Int32Array);
  assert.deepEqual(shape, [data.length]);
  return data;
}

for (const name of Object.keys(RUNS) as (keyof typeof RUNS)[]) {
  test(`saved labels, assignments and predictions of the run's own rows are the same, ${name}`, async () => {
    const result = results[name];
    const { experimentDir } = result;
    assert.equal(readdirSync(join(experimentDir, "client_labels")).length, 3);
    const table = await fk.assignments(result);
    const prediction = await fk.predict(experimentDir, PENGUINS);
    assert.deepEqual(prediction.clusterSizes, result.metrics.clusterSizes);
    for (const { name: client, labels } of prediction.clients) {
      const own = savedLabels(result, client);
      assert.deepEqual(own, labels);
      const assigned = table.filter((row) => row.client === client).map(({ cluster }) => cluster);
      assert.deepEqual(assigned, [...own]);
      const alone = await fk.predict(result, join(PENGUINS, `${client}.csv`));
      assert.deepEqual(alone.labels, own);
    }
  });
}

test("saved labels are what scikit-learn's KMeans predicts from the final means", {
  skip: skipWithoutPython,
}, () => {
  const folders = Object.values(results).map(({ experimentDir }) => experimentDir);
  const wrong = askPython<number>(
    `
import glob
from sklearn.cluster import KMeans
wrong = 0
for folder in cases:
    means = np.load(sorted(glob.glob(folder + "/global_means/*.npy"))[-1])
    km = KMeans(n_clusters=len(means), init=means, n_init=1, max_iter=1).fit(means)
    km.cluster_centers_ = means
    paths = glob.glob(folder + "/client_labels/*.npy")
    assert len(paths) == 3
    for path in paths:
        labels = np.load(path)
        assert labels.dtype == np.int32
        rows = np.load(path.replace("client_labels", "client_data"))
        nearest = np.sort(np.linalg.norm(rows[:, None] - means[None], axis=2), axis=1)
        clear = nearest[:, 1] - nearest[:, 0] > 1e-9 * nearest[:, 1]
        assert clear.sum() > 10
        wrong += int((km.predict(rows)[clear] != labels[clear]).sum())
answer(wrong)
`,
    folders,
  );
  assert.equal(wrong, 0);
});

test("of means that are as near the first is taken, in labels as in predictions", async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, "data");
  mkdirSync(data);
  const rows = Float64Array.of(0, 5, 1, 0, 0, -3, -1, 0);
  for (const client of [0, 1])
    writeFileSync(join(data, `client_${client}.npy`), writeNpy({ shape: [4, 2], data: rows }));
  writeFileSync(join(folder, "start.npy"), writeNpy({ shape: [2, 2], data: Float64Array.of(1, 0, -1, 0) }));
  const result = await fk.run({
    data,
    kGlobal: 2,
    start: join(folder, "start.npy"),
    normalize: false,
    groupSize: 1,
    maxIterations: 0,
    saveLabels: true,
    logDir: join(folder, "logs"),
  });
  assert.deepEqual([...savedLabels(result, "1")], [0, 0, 0, 1]);
  assert.deepEqual([...(await fk.predict(result, data)).labels], [0, 0, 0, 1, 0, 0, 0, 1]);
});

test("verify covers the labels: a finished run's are whole, and one that was changed is noticed", async (t) => {
  const { experimentDir } = await fk.run({ ...RUNS.inFeatures, logDir: temporaryFolder(t) });
  assert.equal(fk.verify(experimentDir).status, "completed");
  const path = join(experimentDir, "client_labels", "client_Dream.npy");
  const bytes = readFileSync(path);
  bytes[bytes.length - 4] ^= 1;
  writeFileSync(path, bytes);
  assert.throws(() => fk.verify(experimentDir), /client_Dream\.npy/);
});

test("without saveLabels there are no labels", async (t) => {
  const { experimentDir } = await fk.run({
    ...RUNS.inFeatures,
    saveLabels: false,
    logDir: temporaryFolder(t),
  });
  assert.ok(!readdirSync(experimentDir).includes("client_labels"));
});

/** The first rows of Dream's penguins, as a program would hold them. */
function firstPenguins(): { names: string[]; values: number[][] } {
  const [header, ...lines] = readFileSync(join(PENGUINS, "Dream.csv"), "utf8").trim().split("\n");
  const species = header.split(",").indexOf("species");
  const withoutSpecies = (line: string) => line.split(",").filter((_, column) => column !== species);
  return {
    names: withoutSpecies(header),
    values: lines.slice(0, 60).map((line) => withoutSpecies(line).map(Number)),
  };
}

test("features are found by their names, whatever stands beside them and in whatever order", async (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string) => join(folder, name);
  const { names, values } = firstPenguins();
  const expected = (await fk.predict(results.inFeatures, join(PENGUINS, "Dream.csv"))).labels.slice(0, 60);
  const [a, b, c, d] = names;
  const other = values.map(([va, vb, vc, vd], i) => `p${i},${vd},${vb},male,${va},${vc}`);
  writeFileSync(at("new.csv"), `${["name", d, b, "sex", a, c].join(",")}\n${other.join("\n")}\n`);
  writeFileSync(at("new.npy"), writeNpy({ shape: [60, 4], data: Float64Array.from(values.flat()) }));
  writeFileSync(
    at("new.npz"),
    await writeNpz({ X: { shape: [60, 4], data: Float64Array.from(values.flat()) } }),
  );
  writeFileSync(at("nameless.csv"), values.map((row) => `${row.join(",")}\n`).join(""));
  for (const file of ["new.csv", "new.npy", "new.npz", "nameless.csv"]) {
    const { labels, clients } = await fk.predict(results.inFeatures, at(file));
    assert.deepEqual(labels, expected, file);
    assert.deepEqual(
      clients.map(({ name }) => name),
      [file.split(".")[0]],
    );
  }
  // Each table is told by itself, whatever lies beside it.
  const named = values.map(([va, vb, vc, vd]) => ({ [d]: vd, [b]: vb, sex: "male", [a]: va, [c]: vc }));
  const others = { first: values, second: named, third: { data: values.flat(), shape: [60, 4] } };
  for (const rows of [
    others,
    new Map(Object.entries(others)),
    Object.values(others),
    join(folder, "mixed"),
  ]) {
    if (typeof rows === "string") {
      mkdirSync(rows);
      for (const file of ["new.csv", "nameless.csv", "new.npy"])
        copyFileSync(at(file), join(rows, `client_${file}`));
      renameSync(join(rows, "client_new.npy"), join(rows, "client_array.npy"));
    }
    const { clients } = await fk.predict(results.inFeatures, rows);
    assert.equal(clients.length, 3);
    for (const { name, labels } of clients) assert.deepEqual(labels, expected, name);
  }
  assert.ok(new Set(expected).size > 1);
});

test("names of features in a .npz archive put its columns in the run's order", {
  skip: skipWithoutPython,
}, async (t) => {
  const path = join(temporaryFolder(t), "new.npz");
  const { names, values } = firstPenguins();
  runPython(
    `
import json, sys, numpy as np
names, values = json.load(sys.stdin)
order = [2, 0, 3, 1]
np.savez(sys.argv[1], X=np.array(values)[:, order], feature_names=np.array(names)[order])
`,
    [path],
    JSON.stringify([names, values]),
  );
  const expected = (await fk.predict(results.inFeatures, join(PENGUINS, "Dream.csv"))).labels.slice(0, 60);
  assert.deepEqual((await fk.predict(results.inFeatures, path)).labels, expected);
});

test("other features are refused with both, and so is what is no data", async (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string) => join(folder, name);
  writeFileSync(at("three.npy"), writeNpy({ shape: [1, 3], data: Float64Array.of(1, 2, 3) }));
  writeFileSync(at("other.csv"), "a,b,c,d\n1,2,3,4\n");
  writeFileSync(at("notes.txt"), "a,b\n1,2\n");
  const reject = (path: string, message: RegExp) =>
    assert.rejects(fk.predict(results.inFeatures, path), message);
  await reject(
    at("three.npy"),
    /^RunError: .*three\.npy and .* differ in their features: 4 expected, found 3$/,
  );
  await reject(
    at("other.csv"),
    /^RunError: .*other\.csv: no column "bill_length_mm": the columns are a, b, c, d/,
  );
  await reject(at("notes.txt"), /^UsageError: .*notes\.txt: a \.npz, .* file expected/);
  await reject(at("nowhere"), /^UsageError: .*nowhere: no such file or folder/);
  for (const none of [null, undefined, 7]) {
    await reject(
      none as unknown as string,
      /^UsageError: data must be .*; found (null|undefined|nothing|7)$/,
    );
  }
  await assert.rejects(fk.predict(folder, PENGUINS), /no experiment directory/);
});

test("the command writes what the function returns, as .csv and as .npy that NumPy reads", {
  skip: skipWithoutPython,
}, async (t) => {
  const folder = temporaryFolder(t);
  const args = ["predict", "--experiment-dir", results.inFeatures.experimentDir, "--data", PENGUINS];
  const { labels, clients } = await fk.predict(results.inFeatures, PENGUINS);
  const printed = fedkmeans(args);
  assert.deepEqual([printed.status, printed.stderr], [0, ""]);
  const lines = clients.flatMap(({ name, labels }) =>
    Array.from(labels, (label, row) => `${name},${row},${label}`),
  );
  assert.equal(printed.stdout, `client,row,cluster\n${lines.join("\n")}\n`);
  const output = join(folder, "labels.npy");
  const written = fedkmeans([...args, "--output", output]);
  assert.equal(written.status, 0);
  assert.match(written.stdout, /^client +rows +cluster 0 +cluster 1 +cluster 2\n/);
  const read = runPython("import sys, numpy as np; a = np.load(sys.argv[1]); print(a.dtype, a.tolist())", [
    output,
  ]);
  assert.equal(read, `int32 [${[...labels].join(", ")}]\n`);
  const one = fedkmeans([...args.slice(0, -1), join(PENGUINS, "Torgersen.csv")]);
  const own = [...savedLabels(results.inFeatures, "Torgersen")];
  assert.equal(one.stdout, `row,cluster\n${own.map((label, row) => `${row},${label}\n`).join("")}`);
});

test("the command refuses an output of another kind, or among the data", (t) => {
  const data = temporaryFolder(t);
  writeFileSync(join(data, "a.npy"), writeNpy({ shape: [1, 4], data: Float64Array.of(1, 2, 3, 4) }));
  const refused = (output: string, path: string, message: RegExp) => {
    const { status, stderr } = fedkmeans([
      ...["predict", "--experiment-dir", results.inFeatures.experimentDir],
      ...["--data", path, "--output", output],
    ]);
    assert.equal(status, 2);
    assert.match(stderr, message);
  };
  refused(join(data, "a.txt"), data, /^fedkmeans: --output must be a \.csv or \.npy file/);
  refused(join(data, "labels.npy"), data, /^fedkmeans: --output .* would be read as a client's rows there/);
  refused(join(data, "a.npy"), join(data, "a.npy"), /^fedkmeans: --output .* would replace the data/);
  assert.deepEqual(readdirSync(data), ["a.npy"]);
});

test("the command's errors name settings by its options", (t) => {
  const path = join(temporaryFolder(t), "a.npy");
  writeFileSync(path, writeNpy({ shape: [1, 4], data: Float64Array.of(1, Number.NaN, 3, 4) }));
  const { experimentDir } = results.inFeatures;
  const { status, stderr } = fedkmeans(["predict", "--experiment-dir", experimentDir, "--data", path]);
  assert.equal(status, 1);
  assert.match(stderr, /^fedkmeans: .* a missing value; 1 of 1 rows has one: .* with --missing drop\n$/);
});

test("display shows how many rows of each client are in each cluster", async () => {
  const prediction = await fk.predict(results.inFeatures, PENGUINS);
  const { text, html } = contentOf(prediction);
  assert.match(text, /^342 rows in 3 clusters of round \d+\n/);
  const counts = CLIENTS.map((client) => {
    const { labels } = prediction.clients.find(({ name }) => name === client)!;
    return [client, labels.length, ...[0, 1, 2].map((c) => labels.filter((label) => label === c).length)];
  });
  for (const row of counts) assert.match(text, new RegExp(`^${row.join(" +")}$`, "m"));
  assert.match(html!, /<td[^>]*>Torgersen<\/td>/);
});
