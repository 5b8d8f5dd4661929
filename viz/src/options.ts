import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { UsageError } from "fedkmeans/directory";
import { FIGURE_FORMATS, type FigureFormat } from "./draw/figure.js";
import { VIDEO_FORMATS, type VideoFormat } from "./encode/ffmpeg.js";

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How pictures look. */
export interface PictureOptions {
  /** Pixels, both even; default 1920x1080. As text: "1280x720". */
  readonly size?: Size | string;
  readonly theme?: "light" | "dark";
}

export interface VideoOptions extends PictureOptions {
  /** The video's file; default federated_kmeans.mp4. */
  readonly output?: string;
  /** Of the video, by default the output's extension; with `framesOnly` also that of frame files, by default png. */
  readonly format?: VideoFormat | FigureFormat;
  /** Frames a second; default 2, with `smooth` 30. */
  readonly fps?: number;
  /** Round numbers, both included; as text "0-10", "3-" or "5". Default: all. */
  readonly rounds?: { readonly first: number; readonly last: number } | string;
  /** Motion between the pictures of a round. */
  readonly smooth?: boolean;
  /** Frame files and no video. */
  readonly framesOnly?: boolean;
  /** Keep no frame files. */
  readonly cleanup?: boolean;
  /** Threads that draw; default: one a processor, but one less where ffmpeg needs it. */
  readonly workers?: number;
}

/** Complete and checked. */
export interface Settings extends Size {
  readonly output: string;
  readonly format: VideoFormat;
  readonly frameFormat: FigureFormat;
  readonly theme: "light" | "dark";
  readonly fps: number;
  readonly rounds: { readonly first: number; readonly last: number } | null;
  readonly smooth: boolean;
  readonly framesOnly: boolean;
  readonly cleanup: boolean;
  readonly workers: number;
}

const DEFAULT_NAME = "federated_kmeans";
const DEFAULT_SIZE: Size = { width: 1920, height: 1080 };
/** In smaller ones no text can be read. The long side and the short one, whichever is the width. */
const SMALLEST = { long: 640, short: 360 };
const LARGEST = { long: 7680, short: 4320 };
const MOST_FPS = 60;
/** GIF counts time in hundredths of a second, and players slow down what is shorter than two of them. */
const MOST_FPS_GIF = 50;
const MOST_WORKERS = 64;

/** The option as the command line writes it: `framesOnly` is `--frames-only`. */
export function optionName(option: keyof VideoOptions): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Completes options with their defaults and checks them.
 *
 * @param nameOf what to call an option in an error
 * @throws UsageError naming the option, what was expected and what was found
 */
export function settle(
  options: VideoOptions,
  nameOf: (option: keyof VideoOptions) => string = (option) => option,
): Settings {
  const refuse = (option: keyof VideoOptions, expected: string, found: unknown = options[option]) =>
    new UsageError(`${nameOf(option)} must be ${expected}, found ${JSON.stringify(found)}`);
  const frameFormat = FIGURE_FORMATS.find((candidate) => candidate === options.format);
  const videoFormat = VIDEO_FORMATS.find((candidate) => candidate === options.format);
  if (options.format !== undefined && videoFormat === undefined && frameFormat === undefined) {
    throw refuse("format", `one of ${VIDEO_FORMATS.join(", ")}, or of frames ${FIGURE_FORMATS.join(", ")}`);
  }
  if (frameFormat !== undefined && !options.framesOnly) {
    throw new UsageError(`${nameOf("format")} ${frameFormat} is one of frames: add ${nameOf("framesOnly")}`);
  }
  const output = options.output ?? `${DEFAULT_NAME}.${videoFormat ?? "mp4"}`;
  const extension = extname(output).slice(1).toLowerCase();
  const format = VIDEO_FORMATS.find((candidate) => candidate === extension);
  if (format === undefined)
    throw refuse("output", `a file that ends in .${VIDEO_FORMATS.join(", .")}`, output);
  if (videoFormat !== undefined && videoFormat !== format) {
    throw refuse("format", `the output's, ${format}`);
  }
  const { smooth = false, framesOnly = false, cleanup = false, theme = "light" } = options;
  if (framesOnly && cleanup) {
    throw new UsageError(`${nameOf("framesOnly")} and ${nameOf("cleanup")} leave nothing: choose one`);
  }
  if (theme !== "light" && theme !== "dark") throw refuse("theme", "light or dark");
  const fps = options.fps ?? (smooth ? 30 : 2);
  const mostFps = format === "gif" && !framesOnly ? MOST_FPS_GIF : MOST_FPS;
  if (!(fps >= 0.1 && fps <= mostFps)) {
    throw refuse("fps", `a number from 0.1 to ${mostFps}${mostFps === MOST_FPS ? "" : " for a GIF"}`);
  }
  const processors = Math.min(availableParallelism(), MOST_WORKERS);
  const workers = options.workers ?? (framesOnly ? processors : Math.max(1, processors - 1));
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    throw refuse("workers", `an integer from 1 to ${MOST_WORKERS}`);
  }
  const rounds = roundsOf(options.rounds);
  if (rounds === undefined) throw refuse("rounds", "a range such as 0-10, or one number");
  return {
    ...settleSize(options.size, nameOf("size")),
    output,
    format,
    frameFormat: frameFormat ?? "png",
    theme,
    fps,
    rounds,
    smooth,
    framesOnly,
    cleanup,
    workers,
  };
}

/** @throws UsageError naming the option */
export function settleSize(size: Size | string | undefined, name = "size"): Size {
  const [, width, height] = typeof size === "string" ? (/^(\d{1,5})[x×](\d{1,5})$/.exec(size) ?? []) : [];
  const { width: w, height: h } =
    typeof size === "object"
      ? size
      : size === undefined
        ? DEFAULT_SIZE
        : { width: Number(width), height: Number(height) };
  const [short, long] = [Math.min(w, h), Math.max(w, h)];
  const isWithin =
    short >= SMALLEST.short && long >= SMALLEST.long && short <= LARGEST.short && long <= LARGEST.long;
  if (!isWithin || w % 2 !== 0 || h % 2 !== 0) {
    throw new UsageError(
      `${name} must be WIDTHxHEIGHT, even numbers from ${SMALLEST.long}x${SMALLEST.short} or ` +
        `${SMALLEST.short}x${SMALLEST.long} to ${LARGEST.long}x${LARGEST.short}, found ${JSON.stringify(size)}`,
    );
  }
  return { width: w, height: h };
}

/**
 * @param format "png" if undefined
 * @throws UsageError
 */
export function settleFigureFormat(format: string = "png"): FigureFormat {
  const known = FIGURE_FORMATS.find((candidate) => candidate === format);
  if (known !== undefined) return known;
  throw new UsageError(`format must be one of ${FIGURE_FORMATS.join(", ")}, found ${JSON.stringify(format)}`);
}

/** undefined: no range. */
function roundsOf(rounds: VideoOptions["rounds"]): Settings["rounds"] | undefined {
  if (rounds === undefined) return null;
  const [, from, dash, to] =
    typeof rounds === "string" ? (/^(\d{1,9})(?:(-)(\d{1,9})?)?$/.exec(rounds) ?? []) : [];
  const { first, last } =
    typeof rounds === "object"
      ? rounds
      : {
          first: Number(from),
          last: to !== undefined ? Number(to) : dash === undefined ? Number(from) : Number.POSITIVE_INFINITY,
        };
  return first >= 0 && last >= first ? { first, last } : undefined;
}
