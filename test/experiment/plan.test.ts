import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { planRun } from "#src/experiment/plan.js";
import { run } from "#src/experiment/run.js";
import { filesOf } from "../support/experiment.js";
import { privateSettings } from "../support/private-penguins.js";
import { temporaryFolder } from "../support/temporary.js";

const TINY = 1e-12;

/** What a client says of its noise in each of its answers, in the order of the questions. */
function noiseIn(directory: string, client: string) {
  const folder = join(directory, "client_budgets", `client_${client}`, "replies");
  return readdirSync(folder)
    .map((file) => ({ question: Number(/-(\d+)\.json$/.exec(file)![1]), file }))
    .sort((a, b) => a.question - b.question)
    .map(({ file }) => {
      const text = readFileSync(join(folder, file), "utf8");
      // Below the line that seals it.
      const { scalars, arrays } = JSON.parse(text.slice(text.indexOf("\n")));
      return { count: scalars.count_sigma as number, sums: arrays.sum_sigmas.data as number[] };
    });
}

test("a plan is that of the run: as many questions and centres, the same noise, and errors that means stay within", async (context) => {
  const logDir = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species", ...privateSettings(context), logDir };
  const plan = await planRun(settings);
  assert.deepEqual(filesOf(logDir), []);
  assert.deepEqual(plan.clients, ["Biscoe", "Dream", "Torgersen"]);
  const { experimentDir } = await run(settings);
  for (const client of plan.clients) {
    const noise = noiseIn(experimentDir, client);
    assert.equal(noise.length, plan.questions.length);
    for (const [i, { centres, countError, meanError }] of plan.questions.entries()) {
      assert.equal(noise[i].sums.length, centres);
      assert.ok(Math.abs(Math.sqrt(3) * noise[i].count - countError) <= TINY * countError);
      const error = (Math.sqrt(3) * Math.max(...noise[i].sums)) / (340 / 3);
      assert.ok(error <= meanError * (1 + TINY), `${plan.questions[i].name}: ${error}, ${meanError}`);
    }
    // Nothing was known before the first question.
    assert.ok((Math.sqrt(3) * noise[0].sums[0]) / (340 / 3) > plan.questions[0].meanError * (1 - TINY));
  }
  const last = plan.questions.at(-1)!;
  assert.ok(last.epsilonInAll > 3.9999 && last.epsilonInAll <= 4 + 1e-9, `${last.epsilonInAll}`);
  assert.ok(
    plan.questions.every(({ epsilonInAll }, i, all) => i === 0 || epsilonInAll > all[i - 1].epsilonInAll),
  );
  const bill = plan.features[0];
  assert.deepEqual([bill.name, bill.low, bill.high], ["bill_length_mm", 25, 65]);
  assert.ok(Math.abs(bill.meanError - 20 * last.meanError) < TINY);
});

test("only noise is planned, only as many rounds as are allowed, and nothing is left behind", async (context) => {
  const stateDir = join(temporaryFolder(context), "states");
  const settings = { data: "data/penguins", labelColumn: "species", ...privateSettings(context), stateDir };
  await assert.rejects(planRun({ data: "data/penguins" }), /must be dp to be planned, found groups/);
  await assert.rejects(planRun({ ...settings, minClients: 4 }), /the federation has 3 clients/);
  await assert.rejects(planRun({ ...settings, kGlobal: 341 }), /cannot make 341 clusters of 340 rows/);
  const { questions, notices } = await planRun({ ...settings, maxIterations: 2, epsilon: 0.01 });
  assert.deepEqual(
    questions.map(({ name }) => name),
    ["start 1", "round 1", "round 2"],
  );
  assert.equal(notices.filter((line) => line.startsWith("too small an epsilon")).length, 1);
  assert.ok(!existsSync(stateDir));
});
