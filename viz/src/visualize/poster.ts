import { drawFigure, type FigureFormat } from "../draw/figure.js";
import { checkScale } from "../options/chosen.js";
import {
  type PictureOptions,
  type Settings,
  settleFigureFormat,
  settlePicture,
  settleTheme,
} from "../options.js";
import type { Experiment } from "../read/experiment.js";
import { readProfile } from "../read/profile.js";
import { readExperiment } from "../read/read-experiment.js";
import { posterOf } from "../scene/poster/poster.js";
import { PAGE_PIXELS, writeFigure } from "./figure-file.js";

/** How a poster looks. */
export interface PosterOptions extends Pick<PictureOptions, "theme" | "title" | "scale"> {
  /** Default "png"; vectors fit on a sheet of A4. */
  readonly format?: FigureFormat;
}

/**
 * Draws a run on one page: paths of the global means, its most telling rounds, clients by clusters, convergence, what each
 * cluster is, and a caption.
 *
 * @example
 * writeFileSync("run.pdf", await renderPoster("logs/experiment_20251107_160054", { format: "pdf" }));
 *
 * @returns a file's bytes; the same directory and options give the same
 * @throws UsageError for a wrong option; RunError if the directory cannot be drawn
 */
export async function renderPoster(experimentDir: string, options: PosterOptions = {}): Promise<Buffer> {
  const format = settleFigureFormat(options.format);
  const look = { ...settlePicture(options), theme: settleTheme(options.theme) };
  const experiment = readExperiment(experimentDir);
  checkScale(experiment, look);
  return drawPoster(experimentDir, experiment, format, look);
}

/**
 * Writes a poster's file, whole or not at all.
 *
 * @throws RunError naming the file if it cannot be written, before anything is drawn
 */
export function writePoster(
  experimentDir: string,
  experiment: Experiment,
  { path, format }: NonNullable<Settings["poster"]>,
  settings: Pick<Settings, "theme" | "title" | "scale">,
): void {
  writeFigure(experimentDir, path, () => drawPoster(experimentDir, experiment, format, settings));
}

function drawPoster(
  experimentDir: string,
  experiment: Experiment,
  format: FigureFormat,
  look: Pick<Settings, "theme" | "title" | "scale">,
): Buffer {
  const poster = posterOf(experiment, readProfile(experimentDir, experiment), look);
  return drawFigure(poster.scene, format, PAGE_PIXELS, poster);
}
