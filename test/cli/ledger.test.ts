import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "#src/experiment/run.js";
import { ledgerReport } from "#src/report/ledger-report.js";
import { fedkmeans } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

test("ledger sums up a run's messages as a table and as JSON, and says in a line what is no ledger", async (t) => {
  const logDir = temporaryFolder(t);
  const { experimentDir } = await run({
    data: "data/penguins",
    labelColumn: "species",
    kGlobal: 4,
    groupSize: 5,
    logDir,
    carrier: "inline",
  });
  const { status, stdout } = fedkmeans(["ledger", experimentDir]);
  assert.equal(status, 0);
  assert.match(stdout, /^client +request +messages +bytes +fewest rows +refused\n/);
  assert.match(stdout, /\nDream +normalization\/moments +1 +184 +124 +0\n/);
  const [, fewest, ofLabels] =
    /3 clients, \d+ messages, \d+ bytes: every number that left is of (\d+) rows or more but for counts of labels \((\d+) rows? or more\), nothing was refused\n$/.exec(
      stdout,
    )!;
  assert.ok(Number(fewest) >= 5);
  const { messages } = JSON.parse(fedkmeans(["ledger", `${experimentDir}/client_ledger`, "--json"]).stdout);
  const weights = messages.map((row: { smallest_weight: number }) => row.smallest_weight);
  assert.equal(Math.min(...weights), Number(fewest));
  const counts = messages.map((row: { smallest_label_count: number | null }) => row.smallest_label_count);
  assert.equal(Math.min(...counts.filter((count: number | null) => count !== null)), Number(ofLabels));
  assert.ok(Number(ofLabels) < 5);
  assert.deepEqual(fedkmeans(["ledger", logDir]), {
    status: 1,
    stdout: "",
    stderr: `fedkmeans: ${logDir} has no ledger: an experiment directory with client_ledger/, or a folder of client_NAME.jsonl files expected\n`,
  });
});

test("counts of labels that are of as many rows as all else are not named apart", () => {
  const row = { client: "a", request: "evaluation/fit", messages: 1, bytes: 8, refused: 0, reasons: [] };
  const said = (smallestWeight: number | null, smallestLabelCount: number | null) =>
    ledgerReport([{ ...row, smallestWeight, smallestLabelCount }])
      .trimEnd()
      .split("\n")
      .at(-1);
  const begin = "1 client, 1 message, 8 bytes: ";
  const every = "every number that left is of 5 rows or more";
  assert.equal(said(5, 5), `${begin}${every}, nothing was refused`);
  assert.equal(said(5, null), `${begin}${every}, nothing was refused`);
  assert.equal(said(5, 1), `${begin}${every} but for counts of labels (1 row or more), nothing was refused`);
  assert.equal(said(null, null), `${begin}nothing of rows left, nothing was refused`);
});
