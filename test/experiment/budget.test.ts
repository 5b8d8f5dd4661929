import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { summarizeLedgers } from "#src/directory/ledger-summary.js";
import { verify } from "#src/directory/verify.js";
import { resume, run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { openBudget } from "#src/federation/client/budget/budget-folder.js";
import { mu2Of } from "../support/budget.js";
import { filesOf, json, onlyDirectory } from "../support/experiment.js";
import { drawRows } from "../support/site.js";
import { temporaryFolder } from "../support/temporary.js";

const CLIENTS = ["a", "b", "c"];

/** Of a run under differential privacy of three clients. */
function settingsOf(context: TestContext): Configuration {
  const folder = temporaryFolder(context);
  const bounds = join(folder, "bounds.csv");
  writeFileSync(bounds, "feature,low,high\nx,-20,20\ny,-20,20\n");
  const data = temporaryFolder(context);
  for (const [i, client] of CLIENTS.entries()) {
    writeFileSync(join(data, `${client}.csv`), ["x,y", ...drawRows(i, 40).map(String), ""].join("\n"));
  }
  const privately = { privacy: "dp", epsilon: 0.6, epsilonLimit: 1, delta: 1e-6, declaredRows: 120, bounds };
  const settings = { algorithm: "dp-lloyd", kGlobal: 3, carrier: "inline", ...privately };
  return { data, logDir: join(folder, "logs"), ...settings } as Configuration;
}

test("runs that share a state spend of one budget, up to its limit; a run without one has its own", async (context) => {
  const settings = settingsOf(context);
  const stateDir = join(temporaryFolder(context), "states");
  const budgetOf = (client: string) => openBudget(join(stateDir, `client_${client}`)).state();
  const first = await run({ ...settings, stateDir });
  for (const row of summarizeLedgers(first.experimentDir)) {
    assert.equal(row.smallestWeight, null, "a number with noise has no rows behind it");
    if (row.request !== "clustering/private_sums") continue;
    assert.ok(row.epsilon! > 0.59 && row.epsilon! <= 0.6, `${row.epsilon}`);
    assert.deepEqual([row.epsilonInAll, row.delta], [row.epsilon, 1e-6]);
  }
  // The same once more, with another seed: another run, and other noise.
  await assert.rejects(
    run({ ...settings, stateDir, epsilon: 0.9, randomState: 7 }),
    /beyond the budget .* these rows have spent epsilon 0\.6, the run would spend 0\.9, together 1\.1\d+; a run of epsilon 0\.7\d+ would still fit/,
  );
  const second = await run({ ...settings, stateDir, epsilon: 0.3 });
  const rows = summarizeLedgers(second.experimentDir).filter(({ epsilon }) => epsilon !== undefined);
  assert.equal(rows.length, 3);
  for (const { epsilon, epsilonInAll } of rows) {
    assert.ok(epsilon! <= 0.3 && epsilonInAll! > 0.6 && epsilonInAll! < 0.9, `${epsilonInAll}`);
  }
  for (const client of CLIENTS) {
    const { runs, spent } = budgetOf(client);
    assert.equal(runs.length, 2);
    const all = [...spent.values()];
    assert.ok(all.every((mu2) => mu2 <= mu2Of(0.6) + mu2Of(0.3) && mu2 > 0.99 * (mu2Of(0.6) + mu2Of(0.3))));
  }
  const alone = await run(settings);
  const own = summarizeLedgers(alone.experimentDir).filter(({ epsilon }) => epsilon !== undefined);
  assert.ok(own.every(({ epsilonInAll }) => epsilonInAll! <= 0.6));
  const means = ({ experimentDir }: { experimentDir: string }) =>
    readFileSync(join(experimentDir, "final_means.npy"));
  assert.notDeepEqual(means(alone), means(first), "of one seed, and of other noise");
});

test("killed at any time, a run is gone on with: what was answered has the same reply, and is paid for once", async (context) => {
  const settings = settingsOf(context);
  const kills = [17, 33, 60];
  let answered = 0;
  for (const nth of kills) {
    const logDir = join(temporaryFolder(context), "logs");
    const program = `
const fs = require("node:fs");
const rename = fs.renameSync;
let left = ${nth};
fs.renameSync = (from, to) => {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
  rename(from, to);
};
void require(${JSON.stringify(require.resolve("#src/index.js"))}).run(${JSON.stringify({ ...settings, logDir })});`;
    const { signal, stderr } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
    assert.equal(signal, "SIGKILL", stderr);
    const directory = onlyDirectory(logDir);
    const kept = filesOf(directory).filter((file) =>
      /^(client_budgets\/.*replies|global_means)\/.*\.(json|npy)$/.test(file),
    );
    const before = new Map(kept.map((file) => [file, readFileSync(join(directory, file), "latin1")]));
    const budgets = () =>
      CLIENTS.map((client) => openBudget(join(directory, "client_budgets", `client_${client}`)).state());
    assert.equal(json(directory, "experiment_summary.json").status, "running");
    await resume(directory, { carrier: "inline" });
    for (const [file, text] of before) {
      // Of the last reply the budget may not have known yet: then it was drawn anew.
      if (isLast(file, kept)) continue;
      answered += 1;
      assert.equal(readFileSync(join(directory, file), "latin1"), text, `${nth}: ${file}`);
    }
    // Also of replies that left before the ledger had a line of them.
    const ledgers = summarizeLedgers(directory).filter(({ epsilon }) => epsilon !== undefined);
    assert.equal(ledgers.length, CLIENTS.length);
    for (const { epsilon, epsilonInAll } of ledgers) {
      assert.ok(
        epsilon! > 0.59 && Math.abs(epsilon! - epsilonInAll!) < 1e-9,
        `${nth}: ${epsilon}, ${epsilonInAll}`,
      );
    }
    for (const { runs, spent } of budgets()) {
      assert.equal(runs.length, 1);
      assert.equal(runs[0].answers.length, runs[0].questions);
      const mu2 = runs[0].answers.reduce((sum, answer) => sum + answer.mu2, 0);
      for (const each of spent.values()) assert.ok(Math.abs(each - mu2) < 1e-12 && each <= mu2Of(0.6));
    }
    assert.equal(verify(directory).status, "completed");
  }
  assert.ok(answered > 10, `${answered}`);
});

/** Whether it is a client's reply to the last question that it answered. */
function isLast(file: string, all: readonly string[]): boolean {
  const [, begin, question] = /^(.*replies.*-)(\d+)\.json$/.exec(file) ?? [];
  return begin !== undefined && !all.includes(`${begin}${Number(question) + 1}.json`);
}
