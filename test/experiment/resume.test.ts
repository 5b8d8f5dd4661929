import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { type ResumeSettings, resume, run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { COMMAND, fedkmeans } from "../support/command.js";
import { filesOf, generatedFolder, json, onlyDirectory, promisedBytes } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

/** A run of 4 rounds and some 60 files. */
async function settingsOf(context: TestContext): Promise<Configuration> {
  const data = await generatedFolder(context, { numFeatures: 3, overlapFactor: 1 });
  const logDir = temporaryFolder(context);
  return { data, logDir, kGlobal: 4, tolerance: 0, maxIterations: 4, carrier: "inline" } as Configuration;
}

/** Runs in another process that kills itself instead of letting its nth file appear. */
function runUntilFile(folder: string, settings: Configuration, nth: number): void {
  const program = `
const fs = require("node:fs");
const rename = fs.renameSync;
let left = ${nth};
fs.renameSync = (from, to) => {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
  rename(from, to);
};
void require(${JSON.stringify(require.resolve("#src/index.js"))}).run(${JSON.stringify(settings)});
`;
  const file = join(folder, "program.cjs");
  writeFileSync(file, program);
  const { signal, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  assert.equal(signal, "SIGKILL", stderr);
}

for (const recordLocalMeans of [true, false]) {
  const what = recordLocalMeans ? "a run" : "a run of rows that keeps no local means";
  const more = recordLocalMeans ? {} : { recordLocalMeans, groupSize: 1 };
  test(`killed before any file, ${what} resumes to the bytes of one that never was`, (context) =>
    resumeFromEveryFile(context, more, recordLocalMeans ? 9 : 2));
}

/** @param stride of the files before which a run is killed: with the offset it meets files of every kind */
async function resumeFromEveryFile(context: TestContext, more: Partial<Configuration>, stride: number) {
  const settings = { ...(await settingsOf(context)), ...more };
  const whole = await run(settings);
  const expected = promisedBytes(whole.experimentDir);
  const nFiles = Object.keys(expected).length;
  let verified = 0;
  // The first two are the summary and the directory itself.
  for (let nth = 2; nth <= nFiles; nth += stride) {
    const logDir = temporaryFolder(context);
    runUntilFile(logDir, { ...settings, logDir: join(logDir, "logs") }, nth);
    const directory = onlyDirectory(join(logDir, "logs"));
    assert.equal(json(directory, "experiment_summary.json").status, "running");
    if (filesOf(directory).includes("global_means/round_000_metadata.json")) {
      verified += 1;
      assert.equal(verify(directory).status, "running");
    }
    const resumed = await resume(directory, { carrier: "inline" });
    assert.equal(resumed.runHash, whole.runHash);
    assert.deepEqual(resumed.metrics, whole.metrics);
    assert.deepEqual(resumed.clients, whole.clients);
    assert.deepEqual(promisedBytes(directory), expected, `killed before file ${nth}`);
    assert.deepEqual(filesOf(directory), filesOf(whole.experimentDir));
    assert.equal(verify(directory).runHash, whole.runHash);
  }
  assert.ok(verified > 3);
}

/** A run of some seconds, so that a signal finds it busy. */
async function longSettingsOf(context: TestContext): Promise<Configuration> {
  const data = await generatedFolder(context, { samplesPerClient: 1500, overlapFactor: 1 });
  const settings = {
    kGlobal: 30,
    algorithm: "lloyd",
    tolerance: 0,
    maxIterations: 40,
    maxSilhouetteSamples: 0,
  };
  return { data, logDir: temporaryFolder(context), carrier: "inline", ...settings } as Configuration;
}

/** Starts the same as a command, sends it a signal in its second round, and waits for its end. */
async function interrupted(context: TestContext, settings: Configuration, signal: NodeJS.Signals) {
  const logs = temporaryFolder(context);
  const { data, kGlobal, algorithm, maxIterations } = settings;
  const args = [
    "run",
    "--data",
    data as string,
    "--log-dir",
    logs,
    "--threads",
    "2",
    "--k-global",
    `${kGlobal}`,
  ];
  args.push("--algorithm", algorithm, "--tolerance", "0", "--max-iterations", `${maxIterations}`);
  args.push("--max-silhouette-samples", "0");
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    if (!/round 2/.test(stderr) && /round 2/.test(text)) child.kill(signal);
    stderr += text;
  });
  const ended = await once(child, "close");
  return { ended, stderr, directory: onlyDirectory(logs) };
}

test("a killed command resumes on threads, its data moved, to the same run hash", async (context) => {
  const settings = await longSettingsOf(context);
  const whole = await run(settings);
  const { ended, directory } = await interrupted(context, settings, "SIGKILL");
  assert.deepEqual(ended, [null, "SIGKILL"]);
  const moved = join(temporaryFolder(context), "moved");
  cpSync(settings.data as string, moved, { recursive: true });
  const { status, stdout, stderr } = fedkmeans([
    "resume",
    directory,
    "--data",
    moved,
    "--threads",
    "3",
    "--json",
  ]);
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).run_hash, whole.runHash);
  assert.equal(JSON.parse(stdout).experiment_dir, directory);
});

/** What a power cut or a careless hand may do to round 2, and what verify must name. */
const TORN: [string, (directory: string) => void, RegExp][] = [
  [
    "truncated global means",
    (directory) => truncateSync(join(directory, "global_means", "round_002_global_means.npy"), 100),
    /changed: global_means.round_002_global_means\.npy$/,
  ],
  [
    "a flipped bit in a client's means",
    (directory) => {
      const file = join(directory, "local_means", "client_1", "round_002_local_means.npy");
      const bytes = readFileSync(file);
      bytes[bytes.length - 3] ^= 1;
      writeFileSync(file, bytes);
    },
    /changed: local_means.client_1.round_002_local_means\.npy$/,
  ],
  [
    "a client's metadata gone",
    (directory) => rmSync(join(directory, "local_means", "client_2", "round_002_metadata.json")),
    /client_2.round_002_metadata\.json/,
  ],
  [
    "sample counts gone",
    (directory) => rmSync(join(directory, "local_means", "client_0", "round_002_sample_counts.npy")),
    /client_0.round_002_sample_counts\.npy/,
  ],
  [
    "half a metadata file",
    (directory) => truncateSync(join(directory, "global_means", "round_002_metadata.json"), 40),
    /round_002_metadata\.json/,
  ],
  [
    "metadata of something else",
    (directory) => writeFileSync(join(directory, "global_means", "round_002_metadata.json"), "[]"),
    /round_002_metadata\.json/,
  ],
  [
    "the round's metadata gone",
    (directory) => rmSync(join(directory, "global_means", "round_002_metadata.json")),
    /round(s|_002)/,
  ],
];

for (const [what, tear, message] of TORN) {
  test(`${what}: verify names it, and resume makes the round again`, async (context) => {
    const settings = await settingsOf(context);
    const { experimentDir } = await run(settings);
    const expected = promisedBytes(experimentDir);
    tear(experimentDir);
    assert.throws(
      () => verify(experimentDir),
      (error: Error) => {
        assert.equal(error.name, "RunError");
        assert.match(error.message, message);
        return true;
      },
    );
    // As it was before the end: the summary is the only file that a run writes twice.
    const summary = json(experimentDir, "experiment_summary.json");
    const running = { ...summary, status: "running", results: null };
    writeFileSync(join(experimentDir, "experiment_summary.json"), JSON.stringify(running));
    await resume(experimentDir, { carrier: "inline" });
    assert.deepEqual(promisedBytes(experimentDir), expected);
  });
}

test("verify names a directory that is none, and a summary whose hash is not the arrays'", async (context) => {
  const settings = await settingsOf(context);
  assert.throws(
    () => verify(settings.logDir),
    /^RunError: .* is no experiment directory: .*experiment_summary\.json$/,
  );
  const { experimentDir, runHash } = await run(settings);
  const path = join(experimentDir, "experiment_summary.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(runHash, "0".repeat(64)));
  assert.throws(() => verify(experimentDir), /^RunError: .*changed: experiment_summary\.json$/);
  rmSync(join(experimentDir, "manifest.json"));
  const { manifest, ...summary } = json(experimentDir, "experiment_summary.json");
  writeFileSync(path, JSON.stringify(summary));
  assert.throws(() => verify(experimentDir), /^RunError: .*run hash 0{64} expected, found [0-9a-f]{64}$/);
});

test("a completed run has nothing to resume", async (context) => {
  const { experimentDir } = await run(await settingsOf(context));
  await assert.rejects(resume(experimentDir), /^RunError: .* is completed: there is nothing to resume$/);
});

test("a run is resumed with the settings it began with, but for how it is executed", async (context) => {
  const { experimentDir, runHash } = await run(await settingsOf(context));
  const summary = json(experimentDir, "experiment_summary.json");
  const running = { ...summary, status: "running", results: null };
  writeFileSync(join(experimentDir, "experiment_summary.json"), JSON.stringify(running));
  await assert.rejects(
    resume(experimentDir, { kGlobal: 5 } as ResumeSettings),
    /^UsageError: the setting\skGlobal was settled when the run began: resuming it may change the setting\sdata, /,
  );
  await assert.rejects(
    resume(experimentDir, { threads: 0 }),
    /^UsageError: the setting\sthreads must be an integer of at least 1, found 0$/,
  );
  assert.equal((await resume(experimentDir, { carrier: "inline" })).runHash, runHash);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} marks the directory aborted, ends the process with 1, and the run resumes`, async (context) => {
    const settings = await longSettingsOf(context);
    const whole = await run(settings);
    const { ended, stderr, directory } = await interrupted(context, settings, signal);
    assert.deepEqual(ended, [1, null]);
    assert.match(stderr, /\nfedkmeans: interrupted\n$/);
    const { status, reason } = json(directory, "experiment_summary.json");
    assert.deepEqual([status, reason], ["aborted", "interrupted"]);
    assert.equal((await resume(directory)).runHash, whole.runHash);
    assert.equal(json(directory, "experiment_summary.json").reason, null);
  });
}
