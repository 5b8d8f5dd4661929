import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { checkMode, sentBefore } from "#src/federation/client/budget/modes.js";
import { makeState } from "#src/federation/client/make-state.js";
import { groupsPolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { ask, budgetRows, LIMITS } from "../../../support/budget.js";
import { drawRows } from "../../../support/site.js";
import { GROUPS, partition, stateOf } from "../../../support/state.js";
import { temporaryFolder } from "../../../support/temporary.js";

const ROWS = drawRows(21, 60);
const LESS =
  /^UsageError: .*privacy (groups|threshold) protects rows less than .*privacy dp, under which they have been used: /;

test("rows that were used with noise are not used with less protection, in a run that begins or by a policy", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  const state = await stateOf(folder, partition(ROWS));
  await state.beginRun("before", () => partition(ROWS));
  makeBudget(folder, LIMITS);
  // Nothing has left with noise yet.
  state.checkPolicy(groupsPolicy(5));
  await state.beginRun("between", () => partition(ROWS));
  ask(openBudget(folder), budgetRows(ROWS), 0.5);
  const text = readFileSync(join(folder, "state.json"), "utf8");
  for (const policy of [groupsPolicy(5), groupsPolicy(60), thresholdPolicy(9)]) {
    assert.throws(() => state.checkPolicy(policy), LESS);
  }
  await assert.rejects(
    state.beginRun("after", () => partition(ROWS)),
    LESS,
  );
  assert.throws(() => state.wouldBegin(partition(ROWS)), LESS);
  assert.equal(readFileSync(join(folder, "state.json"), "utf8"), text);
  for (const mode of ["groups", "threshold"] as const) assert.throws(() => checkMode(folder, mode), LESS);
  checkMode(folder, "dp");
  // What it was allowed to send before is what it may send again.
  assert.deepEqual(
    state.pointsOf("before"),
    await state.beginRun("before", () => assert.fail("no row is read")),
  );
});

test("noise after groups goes on, and says what it protects", async (context) => {
  const folder = join(temporaryFolder(context), "s");
  makeBudget(folder, LIMITS);
  assert.equal(sentBefore(folder), null);
  // The groups' state and the budget share a folder, whichever was made first.
  await makeState(folder, partition(ROWS), GROUPS);
  assert.equal(sentBefore(folder), null);
  assert.deepEqual(readdirSync(folder).sort(), ["budget.json", "state.json"]);
  const state = await stateOf(join(folder, "..", "t"), partition(ROWS));
  await state.beginRun("a", () => partition(ROWS));
  makeBudget(state.path, LIMITS);
  ask(openBudget(state.path), budgetRows(ROWS), 0.5);
  assert.match(
    sentBefore(state.path)!,
    /^points of its rows have been used in 1 run under .*privacy groups: .*privacy dp protects only what was not sent then$/,
  );
});
