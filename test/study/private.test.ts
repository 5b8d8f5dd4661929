import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { UsageError } from "#src/errors.js";
import { run } from "#src/experiment/run.js";
import { chooseK } from "#src/study/choose-k.js";
import { sweep } from "#src/study/sweep.js";
import { PENGUIN_BOUNDS } from "../support/private-penguins.js";
import { temporaryFolder } from "../support/temporary.js";

/* Studies under differential privacy. */

function penguins(folder: string) {
  const bounds = join(folder, "bounds.csv");
  writeFileSync(bounds, PENGUIN_BOUNDS);
  const privately = { privacy: "dp", bounds, declaredRows: 340 } as const;
  return { data: "data/penguins", labelColumn: "species", kGlobal: 3, ...privately } as const;
}

test("each run of a sweep has noise of its own and a whole budget, and is scored on the rows", async (t) => {
  const settings = penguins(temporaryFolder(t));
  const options = { seeds: [1, 2], threads: 1 };
  const once = await sweep(settings, { epsilon: [4, 8] }, options);
  const again = await sweep(settings, { epsilon: [4, 8] }, options);
  const inertias = [...once.runs, ...again.runs].map(({ error, inertia }) => {
    assert.equal(error, null);
    return Number(inertia);
  });
  assert.equal(new Set(inertias).size, inertias.length);
  assert.match(once.notices.join("\n"), /noise protects none of them; each run draws its own/);
});

test("pooled k-means is of the rows in the same box as the runs beside it", async (t) => {
  const folder = temporaryFolder(t);
  const settings = { ...penguins(folder), epsilon: 4 };
  const study = await sweep(settings, { algorithm: ["central", "dp-lloyd"] }, { seeds: [0], threads: 1 });
  const [pooled, noisy] = study.runs.map(({ inertia }) => Number(inertia));
  const { twin } = await run({ ...settings, twin: true, carrier: "inline", logDir: folder });
  const ofTwin = twin!.bestStart.inertia;
  assert.ok(Math.abs(pooled / ofTwin - 1) < 1e-6, `${pooled} and ${ofTwin}`);
  // The least that there is, but for luck of ten starts.
  assert.ok(noisy > 0.999 * pooled, `${noisy} and ${pooled}`);
});

test("a choice of k under differential privacy is refused", async (t) => {
  const settings = { ...penguins(temporaryFolder(t)), epsilon: 1 };
  await assert.rejects(
    chooseK(settings, { kValues: [2, 3], seeds: 2, threads: 1 }),
    new UsageError(
      "the setting\u00a0privacy must be groups or threshold to choose k, found dp: each k that is tried would have to be paid for",
    ),
  );
});
