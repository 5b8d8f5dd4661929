import { relative } from "node:path";
import { Command, CommanderError } from "commander";
import { messageOf, mindStandardStreams, UsageError, withInterrupt } from "fedkmeans/directory";
import { FIGURE_FORMATS } from "../draw/figure.js";
import { VIDEO_FORMATS } from "../encode/ffmpeg.js";
import {
  optionName,
  PAGE_FORMAT,
  type PageSettings,
  type Settings,
  settle,
  settlePage,
  type VideoOptions,
} from "../options.js";
import { type Visualization, visualizeSettled } from "../visualize.js";
import { showProgress } from "./progress.js";

/** Exit codes, as `--help` states them. */
const FAILED = 1;
const WRONG_USAGE = 2;

const HELP = `
Three frames a round: local (each client's rows by cluster, and the step to its local means), aggregation (local
means of all clients into the new global ones), global (those over each client's rows). --smooth is one
scene in motion: clients and server all the time.

Frame files are beside the video in NAME_frames/: PNG, or with --frames-only also SVG or PDF. ffmpeg is
the program named by FFMPEG_PATH, else the system's, else the one that came with this package.

Examples:
  visualize --experiment-dir logs/experiment_20251107_160054
  visualize --experiment-dir logs/experiment_20251107_160054 --output my.mp4 --smooth --cleanup
  visualize --experiment-dir logs/experiment_20251107_160054 --output talk.gif --size 960x540 --theme dark
  visualize --experiment-dir logs/experiment_20251107_160054 --rounds 0-10 --frames-only --format svg
  visualize --experiment-dir logs/experiment_20251107_160054 --poster run.pdf
  visualize --experiment-dir logs/experiment_20251107_160054 --output run.html

A page (.html) draws the run in a browser, from that one file: play, step, follow a cluster or a client.

Exit codes: 0 done, 1 the drawing failed or there is no ffmpeg for a video, 2 wrong usage.`;

function program(): Command {
  return new Command("visualize")
    .description("Turn the experiment directory of a federated k-means run into a video, figures or a page.")
    .version(require("../../package.json").version)
    .requiredOption("--experiment-dir <DIR>", "the experiment directory")
    .option("--output <FILE>", "the video, or a page (.html) (default: federated_kmeans.mp4)")
    .option(
      "--format <NAME>",
      `${VIDEO_FORMATS.join(", ")}, html (default: the output's extension); of --frames-only ${FIGURE_FORMATS.join(", ")}`,
    )
    .option("--fps <N>", "frames a second (default: 2; with --smooth 30)", numberFrom)
    .option("--size <WxH>", "pixels, even numbers (default: 1920x1080)")
    .option("--rounds <RANGE>", "only these, e.g. 0-10, 3- or 5 (default: all)")
    .option(
      "--views <NAMES>",
      "of local, aggregation, global: only these pictures of a round, e.g. local,global",
    )
    .option("--clients <NAMES>", "only these clients' panels, e.g. Biscoe,Dream (default: all)")
    .option("--title <TEXT>", "a headline")
    .option("--seconds <N>", "length of the video (default: as the pictures need)", numberFrom)
    .option(
      "--scale <NAME>",
      "what axes count in: clustered, or original where the run standardized (default: clustered)",
    )
    .option("--theme <NAME>", "light or dark (default: light)")
    .option("--smooth", "one scene in motion instead of still pictures")
    .option("--frames-only", "frame files and no video")
    .option("--cleanup", "keep no frame files")
    .option(
      "--poster <FILE>",
      `the run on one page, ${FIGURE_FORMATS.join(", ")}; without --output that alone`,
    )
    .option(
      "--diagnostics <FILE>",
      "likewise silhouettes by cluster and client, and what principal components explain",
    )
    .option("--workers <N>", "threads that draw (default: one a processor, less one for ffmpeg)", numberFrom)
    .allowExcessArguments(false)
    .addHelpText("after", HELP)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}

/** What is no number stays text, which is refused by name later. */
function numberFrom(text: string): number {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? (text as unknown as number) : value;
}

async function main(): Promise<number> {
  const command = program();
  try {
    command.parse();
    const { experimentDir, ...options } = command.opts<VideoOptions & { experimentDir: string }>();
    const settings = settlePage(options, optionName) ?? settle(options, optionName);
    return await draw(experimentDir, settings);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isUsage = error instanceof CommanderError || error instanceof UsageError;
    process.stderr.write(`visualize: ${messageOf(error).replace(/^error: /, "")}\n`);
    return isUsage ? WRONG_USAGE : FAILED;
  }
}

async function draw(experimentDir: string, settings: Settings | PageSettings): Promise<number> {
  const progress = showProgress();
  try {
    const result = await withInterrupt((signal) =>
      visualizeSettled(experimentDir, settings, { signal, onProgress: progress.onProgress }),
    );
    progress.stop();
    for (const note of result.notes) process.stderr.write(`visualize: ${note}\n`);
    process.stdout.write(`${report(result)}\n`);
    const isWhole =
      settings.format === PAGE_FORMAT ||
      settings.framesOnly ||
      settings.arePagesOnly ||
      result.video !== null;
    return isWhole ? 0 : FAILED;
  } finally {
    progress.stop();
  }
}

/** One line: where everything is. */
function report({ pages, video, framesFolder, nFrames, seconds }: Visualization): string {
  const files = pages.map(shown).join("; ");
  if (video === null && framesFolder === null) return files;
  const also = files === "" ? "" : `; ${files}`;
  const frames = `${nFrames} frames`;
  const folder = framesFolder === null ? "" : `${shown(framesFolder)}/`;
  if (video === null) return `${frames} in ${folder}${also}`;
  const kept = framesFolder === null ? "" : `; frames in ${folder}`;
  return `${shown(video)} (${frames}, ${seconds.toFixed(1)} s)${kept}${also}`;
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

const codeAfter = mindStandardStreams("visualize", FAILED);
void main().then((code) => {
  process.exitCode = codeAfter(code);
});
