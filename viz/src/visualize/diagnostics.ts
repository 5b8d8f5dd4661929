import { RunError } from "fedkmeans/directory";
import { drawFigure, type FigureFormat } from "../draw/figure.js";
import {
  type PictureOptions,
  type Settings,
  settleFigureFormat,
  settlePicture,
  settleTheme,
} from "../options.js";
import type { Experiment } from "../read/experiment.js";
import { readExperiment } from "../read/read-experiment.js";
import { diagnosticsOf, PAGE as FULL_PAGE } from "../scene/diagnostics/diagnostics.js";
import { PAGE_PIXELS, writeFigure } from "./figure-file.js";

/** How a page of diagnostics looks. */
export interface DiagnosticsOptions extends Pick<PictureOptions, "theme" | "title"> {
  /** Default "png"; vectors fit on a sheet of A4. */
  readonly format?: FigureFormat;
}

/**
 * Draws how good a clustering is on one page: silhouettes by cluster and by client, and how much each principal component
 * explains; what of these the directory has.
 *
 * @example
 * writeFileSync("diagnostics.svg", await renderDiagnostics("logs/experiment_20251107_160054", { format: "svg" }));
 *
 * @returns a file's bytes; the same directory and options give the same
 * @throws UsageError for a wrong option; RunError if the directory cannot be drawn, or has nothing that is needed
 */
export async function renderDiagnostics(
  experimentDir: string,
  options: DiagnosticsOptions = {},
): Promise<Buffer> {
  const format = settleFigureFormat(options.format);
  const { title } = settlePicture(options);
  return drawDiagnostics(readExperiment(experimentDir), format, { title, theme: settleTheme(options.theme) });
}

/**
 * Writes a file with the page, whole or not at all.
 *
 * @throws RunError naming the file if it cannot be written; as `renderDiagnostics`
 */
export function writeDiagnostics(
  experimentDir: string,
  experiment: Experiment,
  { path, format }: NonNullable<Settings["diagnostics"]>,
  look: Pick<Settings, "theme" | "title">,
): void {
  writeFigure(experimentDir, path, () => drawDiagnostics(experiment, format, look));
}

function drawDiagnostics(
  experiment: Experiment,
  format: FigureFormat,
  look: Pick<Settings, "theme" | "title">,
): Buffer {
  const page = diagnosticsOf(experiment, look);
  if (page === null) {
    throw new RunError(
      `${experiment.directory}: no diagnostics: it has no rows or groups in two clusters or more, and no principal components`,
    );
  }
  // A page without silhouettes is smaller.
  const scale = PAGE_PIXELS.width / FULL_PAGE.width;
  const size = { width: Math.round(page.scene.width * scale), height: Math.round(page.scene.height * scale) };
  return drawFigure(page.scene, format, size, page);
}
