import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { generateInto } from "#src/data/generators/schemes.js";
import { layoutOf } from "#src/directory/layout.js";
import { readNpy, toFloat64, writeNpy } from "#src/directory/npy.js";
import { readWholeExperiment } from "#src/directory/read-experiment.js";
import { exportDirectory } from "#src/experiment/export/export-directory.js";
import { rerun } from "#src/experiment/rerun/rerun.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { fedkmeans } from "../../support/command.js";
import { deployPenguins } from "../../support/deployment.js";
import { generatedFolder, json, onlyDirectory } from "../../support/experiment.js";
import { allBytes } from "../../support/exports.js";
import { temporaryFolder } from "../../support/temporary.js";

async function runIn(context: TestContext, given: Partial<Configuration> = {}): Promise<string> {
  const data = given.data ?? (await generatedFolder(context, { overlapFactor: 1 }));
  const settings = { kGlobal: 4, tolerance: 0, maxIterations: 2, carrier: "inline" as const };
  const { experimentDir } = await run({ ...settings, logDir: temporaryFolder(context), ...given, data });
  return experimentDir;
}

/** Folders that this process made for runs again and did not remove. */
function leftOfReruns(): string[] {
  return readdirSync(tmpdir()).filter(
    (name) => name.startsWith("fedkmeans-rerun.") && name.includes(`.${process.pid}.`),
  );
}

/** Changes an array of a round together with all that is said of it, as nothing but a run again can tell. */
function alter(directory: string, path: string, metadataPath: string, name: string, at: number): void {
  const array = readNpy(readFileSync(path), path);
  const values = toFloat64(array, path);
  values[at] = lastBitChanged(values[at]);
  const bytes = writeNpy({ data: values, shape: [...array.shape] });
  writeFileSync(path, bytes);
  const metadata = JSON.parse(readFileSync(metadataPath, "utf8"));
  metadata.arrays[name].sha256 = createHash("sha256").update(bytes).digest("hex");
  writeFileSync(metadataPath, JSON.stringify(metadata));
  changeSummary(directory, (summary) => {
    summary.results.run_hash = readWholeExperiment(directory).hash.digest();
  });
}

function lastBitChanged(value: number): number {
  const bits = new BigUint64Array(1);
  const floats = new Float64Array(bits.buffer);
  floats[0] = value;
  bits[0] ^= 1n;
  return floats[0];
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the file holds
function changeSummary(directory: string, change: (summary: any) => void): void {
  const summary = json(directory, "experiment_summary.json");
  change(summary);
  writeFileSync(layoutOf(directory).summary, JSON.stringify(summary));
}

for (const [what, given] of [
  ["of groups", {}],
  ["of rows, with labels, ledgers and a twin", { groupSize: 1, saveLabels: true, twin: true }],
  ["that keeps neither local means nor rows", { recordLocalMeans: false, recordClientData: false }],
  [
    "in principal components, by another algorithm",
    { algorithm: "lloyd", pcaComponents: 1, start: "random" },
  ],
] as const) {
  test(`a run ${what} comes out the same, and its directory stays as it is`, async (context) => {
    const directory = await runIn(context, given);
    const before = allBytes(directory);
    const { isSame, rounds, runHash, foundHash, difference, metrics } = await rerun(directory);
    assert.deepEqual([isSame, difference, metrics], [true, null, []]);
    assert.equal(runHash, json(directory, "experiment_summary.json").results.run_hash);
    assert.equal(foundHash, runHash);
    assert.equal(rounds, readdirSync(join(directory, "global_means")).length / 2);
    assert.deepEqual(allBytes(directory), before);
    assert.deepEqual(leftOfReruns(), []);
  });
}

test("the first round, client and array that differs is named, and where it does the most", async (context) => {
  const directory = await runIn(context);
  const layout = layoutOf(directory);
  const [, second] = json(directory, "global_means", "round_001_metadata.json").participating_clients;
  const later = join(temporaryFolder(context), "later");
  cpSync(directory, later, { recursive: true });
  alter(directory, layout.localMeans(second, 1), layout.localMetadata(second, 1), "local_means", 3);
  alter(directory, layout.globalMeans(1), layout.globalMetadata(1), "global_means", 0);
  const { isSame, difference, foundHash } = await rerun(directory);
  assert.deepEqual([isSame, foundHash], [false, null]);
  const { largest, ...place } = difference!;
  assert.deepEqual(place, { round: 1, client: second, array: "local_means", problem: null });
  assert.deepEqual(largest!.index, [1, 1]);
  assert.equal(largest!.recorded, lastBitChanged(largest!.found));
  assert.equal(largest!.difference, Math.abs(largest!.recorded - largest!.found));

  const of = layoutOf(later);
  alter(later, of.globalMeans(2), of.globalMetadata(2), "global_means", 1);
  const last = (await rerun(later)).difference!;
  assert.deepEqual(
    [last.round, last.client, last.array, last.largest!.index],
    [2, null, "global_means", [0, 1]],
  );
  assert.deepEqual(leftOfReruns(), []);
});

test("a run with other settings differs where its rounds do, in shape or in number", async (context) => {
  const directory = await runIn(context);
  const differing = async (settings: object) => {
    const copy = join(temporaryFolder(context), "copy");
    cpSync(directory, copy, { recursive: true });
    changeSummary(copy, (summary) => Object.assign(summary.configuration, settings));
    const { round, array, problem } = (await rerun(copy)).difference!;
    return [round, array, problem];
  };
  assert.deepEqual(await differing({ normalize: false }), [
    null,
    "normalization/mean",
    "only the first has it",
  ]);
  assert.deepEqual(await differing({ group_size: 6 }), [null, "normalization/mean", null]);
  assert.deepEqual(await differing({ random_state: 7 }), [0, "local_means", null]);
  assert.deepEqual(await differing({ k_global: 3 }), [0, "local_means", "shapes (4, 2) and (3, 2)"]);
  const cut = "the run again had ended before it";
  assert.deepEqual(await differing({ max_iterations: 1 }), [2, "global_means", cut]);
  const longer = "the recorded run had ended before it";
  assert.deepEqual(await differing({ max_iterations: 100 }), [3, "global_means", longer]);
});

test("metrics and final means are compared, too", async (context) => {
  const directory = await runIn(context);
  const { finalMeans, metrics } = layoutOf(directory);
  const means = readNpy(readFileSync(finalMeans), finalMeans);
  const moved = toFloat64(means, finalMeans).map((value) => value + 1);
  writeFileSync(finalMeans, writeNpy({ data: moved, shape: [...means.shape] }));
  const recorded = JSON.parse(readFileSync(metrics, "utf8"));
  writeFileSync(metrics, JSON.stringify({ ...recorded, inertia: 5 }));
  const found = await rerun(directory);
  assert.deepEqual([found.isSame, found.difference, found.foundHash], [false, null, found.runHash]);
  assert.equal(Math.round(found.finalMeans!.largest!.difference), 1);
  assert.deepEqual(found.metrics, [{ metric: "inertia", recorded: 5, found: recorded.inertia }]);
});

test("of a run that was cut short, its whole rounds are compared", async (context) => {
  const data = await generatedFolder(context, { overlapFactor: 1 });
  const logDir = temporaryFolder(context);
  const controller = new AbortController();
  const settings = { data, logDir, kGlobal: 4, tolerance: 0, carrier: "inline" } as const;
  await assert.rejects(
    run(settings, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === "round" && event.round.round === 2) controller.abort(new Error("enough"));
      },
    }),
  );
  const directory = onlyDirectory(logDir);
  const { status, isSame, rounds, foundHash } = await rerun(directory);
  assert.deepEqual([status, isSame, rounds, foundHash], ["aborted", true, 3, null]);
  const layout = layoutOf(directory);
  const changed = json(directory, "experiment_summary.json");
  changed.configuration.random_state = 1;
  writeFileSync(layout.summary, JSON.stringify(changed));
  assert.equal((await rerun(directory)).difference!.round, 0);
});

test("what cannot be run again is refused in one line", async (context) => {
  const { directory: deployed } = await deployPenguins(context);
  await assert.rejects(
    rerun(deployed),
    /^RunError: .* cannot be run again: its clients are on other machines/,
  );
  const data = await generatedFolder(context, { overlapFactor: 1 });
  const directory = await runIn(context, { data });
  const out = join(temporaryFolder(context), "shared");
  exportDirectory(directory, out);
  await assert.rejects(rerun(out), /^RunError: .* cannot be run again: it is an export/);

  const other = await generatedFolder(context, { overlapFactor: 1, randomState: 7 });
  await assert.rejects(
    rerun(directory, { data: other }),
    /^RunError: .* can only be run again with the data it began with: client ".*" began with .*SHA-256/,
  );
  const moved = join(temporaryFolder(context), "moved");
  renameSync(data, moved);
  await assert.rejects(
    rerun(directory),
    /^RunError: .*: its data, .*, are not there any more: say where they are with/,
  );
  assert.equal((await rerun(directory, { data: moved })).isSame, true);

  const damaged = layoutOf(directory).globalMeans(1);
  writeFileSync(damaged, "no array");
  await assert.rejects(rerun(directory, { data: moved }), /^RunError: .*round_001_global_means.npy: SHA-256/);
  changeSummary(directory, (summary) => {
    delete summary.schema_version;
  });
  await assert.rejects(rerun(directory), /another program wrote it/);
  assert.deepEqual(leftOfReruns(), []);
});

test("relative paths of data and start are those of the folder that the run was started in", async (context) => {
  const folder = temporaryFolder(context);
  const [home, elsewhere] = [join(folder, "home"), join(folder, "elsewhere")];
  mkdirSync(elsewhere, { recursive: true });
  await generateInto(join(home, "rows"), "blobs", { numClients: 2, samplesPerClient: 30 });
  const start = writeNpy({ data: Float64Array.of(0, 0, 1, 1), shape: [2, 2] });
  writeFileSync(join(home, "start.npy"), start);
  const options = ["--data", "rows", "--start", "start.npy", "--k-global", "2", "--log-dir", "logs"];
  const made = fedkmeans(["run", ...options, "--json"], { cwd: home });
  assert.equal(made.status, 0, made.stderr);
  const directory = onlyDirectory(join(home, "logs"));
  const path = relative(elsewhere, directory);
  const same = fedkmeans(["rerun", path], { cwd: elsewhere });
  assert.deepEqual([same.status, same.stdout.split("\n").length], [0, 2], same.stderr);
  assert.match(
    same.stdout,
    /run again, the same to the last bit: rounds 0 to \d+, final means and metrics, run hash [0-9a-f]{64}$/m,
  );

  // A project that was moved as a whole has them where it is now.
  renameSync(home, join(folder, "moved"));
  const there = join("logs", directory.split("/").at(-1)!);
  assert.equal(fedkmeans(["rerun", there], { cwd: join(folder, "moved") }).status, 0);

  changeSummary(join(folder, "moved", there), (summary) => {
    summary.environment.fedkmeans = "0.0.1";
    summary.configuration.random_state = 1;
    summary.configuration.start = "random";
  });
  const differs = fedkmeans(["rerun", there], { cwd: join(folder, "moved") });
  assert.equal(differs.status, 1);
  assert.match(
    differs.stdout,
    /run again, not the same\nfirst difference: round 0, .*: largest difference .* at \[\d+, \d+\], /,
  );
  assert.match(differs.stdout, /made by fedkmeans 0\.0\.1, .* \(another version of fedkmeans\)/);
  const asJson = fedkmeans(["rerun", there, "--json"], { cwd: join(folder, "moved") });
  assert.equal(asJson.status, 1);
  const { is_same, difference, recorded_environment } = JSON.parse(asJson.stdout);
  assert.deepEqual([is_same, difference.round, recorded_environment.fedkmeans], [false, 0, "0.0.1"]);

  rmSync(join(folder, "moved", "rows"), { recursive: true });
  const gone = fedkmeans(["rerun", there], { cwd: join(folder, "moved") });
  assert.equal(gone.status, 1);
  assert.match(
    gone.stderr,
    /^fedkmeans: .*its data, .* are not there any more: say where they are with --data\n$/,
  );
  assert.equal(fedkmeans(["rerun"]).status, 2);
});
