import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { enterInManifest, makeFolder, messageOf, RunError, UsageError } from "fedkmeans/directory";
import type { FigureFormat } from "./draw/figure.js";
import { withForeignLetters } from "./draw/foreign-letters.js";
import { encodeVideo, FFMPEG_ADVICE, findFfmpeg } from "./encode/ffmpeg.js";
import { checkRounds, checkScale, chosenClients, paceOf } from "./options/chosen.js";
import {
  PAGE_FORMAT,
  type PageSettings,
  type PictureOptions,
  type Settings,
  settle,
  settleFigureFormat,
  settlePage,
  settlePicture,
  settleSize,
  type VideoOptions,
} from "./options.js";
import type { Experiment } from "./read/experiment.js";
import { readExperiment } from "./read/read-experiment.js";
import { paintPictures } from "./render/paint-pictures.js";
import { type Job, Painter, planPictures } from "./render/painter.js";
import type { Shown } from "./scene/captions/subtitles.js";
import type { View } from "./scene/frames/frame.js";
import { paletteOf } from "./scene/marks/palette.js";
import { plural } from "./scene/text/numbers.js";
import { beginBeside } from "./visualize/beside.js";
import { writeDiagnostics } from "./visualize/diagnostics.js";
import { writePage } from "./visualize/page.js";
import { writePoster } from "./visualize/poster.js";

/** What a caller may hand in beside the options. */
export interface Hooks {
  /** Ends the work: threads and ffmpeg are stopped, what was begun is removed. */
  readonly signal?: AbortSignal;
  /** Told how many frames are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Visualization {
  /** The video's file; null where none was asked for, or there is no ffmpeg. */
  readonly video: string | null;
  /** Folder of the frame files; null where none were kept. */
  readonly framesFolder: string | null;
  readonly nFrames: number;
  /** Seconds the video lasts. */
  readonly seconds: number;
  /** Files of the pages that were asked for: poster, diagnostics, one for a browser. */
  readonly pages: readonly string[];
  /** What the user should know: where the drawing ends early, or what to install for a video. */
  readonly notes: readonly string[];
}

const FRAME_FILE = /^(round_\d+_\d+_\w+|frame_\d+)\.(png|svg|pdf)(\.tmp)?$/;

/**
 * Turns an experiment directory into frames and a video, as the command does: three pictures a round, or motion.
 *
 * @example
 * await visualize("logs/experiment_20251107_160054", { output: "my.mp4", cleanup: true });
 *
 * @throws UsageError for a wrong option; RunError if the directory cannot be drawn or the video not be made;
 *   the signal's reason if it is aborted
 */
export async function visualize(
  experimentDir: string,
  options: VideoOptions = {},
  hooks: Hooks = {},
): Promise<Visualization> {
  return visualizeSettled(experimentDir, settlePage(options) ?? settle(options), hooks);
}

/** As `visualize`, of options that were checked. */
export async function visualizeSettled(
  experimentDir: string,
  settings: Settings | PageSettings,
  hooks: Hooks = {},
): Promise<Visualization> {
  if (settings.format !== PAGE_FORMAT) return makePictures(experimentDir, settings, hooks);
  const { output } = settings;
  const notes = writePage(experimentDir, settings);
  return { pages: [output], video: null, framesFolder: null, nFrames: 0, seconds: 0, notes };
}

async function makePictures(experimentDir: string, settings: Settings, hooks: Hooks): Promise<Visualization> {
  const signal = hooks.signal ?? new AbortController().signal;
  const ffmpeg = settings.framesOnly || settings.arePagesOnly ? null : findFfmpeg(process.env);
  const experiment = readExperiment(experimentDir);
  checkRounds(settings, experiment);
  checkScale(experiment, settings);
  const clients = chosenClients(experiment, settings.clients);
  const pages = [settings.poster, settings.diagnostics].flatMap((page) => page?.path ?? []);
  if (settings.poster !== null) writePoster(experimentDir, experiment, settings.poster, settings);
  if (settings.diagnostics !== null) {
    writeDiagnostics(experimentDir, experiment, settings.diagnostics, settings);
  }
  if (settings.arePagesOnly) {
    const notes = [...experiment.problems, ...fontNotes(experiment, settings.title)];
    return { pages, video: null, framesFolder: null, nFrames: 0, seconds: 0, notes };
  }
  // A run may go on meanwhile: threads that read the directory later must plan the same pictures.
  const lastRound = experiment.rounds.at(-1)!.round;
  const rounds = {
    first: settings.rounds?.first ?? 0,
    last: Math.min(settings.rounds?.last ?? lastRound, lastRound),
  };
  const { output } = settings;
  const keepsFrames = ffmpeg === null || !settings.cleanup;
  const framesFolder = join(dirname(output), `${basename(output, extname(output))}_frames`);
  const job: Job = {
    ...settings,
    rounds,
    clients,
    directory: experimentDir,
    framesFolder: keepsFrames ? framesFolder : null,
  };
  const pictures = planPictures(experiment, job);
  const nFrames = pictures.reduce((sum, { names }) => sum + names.length, 0);
  const { fps, extra } = paceOf(settings, nFrames);
  const isNewFolder = !existsSync(framesFolder);
  prepare(dirname(output), job.framesFolder);

  const shown = pictures.map(({ frame, names }, i) => ({
    frame,
    count: names.length + (i === pictures.length - 1 ? extra : 0),
  }));
  const beside = ffmpeg === null ? null : beginBeside(output, experiment, shown, fps);
  const painted = paintPictures(job, experiment, pictures.length, settings.workers, signal);
  const frames = repeat(painted, shown, (done) => hooks.onProgress?.(Math.min(done, nFrames), nFrames));
  try {
    if (ffmpeg !== null) {
      await encodeVideo({ ...settings, fps, ffmpeg, palette: paletteOf(settings.theme) }, frames, signal);
    } else for await (const _ of frames);
    beside?.finish();
  } catch (error) {
    // Threads may be at a last file.
    await painted.return(undefined);
    if (keepsFrames) {
      removeFrames(framesFolder, isNewFolder);
      enterInManifest(experimentDir, [framesFolder]);
    }
    throw error;
  } finally {
    beside?.discard();
  }
  enterInManifest(experimentDir, [
    ...(beside === null ? [] : [output, ...beside.files]),
    ...(keepsFrames ? [framesFolder] : []),
  ]);
  const missing = ffmpeg === null && !settings.framesOnly ? [FFMPEG_ADVICE] : [];
  return {
    pages,
    video: ffmpeg === null ? null : output,
    framesFolder: job.framesFolder,
    nFrames,
    seconds: (nFrames + extra) / fps,
    notes: [
      ...experiment.problems,
      ...fontNotes(experiment, settings.title),
      ...(beside?.notes ?? []),
      ...missing,
    ],
  };
}

/**
 * Makes a video and keeps no frame files.
 *
 * @returns its path
 * @throws as `visualize`; RunError too if there is no ffmpeg
 */
export async function renderVideo(
  experimentDir: string,
  options: Omit<VideoOptions, "cleanup" | "framesOnly"> = {},
  hooks: Hooks = {},
): Promise<string> {
  const settings = settle({ ...options, cleanup: true });
  if (findFfmpeg(process.env) === null) throw new RunError(FFMPEG_ADVICE);
  const { video } = await visualizeSettled(experimentDir, settings, hooks);
  return video!;
}

/**
 * Draws one picture, e.g. for a notebook's cell.
 *
 * @param options `round` is a round's number, by default the last; `view` is by default "global"; `format` is by default
 *   "png"; vectors fit on a sheet of A4
 * @returns a file's bytes
 * @throws UsageError for a wrong option; RunError if the directory cannot be drawn
 */
export async function renderFrame(
  experimentDir: string,
  options: PictureOptions & {
    readonly round?: number;
    readonly view?: View;
    readonly format?: FigureFormat;
  } = {},
): Promise<Buffer> {
  const experiment = readExperiment(experimentDir);
  const { round = experiment.rounds.at(-1)!.round, view = "global", theme = "light" } = options;
  const format = settleFigureFormat(options.format);
  const rounds = { first: round, last: round };
  checkRounds({ rounds }, experiment);
  const chosen = settlePicture(options);
  checkScale(experiment, chosen);
  const painter = new Painter(
    {
      ...settleSize(options.size),
      directory: experimentDir,
      ...chosen,
      clients: chosenClients(experiment, chosen.clients),
      theme,
      rounds,
      smooth: false,
      fps: 2,
      framesFolder: null,
      frameFormat: format,
    },
    experiment,
  );
  const index = painter.pictures.findIndex(({ frame }) => frame.kind === "still" && frame.view === view);
  if (index < 0)
    throw new UsageError(`view must be global, local or aggregation, found ${JSON.stringify(view)}`);
  return painter.figure(index, format);
}

/** Of names that are not drawn in the typeface that came with the package, and so not the same everywhere. */
function fontNotes({ clients, axes }: Experiment, title: string | null): string[] {
  const names = withForeignLetters([...clients.map(({ name }) => name), ...axes, title ?? ""]);
  if (names.length === 0) return [];
  const others = names.length === 1 ? "" : ` and ${plural(names.length - 1, "more name")}`;
  return [
    `"${names[0]}"${others}: drawn in this machine's fonts, as Inter lacks some letters; pictures may differ elsewhere`,
  ];
}

/** Makes the folders, and removes frames of an earlier video of the same name. */
function prepare(folder: string, framesFolder: string | null): void {
  try {
    makeFolder(framesFolder ?? folder);
    if (framesFolder !== null) removeFrames(framesFolder, false);
  } catch (error) {
    throw new RunError(`cannot write to ${framesFolder ?? folder}: ${messageOf(error)}`);
  }
}

function removeFrames(folder: string, withFolder: boolean): void {
  for (const file of readdirSync(folder)) if (FRAME_FILE.test(file)) rmSync(join(folder, file));
  if (withFolder && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

/** Each picture as often as it is shown. */
async function* repeat(
  painted: AsyncIterable<Uint8Array>,
  shown: readonly Shown[],
  onFrames: (done: number) => void,
): AsyncGenerator<Uint8Array> {
  let index = 0;
  let done = 0;
  for await (const pixels of painted) {
    const { count } = shown[index++];
    for (let i = 0; i < count; i++) yield pixels;
    onFrames((done += count));
  }
}
