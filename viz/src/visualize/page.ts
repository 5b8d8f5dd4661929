import { UsageError } from "fedkmeans/directory";
import { checkRounds, checkScale, chosenClients } from "../options/chosen.js";
import { PAGE_FORMAT, type PageSettings, settlePage, type VideoOptions } from "../options.js";
import { pageOf } from "../page/page.js";
import { readExperiment } from "../read/read-experiment.js";
import { writeFigure } from "./figure-file.js";

/** How a page looks, and where it goes. */
export type PageOptions = Pick<VideoOptions, "output" | "theme" | "rounds" | "clients" | "title" | "scale">;

/**
 * Makes a page that draws the run in a browser: one file, which needs nothing else.
 *
 * @param options `output` is by default federated_kmeans.html
 * @returns its path
 * @throws UsageError for a wrong option; RunError if the directory cannot be drawn or the file not be written
 */
export async function renderPage(experimentDir: string, options: PageOptions = {}): Promise<string> {
  const settings = settlePage({ ...options, format: PAGE_FORMAT });
  if (settings === null) {
    throw new UsageError(`output must be a file that ends in .html, found ${JSON.stringify(options.output)}`);
  }
  writePage(experimentDir, settings);
  return settings.output;
}

/**
 * Writes a page's file, whole or not at all.
 *
 * @returns what the user should know
 * @throws RunError naming the file if it cannot be written, before anything is read
 */
export function writePage(experimentDir: string, settings: PageSettings): readonly string[] {
  const { output, theme, rounds, title, scale } = settings;
  let notes: readonly string[] = [];
  writeFigure(experimentDir, output, () => {
    const experiment = readExperiment(experimentDir);
    checkRounds(settings, experiment);
    checkScale(experiment, settings);
    const clients = chosenClients(experiment, settings.clients);
    notes = experiment.problems;
    return Buffer.from(pageOf(experiment, { theme, rounds, title, clients, scale }));
  });
  return notes;
}
