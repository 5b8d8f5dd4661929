import { availableParallelism } from "node:os";
import { extname, resolve } from "node:path";
import { UsageError } from "fedkmeans/directory";
import { FIGURE_FORMATS, type FigureFormat } from "./draw/figure.js";
import { VIDEO_FORMATS, type VideoFormat } from "./encode/ffmpeg.js";
import { VIEWS, type View } from "./scene/frames/frame.js";
import { AXIS_SCALES, type AxisScale } from "./scene/stage/scale.js";

/** What draws a run in a browser. */
export const PAGE_FORMAT = "html";

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
  /** Only these clients have panels; as text "Biscoe,Dream". The server's means are of all all the same. */
  readonly clients?: readonly string[] | string;
  /** A headline. */
  readonly title?: string;
  /** What the axes count in: "clustered", the values that were clustered, or "original", those before the run standardized them. */
  readonly scale?: AxisScale;
}

export interface VideoOptions extends PictureOptions {
  /** The video's file, or a page's (.html); default federated_kmeans.mp4. */
  readonly output?: string;
  /** Of the output, by default its extension; with `framesOnly` also that of frame files, by default png. */
  readonly format?: VideoFormat | FigureFormat | typeof PAGE_FORMAT;
  /** Frames a second; default 2, with `smooth` 30. */
  readonly fps?: number;
  /** Round numbers, both included; as text "0-10", "3-" or "5". Default: all. */
  readonly rounds?: { readonly first: number; readonly last: number } | string;
  /** Which pictures of a round; as text "local,global". Default: all three. */
  readonly views?: readonly View[] | string;
  /** Length of the video; default: as many pictures need. */
  readonly seconds?: number;
  /** One scene in motion instead of still pictures. */
  readonly smooth?: boolean;
  /** Frame files and no video. */
  readonly framesOnly?: boolean;
  /** Keep no frame files. */
  readonly cleanup?: boolean;
  /** A file (.png, .svg or .pdf) for the whole run on one page; without `output` and `framesOnly` that alone is drawn. */
  readonly poster?: string;
  /** Likewise for a page of diagnostics: silhouettes, and what principal components explain. */
  readonly diagnostics?: string;
  /** Threads that draw; default: one a processor, but one less where ffmpeg needs it. */
  readonly workers?: number;
}

/** Complete and checked, as far as they can be without the experiment. */
export interface Settings extends Size, ChosenPicture {
  readonly output: string;
  readonly format: VideoFormat;
  readonly frameFormat: FigureFormat;
  readonly theme: "light" | "dark";
  /** With `seconds`, of motion only: pictures that stay have as many as they need. */
  readonly fps: number;
  readonly rounds: { readonly first: number; readonly last: number } | null;
  /** In the order of a round. */
  readonly views: readonly View[];
  readonly seconds: number | null;
  readonly smooth: boolean;
  readonly framesOnly: boolean;
  readonly cleanup: boolean;
  readonly workers: number;
  readonly poster: FigureFile | null;
  readonly diagnostics: FigureFile | null;
  /** Whether no video and no frames are asked for. */
  readonly arePagesOnly: boolean;
}

/** A file of one figure. */
export interface FigureFile {
  readonly path: string;
  readonly format: FigureFormat;
}

/** What `PictureOptions` say beside size and theme, with their defaults. */
export interface ChosenPicture {
  /** Names, or a text of them; null is all. */
  readonly clients: readonly string[] | string | null;
  readonly title: string | null;
  readonly scale: AxisScale;
}

/** Of a page, complete and checked. */
export interface PageSettings extends ChosenPicture {
  readonly format: typeof PAGE_FORMAT;
  readonly output: string;
  /** null: as the reader's system has it. */
  readonly theme: "light" | "dark" | null;
  readonly rounds: { readonly first: number; readonly last: number } | null;
}

/** What means something to a page. */
const OF_PAGES: readonly string[] = ["output", "format", "theme", "rounds", "clients", "title", "scale"];

/** What means something to figures, where nothing else is asked for. */
const OF_FIGURES: readonly string[] = ["poster", "diagnostics", "theme", "title", "scale"];

const DEFAULT_NAME = "federated_kmeans";
const DEFAULT_SIZE: Size = { width: 1920, height: 1080 };
/** In smaller ones no text can be read. The long side and the short one, whichever is the width. */
const SMALLEST = { long: 640, short: 360 };
const LARGEST = { long: 7680, short: 4320 };
/** A picture stays for ten seconds. */
export const LEAST_FPS = 0.1;
const MOST_FPS = 60;
/** GIF counts time in hundredths of a second, and players slow down what is shorter than two of them. */
const MOST_FPS_GIF = 50;
const MOST_WORKERS = 64;
const MOST_SECONDS = 3600;
/** A title stands on one line. */
const LONGEST_TITLE = 200;

/** Frames a second that players of a format show. */
export function mostFps(format: VideoFormat): number {
  return format === "gif" ? MOST_FPS_GIF : MOST_FPS;
}

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
    const outputs = [...VIDEO_FORMATS, PAGE_FORMAT].join(", ");
    throw refuse("format", `one of ${outputs}, or of frames ${FIGURE_FORMATS.join(", ")}`);
  }
  if (frameFormat !== undefined && !options.framesOnly) {
    throw new UsageError(`${nameOf("format")} ${frameFormat} is one of frames: add ${nameOf("framesOnly")}`);
  }
  const output = options.output ?? `${DEFAULT_NAME}.${videoFormat ?? "mp4"}`;
  const extension = extname(output).slice(1).toLowerCase();
  const format = VIDEO_FORMATS.find((candidate) => candidate === extension);
  if (format === undefined)
    throw refuse("output", `a file that ends in .${[...VIDEO_FORMATS, PAGE_FORMAT].join(", .")}`, output);
  if (videoFormat !== undefined && videoFormat !== format) {
    throw refuse("format", `the output's, ${format}`);
  }
  const { smooth = false, framesOnly = false, cleanup = false } = options;
  const theme = settleTheme(options.theme, nameOf("theme"));
  if (framesOnly && cleanup) {
    throw new UsageError(`${nameOf("framesOnly")} and ${nameOf("cleanup")} leave nothing: choose one`);
  }
  const fps = options.fps ?? (smooth ? 30 : 2);
  const most = framesOnly ? MOST_FPS : mostFps(format);
  if (!(fps >= LEAST_FPS && fps <= most)) {
    throw refuse("fps", `a number from ${LEAST_FPS} to ${most}${most === MOST_FPS ? "" : " for a GIF"}`);
  }
  const { views, seconds } = settleCourse(options, nameOf);
  const processors = Math.min(availableParallelism(), MOST_WORKERS);
  const workers = options.workers ?? (framesOnly ? processors : Math.max(1, processors - 1));
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    throw refuse("workers", `an integer from 1 to ${MOST_WORKERS}`);
  }
  const rounds = roundsOf(options.rounds);
  if (rounds === undefined) throw refuse("rounds", "a range such as 0-10, or one number");
  const pageOf = (option: "poster" | "diagnostics") => {
    const page = figureFileOf(options[option]);
    if (page === undefined) throw refuse(option, `a file that ends in .${FIGURE_FORMATS.join(", .")}`);
    return page;
  };
  const [poster, diagnostics] = [pageOf("poster"), pageOf("diagnostics")];
  if (poster !== null && diagnostics !== null && resolve(poster.path) === resolve(diagnostics.path)) {
    throw new UsageError(`${nameOf("poster")} and ${nameOf("diagnostics")} are one file: name two`);
  }
  const hasPages = poster !== null || diagnostics !== null;
  const arePagesOnly = hasPages && options.output === undefined && !framesOnly;
  const strange = givenOf(options).find((key) => !OF_FIGURES.includes(key));
  if (arePagesOnly && strange !== undefined) {
    const figure = nameOf(poster !== null ? "poster" : "diagnostics");
    throw new UsageError(
      `${nameOf(strange)} means nothing to ${figure}: leave it out, or name a video by ${nameOf("output")}`,
    );
  }
  return {
    ...settleSize(options.size, nameOf("size")),
    ...settlePicture(options, nameOf),
    output,
    format,
    frameFormat: frameFormat ?? "png",
    theme,
    fps,
    rounds,
    views,
    seconds,
    smooth,
    framesOnly,
    cleanup,
    workers,
    poster,
    diagnostics,
    arePagesOnly,
  };
}

/** The options that were given a value, in their order. */
function givenOf(options: VideoOptions): (keyof VideoOptions)[] {
  return (Object.keys(options) as (keyof VideoOptions)[]).filter((key) => options[key] !== undefined);
}

/** undefined: no such file. */
function figureFileOf(path: string | undefined): FigureFile | null | undefined {
  if (path === undefined) return null;
  const extension = typeof path === "string" ? extname(path).slice(1).toLowerCase() : "";
  const format = FIGURE_FORMATS.find((candidate) => candidate === extension);
  return format && { path, format };
}

/** @throws UsageError naming the option */
export function settleTheme(theme: string = "light", name = "theme"): "light" | "dark" {
  if (theme === "light" || theme === "dark") return theme;
  throw new UsageError(`${name} must be light or dark, found ${JSON.stringify(theme)}`);
}

/**
 * Which still pictures there are, and how long the video is.
 *
 * @throws UsageError naming the option
 */
function settleCourse(
  options: VideoOptions,
  nameOf: (option: keyof VideoOptions) => string,
): Pick<Settings, "views" | "seconds"> {
  const { seconds = null, smooth = false } = options;
  if (seconds !== null && !(seconds > 0 && seconds <= MOST_SECONDS)) {
    const expected = `a number above 0, up to ${MOST_SECONDS}`;
    throw new UsageError(`${nameOf("seconds")} must be ${expected}, found ${JSON.stringify(seconds)}`);
  }
  const views = viewsOf(options.views);
  if (views === null) {
    const found = JSON.stringify(options.views);
    throw new UsageError(`${nameOf("views")} must be of ${VIEWS.join(", ")}, found ${found}`);
  }
  const chooseOne = (first: keyof VideoOptions, why: string, second: keyof VideoOptions) =>
    new UsageError(`${nameOf(first)} ${why} ${nameOf(second)}: choose one`);
  if (smooth && options.views !== undefined)
    throw chooseOne("views", "is of still pictures, not of", "smooth");
  // Of motion, the pace follows, whatever the frames a second are.
  if (seconds === null || smooth) return { views, seconds };
  if (options.fps !== undefined)
    throw chooseOne("seconds", "says how long pictures stay, and so does", "fps");
  if (options.framesOnly) throw chooseOne("seconds", "is of a video, and there is none with", "framesOnly");
  return { views, seconds };
}

/** @throws UsageError naming the option */
export function settlePicture(
  options: PictureOptions,
  nameOf: (option: keyof PictureOptions) => string = (option) => option,
): ChosenPicture {
  const { clients = null, title = null, scale = "clustered" } = options;
  const refuse = (option: keyof PictureOptions, expected: string) =>
    new UsageError(`${nameOf(option)} must be ${expected}, found ${JSON.stringify(options[option])}`);
  const isText = (value: unknown) => typeof value === "string";
  if (clients !== null && !(isText(clients) || (Array.isArray(clients) && clients.every(isText)))) {
    throw refuse("clients", "names of clients");
  }
  // A line break or another control character would be drawn as a box.
  if (
    title !== null &&
    !(isText(title) && title.length <= LONGEST_TITLE && /^[^\p{Cc}]*\S[^\p{Cc}]*$/u.test(title))
  ) {
    throw refuse("title", `a line of at most ${LONGEST_TITLE} characters`);
  }
  if (!AXIS_SCALES.includes(scale)) throw refuse("scale", AXIS_SCALES.join(" or "));
  return { clients, title, scale };
}

/**
 * Likewise of a page, if one is asked for.
 *
 * @returns null where it is not
 * @throws UsageError as `settle`, and for an option that means nothing to a page
 */
export function settlePage(
  options: VideoOptions,
  nameOf: (option: keyof VideoOptions) => string = (option) => option,
): PageSettings | null {
  const { format, output = `${DEFAULT_NAME}.${format}` } = options;
  if (extname(output).toLowerCase() !== `.${PAGE_FORMAT}`) return null;
  const refuse = (option: keyof VideoOptions, expected: string) =>
    new UsageError(`${nameOf(option)} must be ${expected}, found ${JSON.stringify(options[option])}`);
  if (format !== undefined && format !== PAGE_FORMAT) throw refuse("format", `the output's, ${PAGE_FORMAT}`);
  const strange = givenOf(options).find((key) => !OF_PAGES.includes(key));
  if (strange !== undefined) throw new UsageError(`${nameOf(strange)} means nothing to a page: leave it out`);
  const { theme = null } = options;
  if (theme !== null && theme !== "light" && theme !== "dark") throw refuse("theme", "light or dark");
  const rounds = roundsOf(options.rounds);
  if (rounds === undefined) throw refuse("rounds", "a range such as 0-10, or one number");
  return { ...settlePicture(options, nameOf), format: PAGE_FORMAT, output, theme, rounds };
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

/** In the order of a round; null: no views. */
function viewsOf(views: VideoOptions["views"]): readonly View[] | null {
  if (views === undefined) return VIEWS;
  const asked: readonly unknown[] =
    typeof views === "string" ? views.split(",").map((view) => view.trim()) : views;
  if (!Array.isArray(asked)) return null;
  const isEach = asked.every((view) => VIEWS.some((known) => known === view));
  return asked.length > 0 && isEach ? VIEWS.filter((view) => asked.includes(view)) : null;
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
