import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as fk from "#src/index.js";
import { contentOf } from "#src/notebook/output/display.js";
import { deployPenguins } from "../support/deployment.js";

test("a cell collects clients' folders into an experiment that it opened, and shows what came", async (context) => {
  const { directory, logs, run } = await deployPenguins(context);
  const experiment = fk.open(directory);
  const collected = await fk.collect(experiment, [...logs.values()]);
  const { text } = contentOf(collected);
  assert.match(text, /^Biscoe: client_logs\/client_Biscoe\.log, .*\nDream: .*\nTorgersen: .*\n/);
  assert.ok(text.includes(`${directory}: completed, all `));
  assert.equal(fk.verify(directory).files, collected.files);
  const [log] = logs.values();
  await assert.rejects(
    async () => fk.collect(directory, [log, join(log, run)]),
    (error) => error instanceof fk.UsageError && /are both of client Biscoe/.test(error.message),
  );
});
