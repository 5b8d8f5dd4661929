import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Readable } from "node:stream";
import { messageOf, RunError } from "fedkmeans/directory";
import createCommand from "fluent-ffmpeg";
import { beginPartial, finishPartial } from "./partial-file.js";

/* The only file that knows how ffmpeg is found and driven. */

export const VIDEO_FORMATS = ["mp4", "webm", "gif"] as const;
export type VideoFormat = (typeof VIDEO_FORMATS)[number];

export interface Encoding {
  /** The program. */
  readonly ffmpeg: string;
  readonly output: string;
  readonly format: VideoFormat;
  /** Pixels; even. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** What the file says of itself; null: nothing. */
  readonly title: string | null;
  /** The colours that a GIF has: 256 times blue, green, red, alpha. */
  readonly palette: Uint8Array;
}

/** What to install where there is no ffmpeg. */
export const FFMPEG_ADVICE =
  "ffmpeg is not installed: apt-get install ffmpeg, or name the program in FFMPEG_PATH";

/** Pictures that may wait for ffmpeg to take them. */
const AHEAD = 4;
/** From one keyframe to the next: how far a player has to go back to seek. */
const KEYFRAME_SECONDS = 4;

/**
 * H.264 in 4:2:0, which every browser plays, without frames that wait for later ones: at 2 frames a second those would
 * delay the start. The picture of a view is most like that of the same view a round ago, three pictures back: those are
 * looked at, and what is new in one does not begin anew. VP9 likewise, as fast as it can. GIF has one palette, which is
 * known beforehand, so that neither its size nor the memory grows with what stays the same.
 */
const CODECS: Readonly<Record<VideoFormat, readonly string[]>> = {
  mp4: words(
    "-c:v libx264 -preset veryfast -tune animation -crf 20 -bf 0 -refs 4 -sc_threshold 0 -movflags +faststart",
  ),
  webm: words("-c:v libvpx-vp9 -crf 28 -b:v 0 -deadline realtime -cpu-used 8 -row-mt 1 -tile-columns 2"),
  gif: words("-c:v gif -loop 0"),
};
const FILTERS: Readonly<Record<VideoFormat, string>> = {
  mp4: "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
  webm: "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
  gif: "[0:v][1:v]paletteuse=dither=none:diff_mode=rectangle",
};
const COLOURS: readonly string[] = words(
  "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv",
);
/** A number of threads of each machine's own would change the bytes from one to another. */
const REPRODUCIBLE: readonly string[] = words(
  "-threads 4 -map_metadata -1 -fflags +bitexact -flags:v +bitexact",
);

/**
 * Finds ffmpeg: the program named by FFMPEG_PATH, else the system's, else the one inside `@ffmpeg-installer/ffmpeg`.
 *
 * @returns its path; null if there is none
 * @throws RunError if FFMPEG_PATH names no program
 */
export function findFfmpeg(environment: Readonly<Record<string, string | undefined>>): string | null {
  const named = environment.FFMPEG_PATH;
  if (named) {
    if (!isProgram(named)) throw new RunError(`FFMPEG_PATH: a program expected, found "${named}"`);
    return named;
  }
  const name = process.platform === "win32" ? "ffmpeg.exe" : "ffmpeg";
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const ofSystem = folders.map((folder) => join(folder, name)).find(isProgram);
  if (ofSystem !== undefined) return ofSystem;
  try {
    const { path } = require("@ffmpeg-installer/ffmpeg") as { path: string };
    return isProgram(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * Encodes raw pictures as a video, which appears whole or not at all. The same pictures give the same bytes.
 *
 * @param pictures width x height pixels each, blue, green, red, alpha; asked for as ffmpeg can take them
 * @throws RunError with ffmpeg's reason; whatever `pictures` throws; the signal's reason if it is aborted
 */
export async function encodeVideo(
  encoding: Encoding,
  pictures: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { output, format } = encoding;
  const partial = beginPartial(output);
  const palette = format === "gif" ? beginPartial(output) : null;
  const input = Readable.from(pictures, { objectMode: true, highWaterMark: AHEAD, signal });
  try {
    if (palette !== null) writeFileSync(palette, encoding.palette);
    await runFfmpeg(command(encoding, input, palette).format(format), partial, input);
    if (statSync(partial).size === 0) throw new FfmpegError("ffmpeg ended without a word and wrote nothing");
    finishPartial(partial, output);
  } catch (error) {
    signal.throwIfAborted();
    // An interrupt goes to ffmpeg as well, which may end before this process has heard of it.
    if (error instanceof FfmpegError && /received signal (2|15)\b/.test(error.message)) {
      throw new RunError("interrupted");
    }
    throw error instanceof FfmpegError
      ? new RunError(`cannot make ${output}: ${error.message.replaceAll(partial, output)}`)
      : error;
  } finally {
    input.destroy();
    for (const file of [partial, palette]) if (file !== null) rmSync(file, { force: true });
  }
}

/** @param palette the file of a GIF's colours; null for other formats */
function command(encoding: Encoding, input: Readable, palette: string | null): createCommand.FfmpegCommand {
  const { ffmpeg, format, width, height, fps, title } = encoding;
  const job = createCommand({ source: input });
  // It would start ffmpeg three times more to ask what it can do, which takes as long as many pictures do.
  Object.assign(job, {
    _checkCapabilities: (done: () => void) => done(),
    availableEncoders: (done: (error: null, encoders: object) => void) => done(null, {}),
  });
  const raw = (w: number, h: number) => ["-pix_fmt", "bgra", "-video_size", `${w}x${h}`];
  job
    .setFfmpegPath(ffmpeg)
    .inputFormat("rawvideo")
    .inputOptions([...raw(width, height), "-framerate", String(fps)]);
  if (palette !== null) job.input(palette).inputFormat("rawvideo").inputOptions(raw(16, 16));
  return job
    .outputOptions(outputOptions(format, fps))
    .outputOptions(title === null ? [] : ["-metadata", `title=${title}`]);
}

/** ffmpeg's options for a format, each word by itself. */
export function outputOptions(format: VideoFormat, fps: number): string[] {
  const colours = format === "gif" ? [] : COLOURS;
  const keyframes = ["-g", String(Math.max(1, Math.round(KEYFRAME_SECONDS * fps)))];
  return [...CODECS[format], ...colours, "-filter_complex", FILTERS[format], ...keyframes, ...REPRODUCIBLE];
}

/** It ended by itself, with a reason. */
class FfmpegError extends Error {}

/** Ends when the process has, however it ends. */
async function runFfmpeg(job: createCommand.FfmpegCommand, output: string, input: Readable): Promise<void> {
  let running: ChildProcess | null = null;
  // The first thing that went wrong is the cause; a broken pipe only follows from it.
  let cause: unknown = null;
  input.once("error", (error) => {
    cause ??= error;
  });
  try {
    await new Promise<void>((resolve, reject) => {
      job
        .once("start", () => {
          running = (job as unknown as { ffmpegProc: ChildProcess }).ffmpegProc;
          if (cause !== null) running.kill("SIGKILL");
        })
        .once("end", () => resolve())
        .once("error", (error: Error) =>
          reject(cause ?? new FfmpegError(`ffmpeg failed: ${reasonOf(error)}`)),
        )
        .save(output);
    });
  } finally {
    await endOf(running);
  }
}

async function endOf(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** ffmpeg's own last word, without its progress and addresses in memory; how it ended, where it has said none. */
function reasonOf(error: Error): string {
  const message = messageOf(error);
  const [, how, said] = /^ffmpeg ((?:exited|was killed) with \w+ \w+)(?:: (.*))?$/s.exec(message) ?? [];
  if (how !== undefined && !said?.trim()) return `it ${how} and said nothing`;
  return (said ?? message).replaceAll(/\[[^\]]* @ 0x[0-9a-f]+\] /g, "");
}

function words(text: string): string[] {
  return text.split(" ");
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
