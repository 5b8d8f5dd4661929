import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "#src/experiment/run.js";
import { readFacts } from "#src/report/page/facts.js";
import { stability } from "#src/report/page/sections/stability.js";
import { temporaryFolder } from "../../../support/temporary.js";

test("a run with resamples says which clusters to trust, by the numbers of its file; one without says nothing", async (context) => {
  const logDir = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species", logDir };
  const without = await run(settings);
  assert.equal(stability(readFacts(without.experimentDir)), null);
  const { experimentDir } = await run({ ...settings, stability: 6 });
  const facts = readFacts(experimentDir);
  const [verdict, table] = stability(facts)!.blocks;
  assert.ok(verdict.type === "paragraph" && table.type === "table");
  assert.deepEqual(
    table.data!.rows.map((row) => row[3]),
    facts.stability!.clusters.map(({ meanJaccard }) => meanJaccard),
  );
  for (const { length } of table.rows.map((row) => row[1].bar!.match(/<circle/g)!)) assert.equal(length, 6);
});
