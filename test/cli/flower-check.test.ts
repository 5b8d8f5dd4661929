import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkClient } from "#src/cli/flower-check.js";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { ask, budgetRows } from "../support/budget.js";
import { drawRows } from "../support/site.js";
import { partition, stateOf } from "../support/state.js";
import { temporaryFolder } from "../support/temporary.js";

const ROWS = drawRows(31, 40);

test("the check of a client with noise says what its rows have spent and what still fits; its groups are used no more", async (context) => {
  const folder = temporaryFolder(context);
  const [data, bounds, stateDir] = ["rows.csv", "bounds.csv", "state"].map((name) => join(folder, name));
  writeFileSync(data, ["x,y,note", ...ROWS.map((row) => `${row},7`), ""].join("\n"));
  writeFileSync(bounds, "feature,low,high\nx,-20,20\ny,-20,20\n");
  const check = (more: Record<string, unknown>) =>
    checkClient({ nodeConfig: { "data-path": data, "state-dir": stateDir, ...more }, environment: {} });
  const own = { privacy: "dp", epsilon: 0.5, "epsilon-limit": 1, delta: 1e-6, "declared-rows": 100, bounds };

  const state = await stateOf(stateDir, partition(ROWS, ["x", "y"]));
  await state.beginRun("r", () => partition(ROWS, ["x", "y"]));
  await assert.rejects(
    check(own),
    /^UsageError: state-dir .*state has no budget: make one with fedkmeans budget/,
  );
  makeBudget(stateDir, { epsilonLimit: 1, delta: 1e-6 });
  await assert.rejects(
    check({ ...own, delta: 1e-7 }),
    /^UsageError: delta.* 1e-7: the budget in .* was made with 0\.000001/,
  );
  assert.ok((await check(own)).includes("spent    nothing by these 40 rows"));
  assert.equal((await check({}))[0], "rows, test_data");

  ask(openBudget(stateDir), budgetRows(ROWS.slice(0, 9), ["x", "y"]), 0.6);
  const lines = await check(own);
  assert.ok(lines.includes("spent    epsilon 0.6 by these 40 rows"), lines.join("\n"));
  assert.ok(lines.includes(`budget   ${stateDir}`));
  for (const line of [
    /^limit {4}epsilon 1 \(epsilon-limit\) at delta 0\.000001 \(delta\), of all runs together$/,
    /^left {5}a run of epsilon 0\.7\d+$/,
    /^leaves {3}answers with noise: epsilon 0\.5 \(epsilon\) or less a run, at delta 0\.000001 \(delta\) or less$/,
    /^note {5}points of its rows have been used in 1 run under privacy groups: privacy dp protects only what was not sent/,
  ]) {
    assert.equal(lines.filter((one) => line.test(one)).length, 1, `${line}\n${lines.join("\n")}`);
  }
  for (const less of [{}, { privacy: "threshold" }]) {
    await assert.rejects(
      check(less),
      /^UsageError: privacy (groups|threshold) protects rows less than privacy dp, under/,
    );
  }
});
