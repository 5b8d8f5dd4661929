import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "#src/experiment/run.js";
import { fedkmeans } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

test("ledger sums up a run's messages as a table and as JSON, and says in a line what is no ledger", async (t) => {
  const logDir = temporaryFolder(t);
  const { experimentDir } = await run({
    data: "data/penguins",
    labelColumn: "species",
    groupSize: 5,
    logDir,
    carrier: "inline",
  });
  const { status, stdout } = fedkmeans(["ledger", experimentDir]);
  assert.equal(status, 0);
  assert.match(stdout, /^client +request +messages +bytes +fewest rows +refused\n/);
  assert.match(stdout, /\nDream +normalization\/moments +1 +72 +124 +0\n/);
  const [, fewest] =
    /3 clients, \d+ messages, \d+ bytes: every number that left is of (\d+) rows or more, nothing was refused\n$/.exec(
      stdout,
    )!;
  assert.ok(Number(fewest) >= 5);
  const { messages } = JSON.parse(fedkmeans(["ledger", `${experimentDir}/client_ledger`, "--json"]).stdout);
  const weights = messages.map((row: { smallest_weight: number }) => row.smallest_weight);
  assert.equal(Math.min(...weights), Number(fewest));
  assert.deepEqual(fedkmeans(["ledger", logDir]), {
    status: 1,
    stdout: "",
    stderr: `fedkmeans: ${logDir} has no ledger: an experiment directory with client_ledger/, or a folder of client_NAME.jsonl files expected\n`,
  });
});
