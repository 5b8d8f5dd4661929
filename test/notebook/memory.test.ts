import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { readNpy } from "#src/directory/npy.js";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";
import { runOnNodeAndDeno } from "../support/deno.js";
import { json, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const FILES = { data: PENGUINS, labelColumn: "species" } as const;

/** The penguins as a program would have them, by island. */
let islands: Record<string, fk.ObjectRow[]>;
let featureNames: readonly string[];
before(async () => {
  const data = await fk.load(PENGUINS, FILES);
  featureNames = data.featureNames!;
  islands = {};
  for (const { client, ...row } of await fk.rows(data)) {
    islands[String(client)] ??= [];
    islands[String(client)].push(row as fk.ObjectRow);
  }
});

const numbersOf = (row: fk.ObjectRow) => featureNames.map((name) => Number(row[name]));
const mapIslands = <T>(make: (rows: fk.ObjectRow[]) => T) =>
  Object.fromEntries(Object.entries(islands).map(([name, rows]) => [name, make(rows)]));

/** Everything that the same rows of files give: all bytes of the directory but the data's own identity. */
function bytesOf(directory: string): Record<string, string> {
  const { "experiment_summary.json": summary, ...others } = promisedBytes(directory);
  const { configuration, partitions, clients, results, convergence_history, feature_names } =
    JSON.parse(summary);
  return {
    ...Object.fromEntries(Object.entries(others).filter(([file]) => !/manifest/.test(file))),
    summary: JSON.stringify({
      configuration: { ...configuration, data: null, label_column: null },
      partitions: partitions.map(({ client, rows, columns }: Record<string, unknown>) => [
        client,
        rows,
        columns,
      ]),
      clients,
      results,
      convergence_history,
      feature_names,
    }),
  };
}

test("rows in memory give the bytes that the same rows give from files, on one thread and on two", async (t) => {
  const logDir = temporaryFolder(t);
  const settings = { kGlobal: 4, saveLabels: true, logDir } as const;
  const { experimentDir } = await fk.run({ ...settings, ...FILES, carrier: "inline" });
  const expected = bytesOf(experimentDir);
  const objects = { data: islands, labelColumn: "species" };
  const arrays = {
    data: mapIslands((rows) => ({
      rows: rows.map(numbersOf),
      labels: rows.map((row) => row.species),
      featureNames,
    })),
  };
  const typed = {
    data: mapIslands((rows) => ({
      rows: { data: Float64Array.from(rows.flatMap(numbersOf)), shape: [rows.length, 4] },
      labels: rows.map((row) => row.species),
      featureNames,
    })),
  };
  const oneTable = {
    data: Object.entries(islands).flatMap(([island, rows]) => rows.map((row) => ({ island, ...row }))),
    clientColumn: "island",
    labelColumn: "species",
  };
  for (const [what, data] of Object.entries({ objects, arrays, typed })) {
    for (const carrier of [{ carrier: "inline" }, { threads: 2 }] as const) {
      const result = await fk.run({ ...settings, ...carrier, ...data });
      assert.deepEqual(bytesOf(result.experimentDir), expected, `${what}, ${JSON.stringify(carrier)}`);
    }
  }
  const result = await fk.run({ ...settings, ...oneTable });
  assert.deepEqual(
    { ...bytesOf(result.experimentDir), summary: null },
    { ...expected, summary: null },
    "one table with a column of clients",
  );
  const summary = json(result.experimentDir, "experiment_summary.json");
  assert.equal(summary.configuration.data, null);
  assert.ok(
    summary.partitions.every(
      ({ file, sha256 }: Record<string, string>) => file === null && sha256.length === 64,
    ),
  );
});

test("everything that takes data takes rows in memory, and finds what it finds in files", async (t) => {
  const logDir = temporaryFolder(t);
  const loaded = await fk.load(islands, { labelColumn: "species" });
  const files = await fk.load(PENGUINS, FILES);
  assert.deepEqual(loaded.clients, files.clients);
  assert.deepEqual(await fk.rows(loaded), await fk.rows(files));
  assert.match(contentOf(loaded).text, /^3 clients, 342 rows of 4 features: .* · in memory\n/);
  const settings = { kGlobal: 3, logDir } as const;
  const [inMemory, inFiles] = [
    await fk.watch({ ...settings, data: loaded }),
    await fk.watch({ ...settings, data: files }),
  ];
  assert.equal(inMemory.runHash, inFiles.runHash);
  assert.deepEqual(await fk.assignments(inMemory, loaded), await fk.assignments(inFiles));
  await assert.rejects(fk.assignments(inMemory), /its rows were in memory; give them as data/);
  const { finalMeans } = inFiles;
  assert.deepEqual(
    await fk.evaluate(finalMeans, { data: loaded }),
    await fk.evaluate(finalMeans, { data: files }),
  );
  const { labels } = await fk.predict(inFiles, PENGUINS);
  for (const data of [islands, loaded, Object.values(islands).map((rows) => rows.map(numbersOf))]) {
    assert.deepEqual((await fk.predict(inMemory, data)).labels, labels);
  }
  assert.deepEqual((await fk.predict(inMemory, islands.Biscoe)).labels, labels.subarray(0, 167));
  assert.deepEqual(
    (await fk.predict(inMemory, islands.Biscoe.map(numbersOf))).labels,
    labels.subarray(0, 167),
  );
  const study = { seeds: 2, threads: 2 };
  const grid = { algorithm: ["fkm", "central"] } as const;
  const [sweptMemory, sweptFiles] = [
    await fk.sweep({ ...settings, data: islands, labelColumn: "species" }, grid, {
      ...study,
      output: join(logDir, "sweep"),
    }),
    await fk.sweep({ ...settings, data: files }, grid, study),
  ];
  assert.deepEqual(sweptMemory.runs, sweptFiles.runs);
  const again = await fk.sweep({ ...settings, data: islands, labelColumn: "species" }, grid, {
    ...study,
    output: join(logDir, "sweep"),
  });
  assert.deepEqual(again.runs, sweptFiles.runs);
  const lines = readFileSync(join(logDir, "sweep", "runs.jsonl"), "utf8")
    .trim()
    .split("\n");
  assert.equal(lines.length, 4, "what is known of the same rows is not run again");
  const choose = { kValues: [2, 3], seeds: 2, threads: 2 };
  assert.deepEqual(
    (await fk.chooseK({ data: loaded }, choose)).scores,
    (await fk.chooseK({ data: files }, choose)).scores,
  );
});

test("a run of rows in memory is resumed with the same rows, and with no others", async (t) => {
  const settings = {
    data: islands,
    labelColumn: "species",
    kGlobal: 4,
    tolerance: 0,
    logDir: temporaryFolder(t),
  };
  const whole = await fk.run(settings);
  const controller = new AbortController();
  const logDir = temporaryFolder(t);
  const run = fk.run(
    { ...settings, logDir },
    {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === "round" && event.round.round === 1) controller.abort(new Error("enough"));
      },
    },
  );
  await assert.rejects(run, /enough/);
  const directory = onlyDirectory(logDir);
  await assert.rejects(fk.resume(directory), /its rows were in a program's memory: resume it there/);
  const others = { ...islands, Dream: islands.Dream.slice(1) };
  await assert.rejects(
    fk.resume(directory, { data: others }),
    /can only be resumed with the data it began with/,
  );
  assert.equal((await fk.resume(directory, { data: islands })).runHash, whole.runHash);
});

test("the program's own arrays are left alone, and may change while a run goes on", async (t) => {
  const make = () =>
    [0, 1].map((c) => [
      [c, 0],
      [c, 1],
      [c + 5, 1],
      [c + 5, 2],
    ]);
  const settings = { kGlobal: 2, groupSize: 2, logDir: temporaryFolder(t) };
  const expected = await fk.run({ ...settings, data: make() });
  const data = make();
  const running = fk.run({ ...settings, data });
  for (const table of data) for (const row of table) row.fill(Number.NaN);
  assert.equal((await running).runHash, expected.runHash);
  const floats = [0, 1].map(() => ({ data: Float64Array.of(1, 2, 1, 3, 9, 9, 9, 8), shape: [4, 2] }));
  await fk.run({ ...settings, data: floats });
  assert.deepEqual([...floats[0].data], [1, 2, 1, 3, 9, 9, 9, 8]);
});

test("rows with a missing value are refused or left out, and have cluster -1", async (t) => {
  const data = {
    a: [
      { x: 1, z: 2 },
      { x: null, z: 3 },
      { x: 2, z: 2 },
      { x: 8, z: 9 },
    ],
    b: [{ x: 9, z: 9 }, { x: 8, z: 8 }, { x: 1, z: Number.NaN }, { z: 1 }],
  };
  const settings = { kGlobal: 2, groupSize: 1, saveLabels: true, logDir: temporaryFolder(t) };
  await assert.rejects(
    fk.run({ ...settings, data }),
    /client "a" \(rows in memory\): row 1 \(counted from 0\), column "x": a missing value; 1 of 4 rows has one/,
  );
  const result = await fk.run({ ...settings, data, missing: "drop" });
  const { clients } = await fk.predict(result, data);
  assert.deepEqual(
    clients.map(({ labels }) => Array.from(labels, (label) => label === -1)),
    [
      [false, true, false, false],
      [false, false, true, true],
    ],
  );
  for (const { name, labels } of clients) {
    const path = join(result.experimentDir, "client_labels", `client_${name}.npy`);
    assert.deepEqual(readNpy(readFileSync(path), path).data, labels);
  }
});

const REFUSED: [what: string, data: unknown, message: RegExp, options?: object][] = [
  [
    "one table",
    [
      [1, 2],
      [3, 4],
    ],
    /^UsageError: data in memory must hold a table of rows for each client, found one table/,
  ],
  [
    "objects without clients",
    [{ a: 1 }, { a: 2 }],
    /^UsageError: data in memory must hold a table .* objects with clientColumn/,
  ],
  ["a typed array", [Float64Array.of(1, 2)], /found one table/],
  ["a URL", new URL("https://example.org/a.csv"), /^UsageError: data must be .*; found a URL: download it/],
  ["a promise", Promise.resolve([[[1]]]), /found a promise: await it first/],
  ["a number", 5, /^UsageError: data must be .*; found 5$/],
  ["no clients", [], /^UsageError: data in memory holds no clients/],
  ["a client without rows", [[[1, 2]], []], /^RunError: client "1" \(rows in memory\): no rows/],
  [
    "a client that is a number",
    { a: [[1, 2]], b: 7 },
    /^UsageError: client "b" .*rows expected: .*; found 7/,
  ],
  ["rows of different lengths", [[[1, 2], [3]]], /row 1 \(counted from 0\): 2 numbers expected, found 1/],
  [
    "a shape that does not fit",
    [{ data: [1, 2, 3], shape: [2, 2] }],
    /4 numbers expected for shape \(2, 2\), found 3/,
  ],
  ["three dimensions", [{ data: new Float64Array(8), shape: [2, 2, 2] }], /found shape \(2, 2, 2\); reshape/],
  [
    "columns one after the other",
    [{ data: new Float64Array(4), shape: [2, 2], stride: [1, 2] }],
    /strides \(1,2\)/,
  ],
  ["text in an array", [[["a", "b"]]], /row 0 \(counted from 0\), feature 0: a number expected, found "a"/],
  [
    "text in objects",
    [[{ a: 1, s: "m" }]],
    /column "s": a number expected, found "m"; leave text columns out \(dropColumns s\)/,
  ],
  [
    "an infinity",
    [[[1, Infinity]]],
    /row 0 \(counted from 0\), feature 1: a finite number expected, found Infinity/,
  ],
  ["a date", [[{ a: new Date(0) }]], /column "a": a number expected, found an object \(Date\)/],
  ["a whole number past 2^53", [[[2n ** 53n + 1n]]], /a whole number of at most 2\^53 expected/],
  ["labels for other rows", [{ rows: [[1], [2]], labels: ["a"] }], /found 1 labels and 2 rows/],
  [
    "names for other features",
    [{ rows: [[1, 2]], featureNames: ["a"] }],
    /a different name for each of 2 features/,
  ],
  [
    "chosen columns without names",
    [[[1, 2]]],
    /no column "a": its columns have no names/,
    { columns: ["a"] },
  ],
  [
    "no such label column",
    [[{ a: 1 }]],
    /no column "species": the columns are a/,
    { labelColumn: "species" },
  ],
  ["no such client column", [{ a: 1 }], /no column "site": they are a/, { clientColumn: "site" }],
  ["an empty name", { "": [[1]] }, /client's name is empty/],
];

for (const [what, data, message, options] of REFUSED) {
  test(`data in memory with ${what} is refused in one line`, async () => {
    await assert.rejects(fk.load(data as never, options), (error) => {
      const text = String(error).replaceAll(/the setting\u00a0/g, "");
      assert.match(text, message);
      assert.ok(!text.includes("\n"));
      return true;
    });
  });
}

test("cells of objects follow the rules of a file's cells", async () => {
  const objects = [
    { a: "1.5", b: true, y: 3, note: "x" },
    { a: " 2 ", b: false, y: "3.0", note: "y" },
    { a: 3n, b: true, y: 4, note: "z" },
  ];
  const data = await fk.load([objects], { dropColumns: ["note"] });
  assert.deepEqual(data.clients, [{ name: "0", nSamples: 3, classes: { 3: 2, 4: 1 } }]);
  assert.deepEqual(data.featureNames, ["a", "b"]);
  const [{ client, y, ...first }] = await fk.rows(data);
  assert.deepEqual([client, y, first], ["0", undefined, { label: "3", a: 1.5, b: 1 }]);
  const some = await fk.load(new Map([["m", objects]]), { columns: ["b"], labelColumn: "none" });
  assert.deepEqual([some.featureNames, some.clients[0].classes, some.clients[0].name], [["b"], null, "m"]);
});

test("labels beside rows are the labels, whatever the features are called", async () => {
  const table = {
    rows: [
      [1, 2],
      [3, 4],
    ],
    labels: ["u", "v"],
    featureNames: ["y", "z"],
  };
  const data = await fk.load([table]);
  assert.deepEqual([data.featureNames, data.clients[0].classes], [["y", "z"], { u: 1, v: 1 }]);
  const named = await fk.load([{ rows: table.rows, featureNames: table.featureNames }]);
  assert.deepEqual([named.featureNames, named.clients[0].classes], [["z"], { 1: 1, 3: 1 }]);
  const nameless = await fk.load([table.rows], { labelColumn: "species" });
  assert.equal(nameless.clients[0].classes, null);
  assert.match(
    nameless.notices.join(),
    /^no labels: columns without names have none that labelColumn species could/,
  );
  assert.deepEqual(
    (await fk.load([{ rows: table.rows, labels: table.labels }], { labelColumn: "species" })).notices,
    [],
  );
});

test("what was settled when rows in memory were loaded cannot be changed after", async () => {
  const loaded = await fk.load(islands, { labelColumn: "species" });
  await assert.rejects(fk.run({ data: loaded, labelColumn: "none" }), /labelColumn was settled when/);
  await assert.rejects(
    fk.sweep({}, { data: [loaded] }),
    /must be in files; rows in memory can be the data of all runs/,
  );
});

test("a run and a study say which files were left out, and which rows", async (t) => {
  const folder = temporaryFolder(t);
  const rows = (from: number) => Array.from({ length: 12 }, (_, i) => `${from + (i % 3) * 9},${i % 2}`);
  for (const [name, lines] of [
    ["client_0", rows(0)],
    ["client_1", [...rows(1), "4,"]],
    ["Client_2", rows(2)],
  ] as const) {
    writeFileSync(join(folder, `${name}.csv`), `a,b\n${lines.join("\n")}\n`);
  }
  const data = { data: folder, missing: "drop", groupSize: 1 } as const;
  const expected = [
    `left out of ${folder}: Client_2.csv (beside files named client_*, no others are clients)`,
    'client 1: 1 of 13 rows is left out for missing values: 1 in column "b"',
  ];
  assert.deepEqual((await fk.load(folder, { missing: "drop" })).notices, expected);
  assert.deepEqual((await fk.run({ ...data, kGlobal: 2, logDir: join(folder, "logs") })).notices, expected);
  const study = await fk.sweep(
    { ...data, kGlobal: 2 },
    { algorithm: ["fkm", "lloyd"] },
    { seeds: 2, threads: 1 },
  );
  assert.deepEqual(study.notices, expected);
  for (const line of expected) assert.ok(contentOf(study).text.includes(`note: ${line}\n`));
  const choice = await fk.chooseK(data, { kValues: [2, 3], seeds: 2, threads: 1 });
  assert.deepEqual(choice.notes.slice(0, 2), expected);
});

test("a result names settings as a program gives them, a run's files as its JSON does", async (t) => {
  const logDir = temporaryFolder(t);
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, x: id % 2 }));
  const data = { a: rows, b: rows };
  const { notices, experimentDir } = await fk.run({ data, kGlobal: 2, groupSize: 1, logDir });
  const note = (name: string) =>
    `column "id" is clustered, though its whole numbers all differ as those of an id do; leave it out with ${name} id`;
  assert.deepEqual(notices, [note("dropColumns")]);
  assert.deepEqual((await fk.load(data)).notices, notices);
  const log = readFileSync(join(experimentDir, "client_logs", "client_a.log"), "utf8");
  assert.ok(log.includes(`notice: ${note("drop_columns")}\n`), log);

  const few = {
    data: [
      [[1], [2], [3]],
      [[4], [5], [6]],
    ],
    kGlobal: 3,
    privacy: "threshold",
  } as const;
  const failing = temporaryFolder(t);
  await assert.rejects(fk.run({ ...few, logDir: failing }), /; lower kGlobal or the threshold/);
  const [directory] = readdirSync(failing);
  const text = (...names: string[]) => readFileSync(join(failing, directory, ...names), "utf8");
  assert.match(JSON.parse(text("experiment_summary.json")).reason, /; lower k_global or the threshold/);
  assert.match(text("server_logs", "server.log"), /aborted: .*; lower k_global or the threshold/);
  const { runs, summary } = await fk.sweep(few, {}, { seeds: 1 });
  assert.match(String(runs[0].error), /; lower kGlobal or the threshold/);
  assert.equal(summary[0].error, runs[0].error);
});

test("Deno runs on rows in memory too, to the same bytes", (t: TestContext) => {
  const folder = temporaryFolder(t);
  const { node, deno } = runOnNodeAndDeno(
    folder,
    `
const fk = require(${JSON.stringify(require.resolve("#src/index.js"))});
async function main() {
  const data = [0, 1, 2].map((c) => Array.from({ length: 40 }, (_, i) => [(i % 4) * 3 + ((i * 7 + c * 5) % 11) / 16, ((i * (c + 3)) % 13) / 8]));
  for (const carrier of [{ carrier: "inline" }, { threads: 2 }]) {
    const result = await fk.run({ data, kGlobal: 4, ...carrier, logDir: ${JSON.stringify(folder)} });
    const { labels } = await fk.predict(result, data[1]);
    console.log(result.runHash, labels.join(""));
  }
}
main();
`,
  );
  assert.equal(deno, node);
  const [inline, threads] = node.trim().split("\n");
  assert.equal(inline, threads);
});
