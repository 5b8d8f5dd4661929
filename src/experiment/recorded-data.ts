import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { type LoggedSummary, readSummary } from "../directory/read-summary.js";
import { RunError, theSetting } from "../errors.js";

/**
 * Where a path that a run recorded is: what is relative was so to the run's folder, and where nothing is there any more,
 * as of a project that was moved as a whole, it is taken for relative to this process's.
 */
function placeOf(path: string, { provenance }: Pick<LoggedSummary, "provenance">): string {
  const folder = provenance.working_directory;
  if (folder === null || folder === process.cwd() || isAbsolute(path)) return path;
  const place = resolve(folder, path);
  return existsSync(place) || !existsSync(path) ? place : path;
}

/**
 * The data of a run, wherever this process is.
 *
 * @returns null where the rows were in a program's memory, or the directory, another program's, does not say
 * @throws RunError if nothing is there any more
 */
export function recordedData(
  directory: string,
  summary: Pick<LoggedSummary, "configuration" | "provenance">,
): string | null {
  const { data } = summary.configuration;
  if (typeof data !== "string") return null;
  const place = placeOf(data, summary);
  if (existsSync(place)) return place;
  throw new RunError(
    `${directory}: its data, ${place}, are not there any more: say where they are with ${theSetting("data")}`,
  );
}

/**
 * The same, for whoever can do nothing without.
 *
 * @throws RunError if there are none to read
 */
export function dataOfRun(directory: string): string {
  const summary = readSummary(directory);
  const path = recordedData(directory, summary);
  if (path !== null) return path;
  const isOfMemory = summary.configuration.data === null;
  const why = isOfMemory ? "its rows were in memory" : "it does not say where its rows are";
  throw new RunError(`${directory}: ${why}; give them as ${theSetting("data")}`);
}

/** How a run began: the setting, whose file is found wherever this process is. */
export function recordedStart(
  summary: Pick<LoggedSummary, "configuration" | "provenance">,
): { start: string } | null {
  const { start } = summary.configuration;
  return typeof start === "string" && start.endsWith(".npy") ? { start: placeOf(start, summary) } : null;
}
