import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { generateInto } from "#src/data/generators/schemes.js";
import { writeNpy } from "#src/directory/npy.js";
import { resume, run } from "#src/experiment/run.js";
import { assignments } from "#src/notebook/tables/rows.js";
import { json, onlyDirectory } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const SETTINGS = { data: "rows", start: "start.npy", logDir: "logs", kGlobal: 2, carrier: "inline" } as const;

/** A folder with rows and a start, in which this process then is; and a notebook's folder in it. */
async function project(context: TestContext): Promise<{ home: string; notebooks: string }> {
  const before = process.cwd();
  const home = temporaryFolder(context);
  const notebooks = join(home, "notebooks");
  mkdirSync(notebooks);
  await generateInto(join(home, "rows"), "blobs", { numClients: 2, samplesPerClient: 30 });
  writeFileSync(join(home, "start.npy"), writeNpy({ data: Float64Array.of(0, 0, 1, 1), shape: [2, 2] }));
  process.chdir(home);
  context.after(() => process.chdir(before));
  return { home, notebooks };
}

test("rows are read again from wherever a program is", async (context) => {
  const { notebooks } = await project(context);
  const { experimentDir } = await run(SETTINGS);
  const here = await assignments(experimentDir);
  process.chdir(notebooks);
  assert.equal(here.length, 60);
  assert.deepEqual(await assignments(join("..", experimentDir)), here);
});

test("a run is resumed from wherever a program is, and says where its data are from there", async (context) => {
  const { home, notebooks } = await project(context);
  const whole = await run({ ...SETTINGS, logDir: "whole" });
  const controller = new AbortController();
  const onEvent = () => controller.abort(new Error("enough"));
  await assert.rejects(run(SETTINGS, { signal: controller.signal, onEvent }));
  process.chdir(notebooks);
  const directory = onlyDirectory(join("..", "logs"));
  assert.equal((await resume(directory)).runHash, whole.runHash);
  const { configuration, working_directory } = json(directory, "experiment_summary.json");
  assert.deepEqual([working_directory, configuration.data], [process.cwd(), join(home, "rows")]);
  assert.equal((await assignments(directory)).length, 60);
});
