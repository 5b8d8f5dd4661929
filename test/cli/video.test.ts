import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { verify } from "#src/directory/verify.js";
import { temporaryFolder } from "../support/temporary.js";

const CLI: string = require.resolve("#src/cli/main.js");
const VISUALIZE: string = join(process.cwd(), "viz", "bin", "visualize.js");
const PENGUINS: string = join(process.cwd(), "data", "penguins");
const RUN: readonly string[] = [
  "run",
  "--label-column",
  "species",
  "--data",
  PENGUINS,
  "--max-iterations",
  "1",
];

function fedkmeans(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return spawnSync(process.execPath, [CLI, ...args], { cwd, env, encoding: "utf8" });
}

test("run --video FILE --json ends with a video, names it, and records nothing of it", (t) => {
  const folder = temporaryFolder(t);
  const { status, stdout } = fedkmeans(folder, [...RUN, "--json", "--video", "penguins.mp4"]);
  assert.equal(status, 0);
  const { video, experiment_dir, run_hash } = JSON.parse(stdout);
  assert.equal(video, "penguins.mp4");
  assert.equal(readFileSync(join(folder, video)).toString("latin1", 4, 8), "ftyp");
  const summary = JSON.parse(readFileSync(join(folder, experiment_dir, "experiment_summary.json"), "utf8"));
  assert.ok(!("video" in summary.configuration));
  const without = JSON.parse(fedkmeans(folder, [...RUN, "--json"]).stdout);
  assert.equal(without.run_hash, run_hash);
  assert.ok(!("video" in without));
});

test("video = true in the configuration puts the video into the experiment directory; --no-video overrides", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "c.toml"), "[fedkmeans]\nvideo = true\n");
  const { stdout } = fedkmeans(folder, [...RUN, "--config", "c.toml"]);
  const video = stdout.trimEnd().split("\n").at(-1)!;
  assert.match(video, /^logs\/experiment_\d+_\d+\/federated_kmeans\.mp4$/);
  assert.ok(existsSync(join(folder, video)));
  assert.deepEqual(
    readdirSync(join(folder, video, ".."))
      .filter((name) => name.startsWith("federated_kmeans"))
      .sort(),
    ["federated_kmeans.mp4", "federated_kmeans.txt", "federated_kmeans.vtt", "federated_kmeans_metrics.json"],
  );
  checkManifest(join(folder, dirname(video)));
  const without = JSON.parse(
    fedkmeans(folder, [...RUN, "--config", "c.toml", "--no-video", "--json"]).stdout,
  );
  assert.ok(!existsSync(join(folder, without.experiment_dir, "federated_kmeans.mp4")));
});

/** Pictures that are made later are of the directory too, once they are in it. */
function checkManifest(directory: string): void {
  const { files } = verify(directory);
  const draw = (...options: string[]) => {
    const output = join(directory, "talk.mp4");
    const args = ["--experiment-dir", directory, "--output", output, "--size", "640x360", ...options];
    const { status, stderr } = spawnSync(process.execPath, [VISUALIZE, ...args], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  draw("--frames-only", "--rounds", "0-1");
  assert.ok(verify(directory).files! > files! + 2);
  const [frame] = readdirSync(join(directory, "talk_frames"));
  const bytes = readFileSync(join(directory, "talk_frames", frame));
  writeFileSync(join(directory, "talk_frames", frame), bytes.subarray(1));
  assert.throws(() => verify(directory), new RegExp(`changed: talk_frames/${frame}$`));
  // The frames of the last time go, and out of the manifest.
  draw("--frames-only", "--rounds", "1");
  assert.ok(verify(directory).files! < files! + 6);
  // What lies beside the directory, as a folder with the beginning of its name does, is none of it.
  const beside = join(`${directory}_video`, "talk.mp4");
  const args = ["--experiment-dir", directory, "--output", beside, "--frames-only", "--rounds", "1"];
  assert.equal(spawnSync(process.execPath, [VISUALIZE, ...args]).status, 0);
  verify(directory);
}

test("without fedkmeans-viz the run succeeds and one line says how to get it", (t) => {
  const folder = temporaryFolder(t);
  const preload = join(folder, "without-viz.cjs");
  writeFileSync(
    preload,
    `const Module = require("node:module"); const resolve = Module._resolveFilename;
     Module._resolveFilename = (name, ...rest) => {
       if (name.startsWith("fedkmeans-viz")) throw new Error("not installed");
       return resolve(name, ...rest);
     };`,
  );
  const env = { ...process.env, NODE_OPTIONS: `--require ${preload}` };
  const { status, stdout, stderr } = fedkmeans(folder, [...RUN, "--json", "--video"], env);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).rounds, 1);
  assert.equal(
    stderr,
    "fedkmeans: no video: the package fedkmeans-viz is not installed: install its archive (docs/install.md)\n",
  );
});

test("a video that fails leaves a run that succeeded, with one line", (t) => {
  const folder = temporaryFolder(t);
  const env = { ...process.env, FFMPEG_PATH: join(folder, "none") };
  const { status, stdout, stderr } = fedkmeans(folder, [...RUN, "--json", "--video"], env);
  assert.equal(status, 0);
  assert.ok(!("video" in JSON.parse(stdout)));
  assert.match(stderr, /^fedkmeans: no video: visualize: FFMPEG_PATH: a program expected, found ".*none"\n$/);
});

test("a video that cannot be is refused before the run", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "c.toml"), "[fedkmeans]\nvideo = 3\n");
  for (const [args, source] of [
    [["--video", "a.avi"], "--video"],
    [["--config", "c.toml"], "video in c.toml"],
  ] as const) {
    const { status, stderr } = fedkmeans(folder, [...RUN, ...args]);
    assert.equal(status, 2);
    assert.ok(
      stderr.startsWith(
        `fedkmeans: ${source} must be true, false or a file that ends in .mp4, .webm or .gif, found`,
      ),
    );
  }
  assert.deepEqual(readdirSync(folder), ["c.toml"]);
});
