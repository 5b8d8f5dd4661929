import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { verify } from "#src/directory/verify.js";
import { fedkmeans } from "../command.js";
import { onlyDirectory } from "../experiment.js";
import { temporaryFolder } from "../temporary.js";
import { PENGUINS } from "./deployment.js";
import { FlowerHome, type FlowerRun } from "./home.js";
import { skipWithoutFlower } from "./installed.js";

/**
 * A test in a home of its own, which ends all that it has started, and shows what that printed should it fail. Skipped
 * where the version of Flower is not installed.
 */
export function withFlower(
  version: string,
  body: (home: FlowerHome, context: TestContext) => Promise<void>,
): (context: TestContext) => Promise<void> {
  return async (context) => {
    const why = skipWithoutFlower(version);
    if (why !== false) return context.skip(why);
    const home = new FlowerHome(version, temporaryFolder(context));
    try {
      await body(home, context);
    } catch (error) {
      console.error(home.words());
      throw error;
    } finally {
      await home.end();
    }
  };
}

/** The experiment directory of the only run whose server began to write one: beside where its SuperLink was started. */
export function serverDirectory(home: FlowerHome): string {
  return onlyDirectory(join(home.folder, "logs"));
}

/** Fails unless a run of the penguins has completed, with the run hash of the same run on one machine; gives it back. */
export async function assertSameAsHere(
  home: FlowerHome,
  { status, details, output }: FlowerRun,
  options: readonly string[] = [],
): Promise<string> {
  assert.equal(status, "finished:completed", `${details}\n${output}`);
  const logDir = join(home.folder, "here");
  const settings = ["--data", PENGUINS, "--label-column", "species", "--log-dir", logDir, ...options];
  const here = fedkmeans(["run", ...settings]);
  assert.equal(here.status, 0, here.stderr);
  const { runHash } = await verify(onlyDirectory(logDir));
  const found = await verify(serverDirectory(home));
  assert.deepEqual([found.status, found.runHash], ["completed", runHash]);
  return runHash;
}
