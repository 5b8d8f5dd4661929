import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fedkmeans } from "../support/command.js";
import { deployPenguins } from "../support/deployment.js";

test("collect names what it brought of each client, as JSON with --json, and the directory verifies", async (context) => {
  const { directory, logs, run, runHash } = await deployPenguins(context);
  const [biscoe, ...others] = [...logs.values()];
  const { status, stdout, stderr } = fedkmeans(["collect", directory, join(biscoe, run)]);
  assert.deepEqual([status, stderr], [0, ""]);
  const [first, second, ...more] = stdout.trimEnd().split("\n");
  assert.match(first, /^Biscoe: client_logs\/client_Biscoe\.log, client_ledger\/client_Biscoe\.jsonl, /);
  assert.equal(`${second}\n`, fedkmeans(["verify", directory]).stdout);
  assert.deepEqual(more, []);

  const json = JSON.parse(fedkmeans(["collect", directory, ...others, "--json"]).stdout);
  assert.deepEqual(Object.keys(json), ["experiment_dir", "clients", "rounds", "files", "run_hash"]);
  assert.deepEqual(
    json.clients.map(({ client, records }: { client: string; records: string[] }) => [
      client,
      records.length,
    ]),
    [
      ["Dream", 6],
      ["Torgersen", 6],
    ],
  );
  assert.equal(json.run_hash, runHash);
});

test("collect refuses in one line: wrong usage by 2, what will not do by 1", async (context) => {
  const { directory, logs } = await deployPenguins(context);
  const [biscoe] = [...logs.values()];
  const refused = (...args: string[]) => {
    const { status, stdout, stderr } = fedkmeans(["collect", ...args]);
    assert.equal(stdout, "");
    assert.match(stderr, /^fedkmeans: [^\n]*\n$/);
    return [status, stderr] as const;
  };
  assert.equal(refused(directory)[0], 2);
  const [twice, why] = refused(directory, biscoe, biscoe);
  assert.equal(twice, 2);
  assert.match(why, /are both of client Biscoe/);
  const [missing, whose] = refused(join(directory, "gone"), biscoe);
  assert.equal(missing, 1);
  assert.match(whose, /no experiment directory/);
  writeFileSync(join(directory, ".stranger"), "");
  assert.match(refused(directory, biscoe)[1], /not of the run: \.stranger/);
});
