import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.js";

/** A file, or true for one in the experiment directory; false is no video. */
export type VideoSetting = string | boolean;

interface MadeVideo {
  /** null where none was made. */
  readonly path: string | null;
  /** Why none was made, in one line. */
  readonly problem: string | null;
}

const PACKAGE = "fedkmeans-viz";
const DEFAULT_NAME = "federated_kmeans.mp4";

/**
 * Checks the setting `video`.
 *
 * @param source what to call it in an error, e.g. "--video"
 * @throws UsageError naming the setting, what was expected and what was found
 */
export function checkVideo(value: unknown, source: string): VideoSetting {
  if (typeof value === "boolean" || (typeof value === "string" && /.\.(mp4|webm|gif)$/i.test(value)))
    return value;
  throw new UsageError(
    `${source} must be true, false or a file that ends in .mp4, .webm or .gif, found ${JSON.stringify(value)}`,
  );
}

/**
 * Turns a fresh experiment directory into a video with the command `visualize` of the package fedkmeans-viz, which
 * knows nothing of the run but its directory. A run is done whether or not there is a video of it: what goes wrong is
 * told, not thrown.
 *
 * @param quiet show no progress
 * @throws the signal's reason if it is aborted
 */
export async function makeVideo(
  experimentDir: string,
  setting: string | true,
  quiet: boolean,
  signal: AbortSignal,
): Promise<MadeVideo> {
  const program = findVisualize();
  if (program === null) {
    return {
      path: null,
      problem: `no video: the package ${PACKAGE} is not installed: install its archive (docs/install.md)`,
    };
  }
  const path = setting === true ? join(experimentDir, DEFAULT_NAME) : setting;
  const options = ["--experiment-dir", experimentDir, "--output", path, "--cleanup"];
  const { succeeded, said } = await runProgram(program, options, quiet, signal);
  if (succeeded) return { path, problem: null };
  return { path: null, problem: `no video: ${said === "" ? "visualize failed, see above" : said}` };
}

function findVisualize(): string | null {
  try {
    const manifest = require.resolve(`${PACKAGE}/package.json`, { paths: [__dirname, process.cwd()] });
    return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.visualize);
  } catch {
    return null;
  }
}

/** @returns `said`: its last line of complaint, where it was not shown already */
function runProgram(
  program: string,
  options: readonly string[],
  quiet: boolean,
  signal: AbortSignal,
): Promise<{ succeeded: boolean; said: string }> {
  const runtime = "Deno" in globalThis ? ["run", "--allow-all"] : [];
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(process.execPath, [...runtime, program, ...options], {
      stdio: ["ignore", "ignore", quiet ? "pipe" : "inherit"],
    });
    const stop = () => child.kill("SIGTERM");
    signal.addEventListener("abort", stop);
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("error", (error) => resolve({ succeeded: false, said: error.message }));
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(signal.reason);
      else resolve({ succeeded: code === 0, said: text.trimEnd().split("\n").at(-1) ?? "" });
    });
  });
}
