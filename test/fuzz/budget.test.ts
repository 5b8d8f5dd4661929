import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Budget, BudgetError } from "#src/federation/client/budget/budget.js";
import { makeBudget, openBudget } from "#src/federation/client/budget/budget-folder.js";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { randomStream } from "#src/numerics/random.js";
import { ask, budgetRows, LIMITS, mu2Of } from "../support/budget.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { drawRows, type Row } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

test("rows that come and go have spent what a plain count of their questions says", (context) => {
  const random = randomStream(FUZZ_SEED, "budget");
  const below = (n: number) => Math.floor(random.uniform() * n);
  const all = drawRows(FUZZ_SEED, 12);
  for (let history = 0; history < fuzzCases(4); history++) {
    const folder = join(temporaryFolder(context), "s");
    makeBudget(folder, LIMITS);
    const budgets: (() => Budget)[] = [() => openBudget(folder)];
    const memory = new MemoryBudget(LIMITS);
    budgets.push(() => memory);
    const spent = new Map<Row, number>();
    for (let step = 0; step < 12; step++) {
      const rows = all.filter(() => below(3) > 0).toSorted(() => below(3) - 1);
      const epsilon = [0.1, 0.3, 0.5][below(3)];
      const most = Math.max(0, ...rows.map((row) => spent.get(row) ?? 0));
      const isCovered = most + mu2Of(epsilon) <= mu2Of(LIMITS.epsilonLimit);
      for (const open of budgets) {
        const budget = open();
        assert.ok(Math.abs(budget.spentBy(budgetRows(rows)) - most) < 1e-12);
        const asked = () => ask(budget, budgetRows(rows), epsilon, { run: `run ${step}` });
        if (!isCovered) assert.throws(asked, BudgetError);
        else assert.deepEqual(asked(), ask(open(), budgetRows([]), epsilon, { run: `run ${step}` }));
      }
      if (isCovered) for (const row of rows) spent.set(row, (spent.get(row) ?? 0) + mu2Of(epsilon));
    }
  }
});

test("processes that are killed at any moment, several at once, leave a budget that has paid once for each reply", async (context) => {
  const random = randomStream(FUZZ_SEED, "killed budgets");
  const [module, support, site] = [
    "#src/federation/client/budget/budget-folder.js",
    "../support/budget.js",
    "../support/site.js",
  ].map((path) => JSON.stringify(require.resolve(path)));
  for (let round = 0; round < fuzzCases(1); round++) {
    const folder = join(temporaryFolder(context), "s");
    makeBudget(folder, LIMITS);
    const mu2 = mu2Of(1) / 100;
    const program = `
const { openBudget } = require(${module});
const { budgetRows, draw } = require(${support});
const { writeSync } = require("node:fs");
const rows = budgetRows(require(${site}).drawRows(3, 30));
const budget = openBudget(${JSON.stringify(folder)});
for (let question = 0; question < 50; question++) {
  const spending = { run: "r", question, questions: 50, request: "q" + question, mu2: ${mu2}, runMu2: ${50 * mu2} };
  const reply = budget.answer(() => rows, spending, () => ({ reply: draw(), mu2: ${mu2} }));
  writeSync(1, question + " " + reply.arrays.counts.data.join(" ") + "\\n");
}`;
    const sent = new Map<string, string>();
    for (let left = 3; left > 0; left--) {
      const outputs = await Promise.all(
        Array.from({ length: 2 }, async () => {
          const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
          const output = text(child.stdout);
          if (left > 1) {
            await setTimeout(100 + 300 * random.uniform());
            child.kill("SIGKILL");
          }
          return output;
        }),
      );
      for (const line of outputs.flatMap((output) => output.split("\n").slice(0, -1))) {
        const [question] = line.split(" ", 1);
        assert.equal(sent.get(question) ?? line, line, "each question has one reply, whoever asks");
        sent.set(question, line);
      }
      const spent = Math.round(openBudget(folder).spentBy(budgetRows(drawRows(3, 30))) / mu2);
      assert.ok(
        spent >= sent.size && spent <= sent.size + 2,
        `${spent} were paid for, ${sent.size} were sent`,
      );
    }
    assert.equal(sent.size, 50);
    assert.equal(Math.round(openBudget(folder).spentBy(budgetRows(drawRows(3, 30))) / mu2), 50);
  }
});
