import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { TestContext } from "node:test";
import type { BlobsOptions } from "#src/data/generators/generate-blobs.js";
import { generateInto } from "#src/data/generators/schemes.js";
import { temporaryFolder } from "./temporary.js";

/** A folder of generated partitions, three clients of 40 rows unless told otherwise. */
export async function generatedFolder(
  context: TestContext,
  given: Partial<BlobsOptions> = {},
): Promise<string> {
  const folder = temporaryFolder(context);
  await generateInto(folder, "blobs", { numClients: 3, samplesPerClient: 40, ...given });
  return folder;
}

/** Paths of all files in a folder, relative to it, in order. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** A JSON file of an experiment directory. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the file holds
export function json(directory: string, ...path: string[]): any {
  return JSON.parse(readFileSync(join(directory, ...path), "utf8"));
}

/**
 * Everything an experiment directory promises to be the same for any way of executing it: each .npy and each
 * JSON file, to the byte, but for the summary's account of how the run was made. Logs, ledgers and that account hold
 * times, so that what they are in is left out of the manifest.
 */
export function promisedBytes(directory: string): Record<string, string> {
  const files = filesOf(directory).filter((file) => /\.(npy|json)$/.test(file));
  return Object.fromEntries(
    files.map((file) => {
      const encoding = file.endsWith(".json") ? "utf8" : "base64";
      const contents = readFileSync(join(directory, file), encoding);
      if (file === "manifest.json") return [file, contents.replaceAll(HELD_TIMES, "")];
      return [file, file === SUMMARY ? withoutProvenance(contents) : contents];
    }),
  );
}

const SUMMARY = "experiment_summary.json";
/** Lines of a manifest that are of files which hold times. */
const HELD_TIMES = /^ *"(?:.*\.(?:log|jsonl)|experiment_summary\.json)": .*\n/gm;

/** The text of a summary, but for when, where and by what the run was made. */
function withoutProvenance(text: string): string {
  const { started, resumed, finished, command, working_directory, environment, ...summary } =
    JSON.parse(text);
  return JSON.stringify(summary, null, 2);
}

/** The only experiment directory in a log directory. */
export function onlyDirectory(logDir: string): string {
  const [name, ...more] = readdirSync(logDir);
  if (name === undefined || more.length > 0)
    throw new Error(`${logDir} holds ${1 + more.length} directories`);
  return join(logDir, name);
}
