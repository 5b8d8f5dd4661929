import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readConfigurationFile } from "#src/cli/configuration-file.js";
import { run } from "#src/experiment/run.js";
import type { Block } from "#src/report/page/document.js";
import { readFacts } from "#src/report/page/facts.js";
import { configuration } from "#src/report/page/sections/configuration.js";
import { penguinRun, tablesOf } from "../../../support/report.js";
import { temporaryFolder } from "../../../support/temporary.js";

function fileIn(blocks: readonly Block[]): string {
  const found = blocks.flatMap((block) =>
    block.type === "code" ? [block.text] : block.type === "details" ? [fileIn(block.blocks)] : [],
  );
  assert.equal(found.length, 1);
  return found[0];
}

for (const settings of [
  { kGlobal: 4, randomState: 3, dropColumns: ["body_mass_g"] },
  { privacy: "threshold", privacyThreshold: 3, start: "random", tolerance: 1e-7 },
  { groupSize: 1, algorithm: "lloyd", pcaComponents: 2 },
]) {
  test(`the file of settings makes the same run again: ${JSON.stringify(settings)}`, async (context) => {
    const facts = readFacts(await penguinRun(context, settings));
    const folder = temporaryFolder(context);
    const path = join(folder, "experiment.toml");
    writeFileSync(path, fileIn(configuration(facts).blocks));
    const { settings: read } = readConfigurationFile(path, {});
    const again = await run({ ...read, data: read.data!, logDir: folder });
    assert.equal(again.runHash, facts.runHash);
  });
}

test("what differs from the defaults comes first, with its meaning", async (context) => {
  const section = configuration(readFacts(await penguinRun(context, { kGlobal: 4 })));
  const [table] = tablesOf(section);
  assert.deepEqual(
    table.rows.map(([name]) => name.text[0]),
    [{ code: "data" }, { code: "label-column" }, { code: "k-global" }],
  );
  assert.deepEqual(table.rows[2][1].text, [{ code: "4" }]);
  assert.deepEqual(table.rows[2][2].text, ["number of clusters"]);
});
