import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import * as fk from "#src/index.js";
import { json } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

const ISLANDS = ["Biscoe", "Dream", "Torgersen"];
const SETTINGS = { labelColumn: "species", twin: true, saveLabels: true } as const;

/** The penguins, where some islands' files have their columns the other way round. */
function turned(context: TestContext, islands: readonly string[]): string {
  const folder = temporaryFolder(context);
  cpSync("data/penguins", folder, { recursive: true });
  for (const island of islands) {
    const file = join(folder, `${island}.csv`);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    writeFileSync(file, `${lines.map((line) => line.trim().split(",").reverse().join(",")).join("\n")}\n`);
  }
  return folder;
}

test("a file's order of columns changes no bit of a run, of its pooled twin, of its labels or of a study", async (t) => {
  const outcome = async (data: string, carrier: "inline" | "threads") => {
    const logDir = temporaryFolder(t);
    const settings = {
      ...SETTINGS,
      groupSize: 1,
      data,
      logDir,
      carrier,
      threads: carrier === "threads" ? 2 : null,
    };
    const { experimentDir, runHash, metrics, featureNames, twin } = await fk.run(settings);
    const labels = ISLANDS.map((island) =>
      readFileSync(join(experimentDir, "client_labels", `client_${island}.npy`)),
    );
    const rows = ISLANDS.map((island) =>
      readFileSync(join(experimentDir, "client_data", `client_${island}.npy`)),
    );
    const predicted = await fk.predict(experimentDir, data);
    assert.deepEqual(json(experimentDir, "experiment_summary.json").feature_names, featureNames);
    const assigned = await fk.assignments(experimentDir);
    return { runHash, metrics, featureNames, twin, labels, rows, predicted: [...predicted.labels], assigned };
  };
  const expected = await outcome("data/penguins", "inline");
  assert.ok(expected.metrics.adjustedRandIndex! > 0.7);
  for (const island of ISLANDS) {
    const data = turned(t, [island]);
    assert.deepEqual(await outcome(data, "inline"), expected, island);
    const sorted = (all: fk.Row[]) => all.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    const [found, as] = await Promise.all(
      [fk.load(data, SETTINGS), fk.load("data/penguins", SETTINGS)].map(async (one) => fk.rows(await one)),
    );
    assert.deepEqual(sorted(found), sorted(as));
  }
  assert.deepEqual(await outcome(turned(t, ["Dream"]), "threads"), expected);
  const study = (data: string) =>
    fk.chooseK({ data, labelColumn: "species", groupSize: 1 }, { kValues: [2, 3], seeds: 2, threads: 1 });
  assert.deepEqual((await study(turned(t, ["Torgersen"]))).scores, (await study("data/penguins")).scores);
});

test("groups are found, run, pooled and scored in whatever order the columns are", async (t) => {
  const scores = async (data: string) => {
    const { metrics, twin } = await fk.run({
      ...SETTINGS,
      data,
      groupSize: 5,
      logDir: temporaryFolder(t),
      carrier: "inline",
    });
    return [metrics.inertia, metrics.adjustedRandIndex!, twin!.sameStart.inertia];
  };
  const [found, expected] = [await scores(turned(t, ["Biscoe"])), await scores("data/penguins")];
  // Sums of another order round otherwise, and may split a group otherwise.
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value / expected[i] - 1) < 0.05, `${value} ${expected[i]}`);
});
