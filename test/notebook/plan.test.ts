import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";
import { PENGUIN_BOUNDS } from "../support/private-penguins.js";
import { temporaryFolder } from "../support/temporary.js";

test("a plan is of the settings of a run, its settings named as in a cell, and shown in a cell", async (t) => {
  const folder = temporaryFolder(t);
  const bounds = join(folder, "bounds.csv");
  writeFileSync(bounds, PENGUIN_BOUNDS);
  const data = await fk.load("data/penguins", { labelColumn: "species" });
  const settings = { data, kGlobal: 3, privacy: "dp", bounds, declaredRows: 340, logDir: folder } as const;
  const plan = await fk.plan({ ...settings, epsilon: 1 });
  // mu of epsilon 1 at delta 1e-6 by Balle & Wang's formula, bisected with the erfc of Python's math: 0.23670.
  const expected = (340 * 0.2367) / (Math.sqrt(3) * 3 * Math.sqrt(4));
  assert.ok(Math.abs(plan.signal / expected - 1) < 1e-4, String(plan.signal));
  const { text, html } = contentOf(plan) as { text: string; html: string };
  for (const shown of [text, html]) {
    assert.match(shown, /3 clients \(Biscoe, Dream, Torgersen\), 4 features, 3 clusters/);
    assert.match(shown, /round 6/);
    assert.match(shown, /flipper_length_mm/);
    assert.doesNotMatch(shown, /NaN|undefined|the setting/);
  }
  const hopeless = await fk.plan({ ...settings, epsilon: 0.1, kGlobal: 8 });
  assert.match(hopeless.notices.join("\n"), /noise .*; enough would be epsilon \d/);
  assert.match((contentOf(hopeless) as { html: string }).html, /enough would be epsilon \d/);
  assert.deepEqual(readdirSync(folder), ["bounds.csv"]);
  await assert.rejects(
    fk.plan({ data, kGlobal: 3 }),
    /^UsageError: privacy must be dp to be planned, found groups/,
  );
});
