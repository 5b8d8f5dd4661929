import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLI, ROOT, setUp, VISUALIZE } from "./setup.mjs";

/*
 * Makes the pictures of docs/pictures.md and viz/example.png anew, from runs whose data and seeds are fixed.
 *
 * Usage: npm run docs:pictures
 */

setUp();
const { createCanvas, loadImage } = createRequire(import.meta.url)("canvas");
const scratch = mkdtempSync(join(tmpdir(), "fedkmeans-pictures-"));
const folder = join(ROOT, "docs", "pictures");
mkdirSync(folder, { recursive: true });
const program = (file, args) =>
  execFileSync(process.execPath, [file, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

/** @returns the experiment directory, whose name pictures show: not that of a day */
function run(name, ...options) {
  const report = program(CLI, ["run", "--json", "--log-dir", join(scratch, "logs"), ...options]);
  const directory = join(scratch, "logs", name);
  renameSync(JSON.parse(report).experiment_dir, directory);
  return directory;
}

/** @returns options that name the data */
function generated(name, ...options) {
  const data = join(scratch, name);
  program(CLI, ["generate", "--output-dir", data, ...options]);
  return ["--data", data];
}

/** One frame of a run's video. */
async function frame(target, experiment, name, ...options) {
  const frames = join(scratch, "frame");
  const common = ["--experiment-dir", experiment, "--output", `${frames}.mp4`, "--frames-only"];
  program(VISUALIZE, [...common, ...options]);
  const file = readdirSync(`${frames}_frames`).find((candidate) => candidate.startsWith(name));
  keep(await loadImage(join(`${frames}_frames`, file)), target);
  rmSync(`${frames}_frames`, { recursive: true });
}

/** A picture of the whole run: `--poster` or `--diagnostics`. */
async function figure(kind, target, experiment) {
  const file = join(scratch, "figure.png");
  program(VISUALIZE, ["--experiment-dir", experiment, kind, file]);
  keep(await loadImage(file), target, 1920);
}

/** Writes a picture as small as PNG gets: frame files are written soon rather than small. */
function keep(image, target, width = image.width) {
  const canvas = createCanvas(width, Math.round((image.height * width) / image.width));
  const context = canvas.getContext("2d");
  context.quality = "best";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  writeFileSync(target, canvas.toBuffer("image/png", { compressionLevel: 9 }));
  console.log(target);
}

try {
  const penguins = run("penguins", "--data", "data/penguins", "--label-column", "species", "--k-global", "3");
  const eight = generated(
    "eight",
    ...["--num-clients", "8", "--num-clusters", "5", "--overlap-factor", "0.3"],
    ...["--samples-per-client", "400"],
  );
  const lloyd = run(
    "eight_clients",
    ...[...eight, "--algorithm", "lloyd", "--start", "random", "--k-global", "5", "--random-state", "3"],
  );
  const forty = run(
    "forty_clients",
    ...generated("forty", "--num-clients", "40", "--num-clusters", "6", "--overlap-factor", "0.5"),
    ...["--k-global", "6"],
  );
  const many = run(
    "many_rows",
    ...generated(
      "many",
      ...["--num-clients", "3", "--samples-per-client", "100000", "--num-clusters", "6"],
      ...["--overlap-factor", "0.8"],
    ),
    ...["--k-global", "6"],
  );
  await frame(join(ROOT, "viz", "example.png"), penguins, "round_001_1_local", "--size", "1280x720");
  await frame(join(folder, "local.png"), lloyd, "round_001_1_local");
  await frame(join(folder, "aggregation.png"), forty, "round_001_2_aggregation");
  await frame(join(folder, "density.png"), many, "round_001_3_global", "--theme", "dark");
  await frame(join(folder, "motion.png"), lloyd, "frame_00052", "--smooth", "--fps", "4", "--rounds", "0-1");
  await figure("--poster", join(folder, "poster.png"), lloyd);
  await figure("--diagnostics", join(folder, "diagnostics.png"), penguins);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
