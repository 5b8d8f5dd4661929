import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { run } from "#src/experiment/run.js";
import { runOnNodeAndDeno } from "../support/deno.js";
import { filesOf, json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

/** A completed run with a file of every kind. */
async function completedRun(context: TestContext): Promise<string> {
  const { experimentDir } = await run({
    data: "data/penguins",
    labelColumn: "species",
    twin: true,
    maxIterations: 2,
    tolerance: 0,
    threads: 2,
    logDir: temporaryFolder(context),
  });
  return experimentDir;
}

/** One file of each kind of name: rounds and clients are alike. */
function oneOfEachKind(directory: string): string[] {
  const kinds = new Map(
    filesOf(directory).map((file) => [file.replaceAll(/\d+|Biscoe|Dream|Torgersen/g, "*"), file]),
  );
  return [...kinds.values()];
}

/** Fields of JSON files that no array's SHA-256 depends on. */
const FIELDS: [string, string, (value: never) => unknown][] = [
  ["global_means/round_001_metadata.json", "convergence_change", (change: number) => change / 2],
  ["global_means/round_001_metadata.json", "cluster_sizes", (sizes: number[]) => sizes.toReversed()],
  ["local_means/client_Dream/round_001_metadata.json", "num_samples", (n: number) => n + 1],
  ["local_means/client_Dream/round_001_metadata.json", "inertia", (inertia: number) => inertia * 0.9],
  ["federated_kmeans_metrics.json", "adjusted_rand_index", () => 1],
  ["experiment_summary.json", "reason", () => "none"],
  ["experiment_summary.json", "n_samples", (n: number) => n * 10],
  ["twin.json", "best_start", () => null],
];

test("verify notices every file of a completed run that is changed, cut short or gone, and names it", async (context) => {
  const directory = await completedRun(context);
  const kinds = oneOfEachKind(directory);
  assert.equal(kinds.length, 22);
  assert.equal(verify(directory).files, filesOf(directory).length - 1, "all but the manifest");
  for (const file of kinds) {
    const path = join(directory, file);
    const bytes = readFileSync(path);
    const named = new RegExp(file.replace("experiment_summary.json", "(experiment_summary.json|manifest)"));
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 2] ^= 1;
    for (const tamper of [
      () => writeFileSync(path, flipped),
      () => truncateSync(path, bytes.length - 2),
      () => appendFileSync(path, "}"),
      () => rmSync(path),
    ]) {
      tamper();
      assert.throws(
        () => verify(directory),
        (error: Error) => {
          assert.equal(error.name, "RunError");
          assert.match(error.message, named);
          return true;
        },
        `${file}: ${tamper}`,
      );
      writeFileSync(path, bytes);
    }
  }
  for (const [file, field, change] of FIELDS) {
    const path = join(directory, file);
    const text = readFileSync(path, "utf8");
    const value = json(directory, file);
    writeFileSync(path, `${JSON.stringify({ ...value, [field]: change(value[field] as never) }, null, 2)}\n`);
    assert.throws(() => verify(directory), new RegExp(`changed: ${file}$`), field);
    writeFileSync(path, text);
  }
  const summary = join(directory, "experiment_summary.json");
  const text = readFileSync(summary, "utf8");
  for (const status of ["running", "aborted"]) {
    writeFileSync(summary, text.replace('"completed"', `"${status}"`));
    assert.throws(() => verify(directory), new RegExp(`summary says ${status}, yet there is a manifest`));
  }
  writeFileSync(summary, text);
  assert.equal(verify(directory).status, "completed");
});

test("verify names what is not of the run, and opens no link, pipe or file outside", async (context) => {
  const directory = await completedRun(context);
  const outside = temporaryFolder(context);
  writeFileSync(join(outside, "secret"), "not to be hashed");
  const add = (file: string, make: (path: string) => void, message: RegExp) => {
    const path = join(directory, file);
    mkdirSync(dirname(path), { recursive: true });
    make(path);
    assert.throws(() => verify(directory), message);
    rmSync(path, { recursive: true });
  };
  add("notes.txt", (path) => writeFileSync(path, "mine"), /not of the run: notes\.txt$/);
  add(
    "global_means/round_009_global_means.npy",
    (path) => writeFileSync(path, ""),
    /not of the run: global_means.round_009/,
  );
  add("link", (path) => symlinkSync(join(outside, "secret"), path), /no plain file: link$/);
  add("folder", (path) => symlinkSync(outside, path), /no plain file: folder$/);
  add("a\u001b[2Jb", (path) => writeFileSync(path, ""), /not of the run: a\?\[2Jb$/);
  if (process.platform !== "win32") {
    add("pipe", (path) => void spawnSync("mkfifo", [path]), /no plain file: pipe$/);
  }

  // A file of the run that becomes a pipe or a link is not opened either.
  for (const file of ["experiment_summary.json", "manifest.json", "global_means/round_000_metadata.json"]) {
    const path = join(directory, file);
    const kept = join(outside, "kept");
    cpSync(path, kept);
    rmSync(path);
    symlinkSync(kept, path);
    assert.throws(() => verify(directory), /a plain file expected|no plain file: /, file);
    rmSync(path);
    if (process.platform !== "win32") {
      spawnSync("mkfifo", [path]);
      assert.throws(() => verify(directory), /a plain file expected|no plain file: /, file);
      rmSync(path);
    }
    renameSync(kept, path);
  }

  const manifest = readFileSync(join(directory, "manifest.json"), "utf8");
  const path = join(directory, "manifest.json");
  writeFileSync(path, manifest.replace('"final_means.npy"', '"../../secret"'));
  assert.throws(() => verify(directory), /missing: \.\.\/\.\.\/secret; not of the run: final_means\.npy$/);
  writeFileSync(path, manifest.replace(/"size": \d+/, '"size": "1"'));
  assert.throws(() => verify(directory), /manifest\.json: files: .*: size: an integer .* found "1"$/);
});

test("a name of an array that leads out of the directory is refused, not followed", async (context) => {
  const directory = await completedRun(context);
  const outside = join(directory, "..", "outside.npy");
  cpSync(join(directory, "global_means/round_001_global_means.npy"), outside);
  const path = join(directory, "global_means/round_001_metadata.json");
  const metadata = json(path);
  const sha256 = createHash("sha256").update(readFileSync(outside)).digest("hex");
  metadata.arrays.global_means = { ...metadata.arrays.global_means, file: "../../outside.npy", sha256 };
  writeFileSync(path, JSON.stringify(metadata));
  const summary = json(directory, "experiment_summary.json");
  writeFileSync(
    join(directory, "experiment_summary.json"),
    JSON.stringify({ ...summary, status: "running", results: null }),
  );
  assert.throws(
    () => verify(directory),
    /global_means\.file: "round_001_global_means\.npy" expected, found "\.\.\/\.\.\/outside\.npy"/,
  );
});

test("Node and Deno write the same manifest of a run but for what holds times, and verify it", (context) => {
  const folder = temporaryFolder(context);
  const manifestOf = `
  const { run } = require(${JSON.stringify(require.resolve("#src/index.js"))});
  const { verify } = require(${JSON.stringify(require.resolve("#src/directory/verify.js"))});
  const { readFileSync, mkdtempSync } = require("node:fs");
  const logDir = mkdtempSync(${JSON.stringify(join(folder, "logs-"))});
  run({ data: ${JSON.stringify(join(process.cwd(), "data/penguins"))}, labelColumn: "species", threads: 2, logDir }).then(
    ({ experimentDir }) => {
      const lines = readFileSync(experimentDir + "/manifest.json", "utf8").split("\\n");
      console.log(lines.filter((line) => !/(\\.log|\\.jsonl|_summary\\.json)"/.test(line)).join("\\n"), verify(experimentDir).files);
    },
  );
`;
  const { node, deno } = runOnNodeAndDeno(folder, manifestOf);
  assert.match(node, /"federated_kmeans_metrics\.json".* \d+\n$/s);
  assert.equal(deno, node);
});
