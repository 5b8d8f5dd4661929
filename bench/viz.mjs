import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import { CLI, ROOT, setUp, setUpPython, VISUALIZE } from "../scripts/setup.mjs";

/*
 * `visualize` against a matplotlib script: from one experiment directory to frame files and a video, at 1280x720,
 * both by the same ffmpeg with the same settings, alternating. One picture of each is kept in bench/output/.
 *
 * Usage: npm run bench:viz [-- repetitions]
 */

setUp();
setUpPython(["python3-numpy", "python3-matplotlib"], "numpy, matplotlib");
const require = createRequire(import.meta.url);
const { findFfmpeg, outputOptions } = require("../viz/dist/encode/ffmpeg.js");
const repetitions = Number(process.argv[2] ?? 3);
const output = join(ROOT, "bench", "output");
const scratch = join(output, "scratch");
const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const quiet = { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
const experiment = makeExperiment();
const nRounds = readdirSync(join(experiment, "global_means")).filter((name) => name.endsWith(".json")).length;
console.log(`3 clients, 3000 rows, 8 clusters, ${nRounds} rounds, ${3 * nRounds} frames of 1280x720`);

const rivals = { visualize: drawWithVisualize, matplotlib: drawWithMatplotlib };
const seconds = { visualize: [], matplotlib: [] };
for (let i = 0; i < repetitions; i++) {
  for (const [name, draw] of Object.entries(rivals)) {
    const folder = join(scratch, `${name}_${i}`);
    mkdirSync(folder);
    const started = performance.now();
    draw(folder);
    seconds[name].push((performance.now() - started) / 1000);
    console.log(`${name}: ${seconds[name].at(-1).toFixed(2)} s`);
  }
}
for (const name of Object.keys(rivals)) {
  const frames = join(scratch, `${name}_0`, "video_frames");
  copyFileSync(join(frames, "round_003_1_local.png"), join(output, `viz_${name}.png`));
}
rmSync(scratch, { recursive: true });
const ratio = median(seconds.matplotlib) / median(seconds.visualize);
console.log(`
visualize is ${ratio.toFixed(1)} times as fast as matplotlib: medians ${median(seconds.visualize).toFixed(2)} s and \
${median(seconds.matplotlib).toFixed(2)} s of ${repetitions}, ${cpus().length} processors (${cpus()[0].model})
Pictures of both: bench/output/viz_visualize.png, bench/output/viz_matplotlib.png`);

function makeExperiment() {
  const data = join(scratch, "data");
  const shape = ["--num-clients", "3", "--samples-per-client", "1000", "--num-clusters", "8"];
  execFileSync(
    process.execPath,
    [CLI, "generate", ...shape, "--overlap-factor", "0.9", "--output-dir", data],
    quiet,
  );
  const settings = [
    "--start",
    "random",
    "--k-global",
    "8",
    "--max-iterations",
    "24",
    "--tolerance",
    "0",
    "--log-dir",
    scratch,
    "--json",
  ];
  return JSON.parse(execFileSync(process.execPath, [CLI, "run", "--data", data, ...settings], quiet))
    .experiment_dir;
}

function drawWithVisualize(folder) {
  const options = [
    "--experiment-dir",
    experiment,
    "--output",
    join(folder, "video.mp4"),
    "--size",
    "1280x720",
  ];
  execFileSync(process.execPath, [VISUALIZE, ...options], quiet);
}

function drawWithMatplotlib(folder) {
  const frames = join(folder, "video_frames");
  execFileSync(PYTHON, [join(ROOT, "bench", "viz_matplotlib.py"), experiment, frames], quiet);
  const input = ["-y", "-framerate", "2", "-pattern_type", "glob", "-i", join(frames, "*.png")];
  execFileSync(
    findFfmpeg(process.env),
    [...input, ...outputOptions("mp4", 2), join(folder, "video.mp4")],
    quiet,
  );
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
