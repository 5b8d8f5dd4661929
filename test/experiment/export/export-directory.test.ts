import assert from "node:assert/strict";
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { layoutOf } from "#src/directory/layout.js";
import { readManifest, writeManifest } from "#src/directory/manifest.js";
import { readNpy, writeNpy } from "#src/directory/npy.js";
import { verify } from "#src/directory/verify.js";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { open } from "#src/experiment/open.js";
import { resume, run } from "#src/experiment/run.js";
import { hashFile } from "#src/files/file-hash.js";
import { predict } from "#src/notebook/predict.js";
import { centroids } from "#src/notebook/tables/centroids.js";
import { history } from "#src/notebook/tables/history.js";
import { localClusters } from "#src/notebook/tables/local-clusters.js";
import { messages } from "#src/notebook/tables/messages.js";
import { randomStream } from "#src/numerics/random.js";
import { generatedFolder, json } from "../../support/experiment.js";
import { allBytes, hashesIn, numbersIn, textsIn } from "../../support/exports.js";
import { temporaryFolder } from "../../support/temporary.js";

const SITES = ["north", "south", "west"];
const FEATURES = ["height", "weight", "pulse"];

/** Blobs of four rows along a line, far apart: each is a group of four, whose mean is its centre to the bit. */
function blobRows(site: number, offsets: readonly (readonly number[])[]): number[][] {
  const around = offsets.flatMap((offset) => [offset, offset.map((x) => -x)]);
  return Array.from({ length: 12 }, (_, i) => [
    64 * i + site,
    96 * i - 3 * site,
    8 * (i % 4) - 48 * i,
  ]).flatMap((centre) => around.map((offset) => centre.map((x, f) => x + offset[f])));
}

const GROUPS_OF_FOUR = {
  groupSize: 4,
  kGlobal: 4,
  labelColumn: "kind",
  carrier: "inline",
} as const;

test("directories of the same points have exports of the same bytes, whatever the rows, labels, files and settings of theirs", async (context) => {
  const [first, second] = [temporaryFolder(context), temporaryFolder(context)];
  const whole: string[] = [["ward", ...FEATURES, "kind", "note"].join(",")];
  for (const [i, site] of SITES.entries()) {
    const rows = blobRows(i, [
      [1, 0.5, -0.25],
      [0.25, -1, 0.5],
    ]);
    const table = rows.map((row, r) => [...row, r % 2 === 0 ? "gnu" : "okapi"].join(","));
    writeFileSync(join(first, `${site}.csv`), [[...FEATURES, "kind"].join(","), ...table, ""].join("\n"));
    const others = blobRows(i, [
      [0.75, 1, 0.125],
      [-0.5, 0.5, -1],
    ]).reverse();
    whole.push(
      ...others.map((row, r) => [site, ...row, `class ${r % 5}`, r].join(",")),
      `${site},1,,3,class 0,9`,
    );
  }
  writeFileSync(join(second, "all.csv"), `${whole.join("\n")}\n`);
  const logDir = temporaryFolder(context);
  const runs = [
    await run({ ...GROUPS_OF_FOUR, data: first, logDir, saveLabels: true, twin: true }),
    await run({
      ...GROUPS_OF_FOUR,
      data: join(second, "all.csv"),
      clientColumn: "ward",
      dropColumns: ["note"],
      missing: "drop",
      recordClientData: false,
      maxSilhouetteSamples: 0,
      carrier: "threads",
      logDir,
    }),
  ];
  const [one, other] = runs.map(({ experimentDir }) => experimentDir);
  const layouts = [layoutOf(one), layoutOf(other)];
  for (const site of SITES) {
    const [points, same] = layouts.map((layout) => readFileSync(layout.clientPoints(site), "hex"));
    assert.equal(same, points);
    assert.equal(readNpy(readFileSync(layouts[0].clientPoints(site)), site).shape[0], 12);
  }
  assert.notEqual(runs[0].metrics.inertia, runs[1].metrics.inertia);
  assert.notDeepEqual(allBytes(one), allBytes(other));
  const outs = [one, other].map((directory, i) => {
    const out = join(logDir, `out${i}`);
    exportDirectory(directory, out);
    return out;
  });
  assert.deepEqual(allBytes(outs[1]), allBytes(outs[0]));
  assert.ok(Object.keys(allBytes(outs[0])).length > 20);
});

/** A run over files of random numbers, some rows incomplete, with all that a run may record. */
async function richRun(context: TestContext) {
  const data = temporaryFolder(context);
  const values: number[] = [];
  for (const site of SITES) {
    const random = randomStream(3, site);
    const lines = Array.from({ length: 50 }, (_, i) => {
      const row = FEATURES.map(() => 10 * random.normal() + (i % 3) * 40);
      if (i % 16 === 5) return `,${row[1]},${row[2]},quagga,secretnote`;
      values.push(...row);
      return `${row},${i % 3 === 0 ? "zebra" : "quagga"},secretnote`;
    });
    writeFileSync(join(data, `${site}.csv`), [[...FEATURES, "diagnosis", "remark"], ...lines, ""].join("\n"));
  }
  const logDir = temporaryFolder(context);
  const settings = {
    labelColumn: "diagnosis",
    dropColumns: ["remark"],
    missing: "drop",
    groupSize: 5,
  } as const;
  const result = await run({ ...settings, data, logDir, carrier: "inline", saveLabels: true, twin: true });
  return { data, logDir, values, directory: result.experimentDir, out: join(logDir, "out"), result };
}

test("no number of a row, no class, column of labels, file, path, hash or metric of rows is in an export's bytes", async (context) => {
  const { data, logDir, values, directory, out, result } = await richRun(context);
  const exported = exportDirectory(directory, out);
  assert.deepEqual(exported.leftOut, [
    "client_data",
    "client_labels",
    "client_ledger",
    "client_logs",
    "server_logs",
    "twin.json",
  ]);

  const layout = layoutOf(directory);
  const clustered = SITES.flatMap((site) =>
    [...readNpy(readFileSync(layout.clientData(site)), site).data].map(Number),
  );
  const found = (where: string, numbers: readonly number[]) => {
    const all = numbersIn(where);
    return numbers.filter((value) => all.has(value)).length;
  };
  assert.deepEqual([values.length, clustered.length], [423, 423]);
  assert.equal(found(directory, clustered), clustered.length, "the search finds what is there");
  assert.equal(found(out, clustered) + found(out, values), 0);

  const { partitions } = json(directory, "experiment_summary.json");
  const texts = [
    data,
    logDir,
    "diagnosis",
    "remark",
    "north.csv",
    partitions[0].sha256,
    `"size": ${partitions[0].size}`,
  ];
  assert.deepEqual(textsIn(directory, texts).sort(), texts.filter((text) => text !== logDir).sort());
  assert.deepEqual(textsIn(out, [...texts, "zebra", "quagga", "secretnote", "label", "seconds"]), []);

  const { clusterSizes, contingency, nSamples, nSamplesInInertia, nSamplesWithheld, ...scores } =
    result.metrics;
  assert.ok(contingency !== null, "of the classes that no export names");
  const twin = json(directory, "twin.json");
  const ofRows = [...Object.values(scores), twin.same_start.inertia, twin.best_start.inertia].filter(
    (value): value is number => value !== null,
  );
  assert.ok(ofRows.length > 8);
  assert.equal(found(directory, ofRows), ofRows.length);
  assert.equal(found(out, ofRows), 0);
  const { adjustedRandIndex, normalizedMutualInformation } = result.metricsOfPoints!;
  assert.equal(found(out, [adjustedRandIndex!, normalizedMutualInformation!]), 0);

  const ownHashes = new Set([...readManifest(out)!.keys()].map((file) => hashFile(join(out, file)).sha256));
  const strangers = [...hashesIn(out)].filter((hash) => !ownHashes.has(hash));
  assert.deepEqual(strangers, [exported.runHash], "every other hash is of a file that is there");
});

test("an export is an experiment directory: it verifies, opens, predicts and has its tables", async (context) => {
  const { data, directory, out, result } = await richRun(context);
  const exported = exportDirectory(directory, out);
  assert.deepEqual({ ...exported, ...verify(out), kind: "export" }, exported);
  assert.deepEqual([exported.runHash, exported.nSamples], [result.runHash, 141]);
  const [before, after] = [open(directory), open(out)];
  assert.deepEqual(after.rounds, before.rounds);
  assert.deepEqual([after.finalMeans, after.clients], [before.finalMeans, before.clients]);
  const [{ privacy }] = json(out, "experiment_summary.json").clients;
  assert.deepEqual(Object.keys(privacy), ["mode", "group_size", "privacy_threshold", "group_scale"]);
  const ofPoints = after.metrics!.ofPoints!;
  const ofLabels = [
    "adjustedRandIndex",
    "meanClientAdjustedRandIndex",
    "normalizedMutualInformation",
    "contingency",
  ] as const;
  for (const name of ofLabels) assert.notEqual(before.metrics!.ofPoints![name], null);
  const unknown = Object.fromEntries(ofLabels.map((name) => [name, null]));
  assert.deepEqual(ofPoints, { ...before.metrics!.ofPoints, ...unknown });
  const { ofPoints: _, ...ofRows } = after.metrics!;
  assert.ok(Object.values(ofRows).every((value) => value === null));
  assert.deepEqual(history(out), history(directory));
  assert.deepEqual(localClusters(out), localClusters(directory));
  assert.deepEqual(messages(out), []);
  assert.deepEqual(
    centroids(out).map(({ nSamples, nSamplesOfPoints }) => [nSamples, nSamplesOfPoints]),
    ofPoints.clusterSizes!.map((size) => [null, size]),
  );
  const predicted = [];
  for (const experiment of [directory, out]) {
    const { labels } = await predict(experiment, join(data, "north.csv"), { missing: "drop" });
    predicted.push(labels);
  }
  assert.deepEqual(predicted[1], predicted[0]);
  await assert.rejects(resume(out), /out is completed: there is nothing to resume$/);
  const again = `${out}-again`;
  exportDirectory(out, again);
  assert.deepEqual(allBytes(again), allBytes(out));
});

test("what may quote a row or name a file is not told: why a client was dropped, a start from a file, fields to come", async (context) => {
  const { directory, out } = await richRun(context);
  const reason = "north.csv line 3: found 51.25";
  const dropped = [{ step: "evaluation", client: "north", reason }];
  const { configuration } = json(directory, "experiment_summary.json");
  rewrite(directory, layoutOf(directory).summary, {
    dropped_clients: dropped,
    configuration: { ...configuration, start: "/ward/start.npy" },
    command: ["fedkmeans", "run", "--data", "/ward"],
    working_directory: "/ward",
    notices: [reason],
  });
  rewrite(directory, layoutOf(directory).globalMetadata(1), {
    dropped_clients: [{ client: "north", reason }],
    host: "ward",
  });
  rewrite(directory, layoutOf(directory).localMetadata("south", 1), { rows: [[51.25]], least: 51.25 });
  exportDirectory(directory, out);
  assert.deepEqual(json(out, "experiment_summary.json").dropped_clients, [
    { step: "evaluation", client: "north" },
  ]);
  assert.equal(json(out, "experiment_summary.json").configuration.start, null);
  assert.deepEqual(textsIn(out, ["51.25", "ward", 'reason": "', "command"]), []);
});

/** Changes fields of a JSON file of a completed run, and its manifest with it. */
function rewrite(directory: string, file: string, fields: object): void {
  const changed = { ...JSON.parse(readFileSync(file, "utf8")), ...fields };
  writeFileSync(file, `${JSON.stringify(changed, null, 2)}\n`);
  writeManifest(directory, new Map());
}

test("refused, with nothing left behind, are rows, thresholds, unfinished and changed directories, and places that are taken", async (context) => {
  const data = await generatedFolder(context);
  const logDir = temporaryFolder(context);
  const made = async (settings: Partial<Parameters<typeof run>[0]>) =>
    (await run({ data, carrier: "inline", logDir, ...settings })).experimentDir;
  const refused = (directory: string, message: RegExp, out = join(logDir, "out")) => {
    const before = readdirSync(logDir);
    assert.throws(() => exportDirectory(directory, out), message);
    assert.deepEqual(readdirSync(logDir), before);
  };
  const rows = await made({ groupSize: 1 });
  refused(rows, /client "0" held to the setting\u00a0groupSize 1, so what it sent is of rows; run it with/);
  const threshold = await made({ privacy: "threshold" });
  refused(threshold, /client "0" held to the setting\u00a0privacy threshold, so what it sent is of rows/);

  const good = await made({ groupSize: 3 });
  mkdirSync(join(logDir, "taken"));
  const usage = (message: RegExp) => (error: Error) =>
    error.name === "UsageError" && message.test(error.message);
  for (const [out, message] of [
    [join(logDir, "taken"), /taken is there already: name a directory that is not$/],
    [good, /is there already/],
    [join(good, "client_points", "new", "deep"), /deep is inside .*: name a directory elsewhere$/],
    [join(good, "out"), /out is inside/],
    ["", /must have a name/],
  ] as const) {
    assert.throws(() => exportDirectory(good, out), usage(message));
  }
  assert.equal(existsSync(join(good, "client_points", "new")), false);

  const layout = layoutOf(good);
  const weights = readFileSync(layout.clientWeights("0"));
  writeFileSync(
    layout.clientWeights("0"),
    Uint8Array.from(weights, (byte, i) => (i === weights.length - 1 ? 0 : byte)),
  );
  refused(good, /is not as it was written: changed: client_points\/client_0_weights.npy$/);
  const { shape } = readNpy(weights, "weights");
  writeFileSync(layout.clientWeights("0"), writeNpy({ shape, data: new Float64Array(shape[0]).fill(2) }));
  writeManifest(good, new Map());
  refused(good, /client_0_weights.npy: 3 rows or more behind each mean expected, found 2$/);

  writeFileSync(layout.clientWeights("0"), weights);
  writeManifest(good, new Map());
  const clients = json(good, "experiment_summary.json").clients;
  rewrite(good, layout.summary, {
    clients: clients.map(({ privacy: _, ...client }: object & { privacy: object }) => client),
  });
  refused(good, /client "0" does not say that it computed from groups/);
  rewrite(good, layout.summary, { clients, status: "aborted", results: null });
  refused(good, /cannot be exported: the run is aborted, and only a completed one is$/);
  rewrite(good, layout.summary, { schema_version: undefined });
  refused(good, /its summary has no schema_version, so another program wrote it$/);
  refused(join(logDir, "nowhere"), /nowhere is no experiment directory/);
});

test("when the disk is full at any write, nothing is left of an export, and with room again it is the same", async (context) => {
  const { logDir, directory, out } = await richRun(context);
  exportDirectory(directory, out);
  const expected = allBytes(out);
  fs.rmSync(out, { recursive: true });
  const before = readdirSync(logDir);
  const real = fs.writeFileSync;
  for (const nth of [0, 1, 7, Object.keys(expected).length - 1]) {
    let left = nth;
    const mocked = context.mock.method(fs, "writeFileSync", (...args: Parameters<typeof real>) => {
      if (left-- <= 0) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
      return real(...args);
    });
    assert.throws(
      () => exportDirectory(directory, out),
      /cannot write .*: no space left on the device \(ENOSPC\)$/,
    );
    mocked.mock.restore();
    assert.deepEqual(readdirSync(logDir), before);
  }
  exportDirectory(directory, out);
  assert.deepEqual(allBytes(out), expected);
});
