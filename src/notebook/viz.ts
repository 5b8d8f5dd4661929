import { createRequire } from "node:module";
import { join } from "node:path";
import { RunError, UsageError } from "../errors.js";
import { directoryOf, type ExperimentLike } from "../experiment/open.js";
import { inCell } from "./output/in-cell.js";
import { withProgress } from "./output/progress.js";

/** A picture in memory; `display` shows it. */
export interface Picture {
  /** Tells it from other results. */
  readonly kind: "picture";
  /** A PNG file's bytes. */
  png: Uint8Array;
}

/** The same as shapes and texts, sharp at any size. */
export interface VectorPicture {
  /** Tells it from other results. */
  readonly kind: "picture";
  /** An SVG file's text. */
  svg: string;
}

/** A video on disk; `display` plays it below the cell. */
export interface Video {
  /** Tells it from other results. */
  readonly kind: "video";
  videoPath: string;
}

/** Options of all pictures. */
export interface PictureOptions {
  /** Only these clients have panels, e.g. ["Biscoe", "Dream"]. */
  clients?: readonly string[];
  /** A headline. */
  title?: string;
  /** What axes count in: the values clustered, or those before the run standardized them. */
  scale?: "clustered" | "original";
  /** Width and height in pixels, e.g. "1280x720"; default "1920x1080". */
  size?: string;
  theme?: "light" | "dark";
}

/** Options of `frame`. */
export interface FrameOptions extends PictureOptions {
  /** Which round; default: the last. 0 is the start. */
  round?: number;
  /** What the frame tells: the clients' rows and the global means, each client's local step, or the aggregation. */
  view?: "global" | "local" | "aggregation";
  /** Pixels or shapes; default "png". */
  format?: "png" | "svg";
}

/** Options of `poster`. */
export interface PosterOptions extends Pick<PictureOptions, "title" | "scale" | "theme"> {
  /** Shapes or pixels; default "svg". */
  format?: "svg" | "png";
  /** A file to write as well, whose extension says what it is: svg, pdf or png. */
  output?: string;
}

/** Options of `diagnostics`. */
export type DiagnosticsOptions = Omit<PosterOptions, "scale">;

/** Options of `video`. */
export interface VideoOptions extends PictureOptions {
  /** The file; its extension is the format: mp4, webm or gif. Default: `federated_kmeans.mp4` in the directory. */
  output?: string;
  /** Frames a second; default 2. */
  fps?: number;
  /** Length of the video; default: as long as its pictures need. */
  seconds?: number;
  /** Which pictures of a round; default: all three. */
  views?: readonly ("local" | "aggregation" | "global")[];
  /** Eased, staged motion at 30 frames a second. */
  smooth?: boolean;
  /** E.g. "0-10"; default: all. */
  rounds?: string;
}

/** What this uses of the package fedkmeans-viz, which is installed separately. */
interface Viz {
  renderSvg(svg: string): Promise<Uint8Array>;
  renderFrame(experimentDir: string, options: FrameOptions): Promise<Uint8Array>;
  renderPoster(experimentDir: string, options: Omit<PosterOptions, "output">): Promise<Uint8Array>;
  renderDiagnostics(experimentDir: string, options: Omit<DiagnosticsOptions, "output">): Promise<Uint8Array>;
  renderVideo(
    experimentDir: string,
    options: VideoOptions & { output: string },
    hooks: { signal: AbortSignal; onProgress(done: number, total: number): void },
  ): Promise<unknown>;
  visualize(
    experimentDir: string,
    options: PictureOptions & ({ poster: string } | { diagnostics: string }),
  ): Promise<unknown>;
}

/**
 * Draws one frame of a run's video. Needs the package fedkmeans-viz.
 *
 * @example await fk.display(await fk.frame(result, { round: 1, view: "aggregation" }));
 */
export function frame(
  experiment: ExperimentLike,
  options: FrameOptions & { format: "svg" },
): Promise<VectorPicture>;
export function frame(
  experiment: ExperimentLike,
  options?: FrameOptions & { format?: "png" },
): Promise<Picture>;
export function frame(
  experiment: ExperimentLike,
  options: FrameOptions = {},
): Promise<Picture | VectorPicture> {
  return inCell(async () =>
    pictureOf(await viz().renderFrame(directoryOf(experiment), options), options.format ?? "png"),
  );
}

/**
 * Draws a run on one page: paths of the global means, some rounds, clients by clusters, convergence, what each cluster is,
 * and a caption. Needs the package fedkmeans-viz.
 *
 * @example await fk.display(await fk.poster(result, { output: "run.pdf" }));
 */
export function poster(
  experiment: ExperimentLike,
  options: PosterOptions & { format: "png" },
): Promise<Picture>;
export function poster(
  experiment: ExperimentLike,
  options?: PosterOptions & { format?: "svg" },
): Promise<VectorPicture>;
export function poster(
  experiment: ExperimentLike,
  { output, format = "svg", ...look }: PosterOptions = {},
): Promise<Picture | VectorPicture> {
  return inCell(async () => {
    const directory = directoryOf(experiment);
    const { renderPoster, visualize } = viz();
    if (output !== undefined) await visualize(directory, { ...look, poster: output });
    return pictureOf(await renderPoster(directory, { ...look, format }), format);
  });
}

/**
 * Draws how good a clustering is, on one page: silhouettes by cluster and client, classes by cluster, and what principal
 * components explain; what of these the run recorded. Needs the package fedkmeans-viz.
 *
 * @example await fk.display(await fk.diagnostics(result));
 */
export function diagnostics(
  experiment: ExperimentLike,
  options: DiagnosticsOptions & { format: "png" },
): Promise<Picture>;
export function diagnostics(
  experiment: ExperimentLike,
  options?: DiagnosticsOptions & { format?: "svg" },
): Promise<VectorPicture>;
export function diagnostics(
  experiment: ExperimentLike,
  { output, format = "svg", ...look }: DiagnosticsOptions = {},
): Promise<Picture | VectorPicture> {
  return inCell(async () => {
    const directory = directoryOf(experiment);
    const { renderDiagnostics, visualize } = viz();
    if (output !== undefined) await visualize(directory, { ...look, diagnostics: output });
    return pictureOf(await renderDiagnostics(directory, { ...look, format }), format);
  });
}

function pictureOf(bytes: Uint8Array, format: "png" | "svg"): Picture | VectorPicture {
  if (format === "png") return { kind: "picture", png: bytes };
  return { kind: "picture", svg: Buffer.from(bytes).toString() };
}

/**
 * Makes a run's video. Needs the package fedkmeans-viz, and ffmpeg.
 *
 * @example await fk.display(await fk.video(result, { smooth: true }));
 */
export function video(experiment: ExperimentLike, options: VideoOptions = {}): Promise<Video> {
  return inCell(async (signal) => {
    const directory = directoryOf(experiment);
    const output = options.output ?? join(directory, "federated_kmeans.mp4");
    const { renderVideo } = viz();
    await withProgress("frames", (onProgress) =>
      renderVideo(directory, { ...options, output }, { signal, onProgress }),
    );
    return { kind: "video", videoPath: output };
  });
}

/** Whether the package fedkmeans-viz is there, which draws pixels. */
export function canDrawSvg(): boolean {
  return vizPath() !== null;
}

/** An SVG's pixels, two to each of its own, as a PNG file. Needs the package fedkmeans-viz. */
export function pixelsOf(svg: string): Promise<Uint8Array> {
  return viz().renderSvg(svg);
}

/** What finds packages from where a cell runs. */
function finder(): NodeJS.Require {
  return createRequire(join(process.cwd(), "notebook.js"));
}

function vizPath(): string | null {
  try {
    return finder().resolve("fedkmeans-viz", { paths: [process.cwd(), __dirname] });
  } catch {
    return null;
  }
}

function viz(): Viz {
  const path = vizPath();
  if (path === null) {
    throw new UsageError(
      "frames and videos need the package fedkmeans-viz: install its archive (docs/install.md)",
    );
  }
  // `import()` would not do: where the notebook's folder has no package.json, Deno would take it for an ES module.
  const { renderFrame, renderPoster, renderDiagnostics, renderVideo, renderSvg, visualize } = finder()(
    path,
  ) as Viz;
  const functions = { renderFrame, renderPoster, renderDiagnostics, renderVideo, renderSvg, visualize };
  if (Object.values(functions).some((one) => typeof one !== "function")) {
    throw new RunError(
      `${path} is not the fedkmeans-viz that this needs: install the archive of this version (docs/install.md)`,
    );
  }
  return functions;
}
