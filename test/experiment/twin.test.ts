import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "#src/experiment/run.js";
import { temporaryFolder } from "../support/temporary.js";

const penguins = { data: "data/penguins", labelColumn: "species", carrier: "inline" } as const;

test("exact federated Lloyd costs nothing against its twin from the same start", async (test) => {
  const logDir = temporaryFolder(test);
  const settings = {
    ...penguins,
    logDir,
    algorithm: "lloyd",
    privacyThreshold: 0,
    tolerance: 0,
    twin: true,
  } as const;
  const { twin, metrics, experimentDir } = await run(settings);
  assert.ok(Math.abs(twin!.same_start.inertia_excess!) < 1e-12, String(twin!.same_start.inertia_excess));
  assert.equal(twin!.same_start.adjusted_rand_index_difference, 0);
  assert.ok(twin!.best_start.inertia <= metrics.inertia * (1 + 1e-12));
  const written = JSON.parse(readFileSync(join(experimentDir, "twin.json"), "utf8"));
  assert.deepEqual(written.best_start, twin!.best_start);
});

test("a run without a twin pools nothing and says nothing of one", async (test) => {
  const { twin, experimentDir } = await run({ ...penguins, logDir: temporaryFolder(test) });
  assert.equal(twin, null);
  assert.ok(!existsSync(join(experimentDir, "twin.json")));
});
