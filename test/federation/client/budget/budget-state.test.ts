import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_RUN, MOST_QUESTIONS } from "#src/federation/client/budget/budget-checks.js";
import { HASH_LENGTH } from "#src/federation/client/budget/budget-rows.js";
import { MOST_ROWS, MOST_RUNS, newBudget, withAnswer } from "#src/federation/client/budget/budget-state.js";
import { LONGEST_BODY } from "#src/federation/client/sealed-file.js";
import { LIMITS } from "../../../support/budget.js";

const hash = "f".repeat(64);

test("a file that a server filled as far as it can has room for all rows that a budget knows", () => {
  const number = 0.012345678901234567;
  const answer = { request: hash, mu2: number, reply: hash };
  const rows = { columns: { nColumns: 1, names: null }, hashes: new Set(["a"]) };
  // The longest name in JSON is one of characters that it has to spell.
  const run = { run: "\u0001".repeat(LONGEST_RUN), questions: MOST_QUESTIONS, runMu2: number };
  let state = newBudget(LIMITS, hash);
  for (let question = 0; question < MOST_QUESTIONS; question++) state = withAnswer(state, rows, run, answer);
  const ofRun = JSON.stringify(state.runs).length;
  assert.ok(ofRun > 20_000);
  assert.ok(MOST_RUNS * ofRun + MOST_ROWS * HASH_LENGTH < LONGEST_BODY - 1e6, String(ofRun));
});
