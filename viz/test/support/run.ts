import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import { readExperiment } from "#src/read/read-experiment.js";
import { temporaryFolder } from "./temporary.js";

const CLI = join(__dirname, "..", "..", "..", "..", "dist", "cli", "main.js");

/** What a run of `fedkmeans` writes, read: of generated data of some shape, with some settings. */
export function runExperiment(
  test: TestContext,
  shape: readonly string[],
  settings: readonly string[],
): Experiment {
  const folder = temporaryFolder(test);
  const data = join(folder, "data");
  const run = (...words: string[]) =>
    execFileSync(process.execPath, [CLI, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  run("generate", "--output-dir", data, ...shape);
  const said = run("run", "--data", data, "--log-dir", join(folder, "logs"), "--json", ...settings);
  return readExperiment(JSON.parse(said).experiment_dir);
}
