import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import * as fk from "#src/index.js";
import {
  choiceContent,
  dataContent,
  experimentContent,
  resultContent,
  sweepContent,
} from "#src/notebook/output/contents.js";
import { contentOf } from "#src/notebook/output/display.js";
import { tableContent } from "#src/notebook/output/table-content.js";
import { temporaryFolder } from "../../support/temporary.js";

const LOOK = { caption: "", maxRows: 20 };
const PENGUINS = join(process.cwd(), "data", "penguins");

test("a result shows its clients, metrics and centroids, as HTML and as text", async (t) => {
  const data = await fk.load(PENGUINS, { labelColumn: "species" });
  const result = await fk.run({
    data,
    kGlobal: 3,
    groupSize: 1,
    carrier: "inline",
    logDir: temporaryFolder(t),
  });
  const { html, text } = resultContent(result);
  for (const form of [html!, text]) {
    assert.match(form, /Torgersen/);
    assert.match(form, /adjusted Rand index/);
    assert.match(form, /flipper_length_mm/);
    assert.match(form, /381\.11/);
  }
  const opened = experimentContent(fk.open(result.experimentDir));
  assert.match(opened.html!, /^<p>completed, rounds 0 to 3, 3 clients · /);
  assert.match(opened.text, /381\.11/);
  const verified = contentOf(fk.verify(result.experimentDir));
  assert.match(
    verified.text,
    /^completed, all \d+ files are as written, rounds 0 to 3 are whole, run hash [0-9a-f]{64}$/,
  );
  assert.match(dataContent(data).html!, /<th>Adelie<\/th><th>Chinstrap<\/th><th>Gentoo<\/th>/);

  const study = await fk.sweep({ data }, { kGlobal: [2, 3] }, { seeds: 2, threads: 1 });
  const choice = await fk.chooseK({ data }, { kValues: [2, 3], seeds: 2, threads: 1 });
  for (const [shown, own] of [
    [result, resultContent(result)],
    [fk.open(result.experimentDir), opened],
    [data, dataContent(data)],
    [study, sweepContent(study)],
    [choice, choiceContent(choice)],
    [study.runs, tableContent(study.runs, LOOK)],
    [choice.scores, tableContent(choice.scores, LOOK)],
  ] as const) {
    assert.deepEqual(contentOf(shown), own);
  }
  assert.ok(!tableContent(choice.scores, LOOK).text.includes("[object"));
  for (const object of [
    result.metrics,
    result.finalMeans,
    study.runs[0],
    study.summary[0],
    choice.scores[0],
  ]) {
    assert.deepEqual(contentOf(object), { text: inspect(object, { depth: 4 }) });
  }
});

test("of an export only what is of groups is shown, beside a run that has both", async (t) => {
  const logDir = temporaryFolder(t);
  const settings = { kGlobal: 3, carrier: "inline", groupSize: 5, labelColumn: "species" } as const;
  const run = await fk.run({ ...settings, data: PENGUINS, logDir });
  const exported = await fk.exportRun(run, join(logDir, "out"));
  const [whole, shared] = [run, exported].map((experiment) => contentOf(fk.open(experiment)).text);
  assert.match(whole, /^inertia +[\d.]+ +[\d.]+$/m);
  assert.match(shared, /^inertia +[\d.]+$/m);
  assert.match(whole, /^adjusted Rand index +[\d.]+ +[\d.]+$/m);
  assert.doesNotMatch(shared, /^adjusted Rand index|of rows$/m);
  assert.match(shared, /^centroid +rows of groups +bill_length_mm/m);
  assert.match(contentOf(exported).text, /: 342 rows as \d+ groups; completed, all \d+ files are as written/);
});

test("what is no result is shown as the text of it, whatever its keys", () => {
  const objects = [
    { path: "a", clients: 3 },
    { runHash: "a" },
    { status: "completed", rounds: 3 },
    { kind: "run", rounds: 3 },
    { kind: "data" },
    { kind: "sweep", summary: null },
    { kind: "video", videoPath: 3 },
    { kind: "of their own", svg: "<svg/>" },
    [1, null, "a"],
    Float64Array.of(1, 2),
    new Map([["a", 1]]),
    null,
    undefined,
    5,
    3n,
    () => 3,
  ];
  for (const object of objects) assert.deepEqual(contentOf(object), { text: inspect(object, { depth: 4 }) });
  assert.deepEqual(contentOf({ svg: "<svg/>" }), contentOf("<svg/>"));
  const gone = { kind: "video", videoPath: "gone.mp4" };
  assert.deepEqual(contentOf(gone), { text: "gone.mp4 (no longer there)" });
});

test("a wrong option of display is named, and nothing is shown", async () => {
  const cases: [options: unknown, message: string][] = [
    [{ maxRows: 0 }, "maxRows must be a whole number of at least 1, found 0"],
    [{ maxRows: "5" }, 'maxRows must be a whole number of at least 1, found "5"'],
    [{ caption: 5 }, "caption must be a text, found 5"],
    [null, "options of display expected, as { maxRows: 50 }, found null"],
    [50, "options of display expected, as { maxRows: 50 }, found 50"],
  ];
  for (const [options, message] of cases) {
    await assert.rejects(fk.display([{ a: 1 }], options as fk.DisplayOptions), {
      name: "UsageError",
      message,
    });
  }
});

test("in a program, watch and display print plain text, an event a line", (t) => {
  const folder = temporaryFolder(t);
  const program = join(folder, "program.cjs");
  writeFileSync(
    program,
    `const fk = require(${JSON.stringify(require.resolve("#src/index.js"))});
    fk.watch({ data: ${JSON.stringify(PENGUINS)}, labelColumn: "species", carrier: "inline" })
      .then((result) => fk.display(fk.centroids(result), { maxRows: 1 }));`,
  );
  const lines = execFileSync(process.execPath, [program], { cwd: folder, encoding: "utf8" }).split("\n");
  assert.equal(lines[0], "handshake: 3 clients, 342 rows, 4 features");
  assert.match(
    lines[1],
    /^note: 342 rows as 54 groups of 5 to 9 \(groupSize 5.*; groupSize 1 computes from rows, /,
  );
  const after = lines.indexOf("normalization: done");
  assert.ok(after > 0 && lines.slice(1, after).every((line) => line.startsWith("note: ")));
  assert.match(lines[after + 1], /^PCA: 2 components explain 9\d\.\d % of the variance$/);
  assert.equal(lines[after + 2], "round 0: start");
  const ended = lines.findIndex((line) =>
    /^converged after \d rounds? · of rows: inertia 38\d\.\d+/.test(line),
  );
  assert.ok(ended > after + 3);
  assert.match(lines[ended + 1], /^cluster +nSamples +nSamplesOfPoints +bill_length_mm/);
  assert.equal(lines[ended + 4], "and 2 more rows");
});

test("where fedkmeans-viz is missing, one line says how to get it", (t) => {
  const folder = temporaryFolder(t);
  const program = join(folder, "program.cjs");
  writeFileSync(
    program,
    `const { Module } = require("node:module");
    const find = Module._resolveFilename;
    Module._resolveFilename = function (request, ...rest) {
      if (request === "fedkmeans-viz") throw Object.assign(new Error("none"), { code: "MODULE_NOT_FOUND" });
      return find.call(this, request, ...rest);
    };
    const fk = require(${JSON.stringify(require.resolve("#src/index.js"))});
    fk.frame("logs").catch((error) => console.log(error.stack));`,
  );
  assert.equal(
    execFileSync(process.execPath, [program], { cwd: folder, encoding: "utf8" }),
    "UsageError: frames and videos need the package fedkmeans-viz: install its archive (docs/install.md)\n",
  );
});
