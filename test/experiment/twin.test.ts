import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { renameFields, snakeCase } from "#src/casing.js";
import { run } from "#src/experiment/run.js";
import { temporaryFolder } from "../support/temporary.js";

const penguins = { data: "data/penguins", labelColumn: "species", carrier: "inline" } as const;

test("exact federated Lloyd costs nothing against its twin from the same start", async (test) => {
  const logDir = temporaryFolder(test);
  const settings = {
    ...penguins,
    logDir,
    algorithm: "lloyd",
    groupSize: 1,
    tolerance: 0,
    twin: true,
  } as const;
  const { twin, metrics, experimentDir } = await run(settings);
  assert.ok(Math.abs(twin!.sameStart.inertiaExcess!) < 1e-12, String(twin!.sameStart.inertiaExcess));
  assert.equal(twin!.sameStart.adjustedRandIndexDifference, 0);
  assert.ok(twin!.bestStart.inertia <= metrics.inertia * (1 + 1e-12));
  const written = JSON.parse(readFileSync(join(experimentDir, "twin.json"), "utf8"));
  assert.deepEqual(written.best_start, renameFields(twin!.bestStart, snakeCase));
});

test("a run without a twin pools nothing and says nothing of one", async (test) => {
  const { twin, experimentDir } = await run({ ...penguins, logDir: temporaryFolder(test) });
  assert.equal(twin, null);
  assert.ok(!existsSync(join(experimentDir, "twin.json")));
});
