import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { RunError } from "../errors.js";
import { isTemporary } from "../files/leftovers.js";
import { listFiles } from "./directory-files.js";
import { readJsonObject, required, TEXT } from "./json-object.js";
import { type Layout, layoutOf, SCHEMA_VERSION } from "./layout.js";

/** Says of a client's own folder of a run whose and which it is. */
export const CLIENT_FILE = "client.json";

/** What a client on another machine keeps of a run, where an experiment directory has it. */
export interface ClientFolder {
  readonly folder: string;
  readonly client: string;
  readonly layout: Layout;
  /** What it holds, by path relative to it, as the manifest of an experiment directory writes paths. */
  readonly records: readonly string[];
}

/**
 * Looks into a client's own folder of a run.
 *
 * @param path the folder, or the one that has it under the run's name
 * @throws RunError if it is none, one of another run, or holds records of another client
 */
export function readClientFolder(path: string, run: string): ClientFolder {
  const folder = existsSync(join(path, CLIENT_FILE)) ? path : join(path, run);
  const file = join(folder, CLIENT_FILE);
  if (!existsSync(file))
    throw new RunError(`${path}: no client's folder of the run ${run}: no ${CLIENT_FILE}`);
  const fields = readJsonObject(file);
  if (!fields.isOurs)
    throw new RunError(`${file}: schema_version: ${SCHEMA_VERSION} expected, found nothing`);
  const found = required(fields, "run", TEXT);
  if (found !== run) throw new RunError(`${file}: run: ${run} expected, found ${found}`);
  const client = required(fields, "client", TEXT);
  const layout = layoutOf(folder);
  return { folder, client, layout, records: recordsIn(layout, client) };
}

function recordsIn(layout: Layout, client: string): string[] {
  const { directory } = layout;
  const known = [
    layout.clientLog(client),
    layout.clientLedger(client),
    layout.clientPoints(client),
    layout.clientWeights(client),
    layout.clientData(client),
    layout.clientLabels(client),
  ].map((path) => relative(directory, path).replaceAll(sep, "/"));
  const { plain, other } = listFiles(directory);
  const folders = new Set(known.map((path) => path.split("/")[0]));
  const isOfFolders = (path: string) => folders.has(path.split("/")[0]) && !isTemporary(path);
  const stranger = [...other, ...plain.filter((path) => !known.includes(path))].find(isOfFolders);
  if (stranger !== undefined) {
    throw new RunError(`${join(directory, stranger)}: no record of client ${client}, whose folder this is`);
  }
  return known.filter((path) => plain.includes(path));
}
