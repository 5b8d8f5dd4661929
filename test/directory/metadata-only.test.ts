import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open } from "#src/experiment/open.js";
import { run } from "#src/experiment/run.js";
import { centroids } from "#src/notebook/tables/centroids.js";
import { history } from "#src/notebook/tables/history.js";
import { localClusters } from "#src/notebook/tables/local-clusters.js";
import { messages } from "#src/notebook/tables/messages.js";
import { filesOf } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

test("tables of what metadata say are the same where every array of the rounds is gone", async (context) => {
  const { experimentDir } = await run({
    data: "data/penguins",
    labelColumn: "species",
    carrier: "inline",
    privacy: "threshold",
    privacyThreshold: 30,
    maxIterations: 2,
    logDir: temporaryFolder(context),
  });
  const tables = () => [history, localClusters, messages, centroids].map((table) => table(experimentDir));
  const before = tables();
  assert.ok(before.every((rows) => rows.length > 0));
  const { rounds } = open(experimentDir);
  assert.deepEqual(
    history(experimentDir).map(({ round, convergenceChange, inertia }) => [
      round,
      convergenceChange,
      inertia,
    ]),
    rounds.map(({ round, convergenceChange, inertia }) => [round, convergenceChange, inertia]),
  );
  for (const file of filesOf(experimentDir)) {
    if (/^(global|local)_means.*\.npy$/.test(file)) rmSync(join(experimentDir, file));
  }
  assert.deepEqual(tables(), before);
  assert.throws(() => open(experimentDir), /global_means.npy: no such file$/);
});
