import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { writeNpy } from "#src/directory/npy.js";
import { readArray } from "#src/directory/read-array.js";
import { diff } from "#src/experiment/diff/diff.js";
import type { FinalMeansDiff } from "#src/experiment/diff/final-means.js";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { adjustedRandIndex } from "#src/notebook/crosstab.js";
import { diffContent } from "#src/notebook/output/contents.js";
import { assignments } from "#src/notebook/tables/rows.js";
import { diffReport } from "#src/report/diff-report.js";
import { fedkmeans } from "../../support/command.js";
import { deployPenguins } from "../../support/deployment.js";
import { removedAfter, temporaryFolder } from "../../support/temporary.js";

const logs = removedAfter(after);
const PENGUINS = { data: "data/penguins", labelColumn: "species", logDir: logs, carrier: "inline" } as const;
let three: string;
let five: string;

async function penguins(given: Partial<Configuration>): Promise<string> {
  return (await run({ ...PENGUINS, ...given })).experimentDir;
}

before(async () => {
  three = await penguins({ kGlobal: 3, groupSize: 1 });
  five = await penguins({ kGlobal: 5, groupSize: 1 });
});

test("two runs of the same have no difference, whenever and wherever they were made", async () => {
  const again = await penguins({ kGlobal: 3, groupSize: 1 });
  const found = diff(three, again);
  assert.equal(found.isSame, true);
  assert.deepEqual([found.settings, found.data, found.environment, found.transform], [[], [], [], null]);
  assert.ok(found.rounds.length > 2 && found.rounds.every(({ difference }) => difference === null));
  assert.deepEqual(found.agreement, { adjustedRandIndex: 1, rows: 342, clients: 3 });
  assert.match(diffReport(found), /^a: .*\nb: .*\nno difference\n/);
});

test("a setting that only one of two versions knew is no difference while it is as it was", (context) => {
  const older = join(temporaryFolder(context), "older");
  cpSync(three, older, { recursive: true });
  const path = join(older, "experiment_summary.json");
  const { configuration, ...summary } = JSON.parse(readFileSync(path, "utf8"));
  const { stability, ...others } = configuration;
  assert.equal(stability, 0);
  writeFileSync(path, JSON.stringify({ ...summary, configuration: others }));
  assert.equal(diff(older, three).isSame, true);
  writeFileSync(path, JSON.stringify({ ...summary, configuration: { ...others, stability: 9 } }));
  assert.deepEqual(diff(older, three).settings, [{ name: "stability", a: 9, b: 0 }]);
});

test("what differs is said of settings, rounds, final means, metrics and the clusters of the rows", async () => {
  const found = diff(three, five);
  assert.deepEqual(found.settings, [{ name: "k_global", a: 3, b: 5 }]);
  assert.match(diffReport(found), /\nk_global {2}3 {2}5\n/);
  const { html, text } = diffContent(found);
  for (const form of [html!, text]) assert.match(form, /\bkGlobal\b/);
  assert.equal(found.rounds[0].difference!.problem, "shapes (3, 4) and (5, 4)");
  const { pairs, unmatched } = found.finalMeans as Exclude<typeof found.finalMeans, string>;
  assert.deepEqual([pairs.length, unmatched.a.length, unmatched.b.length], [3, 0, 2]);
  const inertia = found.metrics.find(({ name }) => name === "inertia")!;
  assert.ok(inertia.a! > inertia.b!);
  const [a, b] = [await assignments(three), await assignments(five)].map((rows) =>
    rows.map(({ cluster }) => cluster),
  );
  assert.deepEqual(found.agreement, { adjustedRandIndex: adjustedRandIndex(a, b), rows: 342, clients: 3 });
  assert.deepEqual(
    found.metrics.map(({ name, a, b }) => [name, b, a]),
    diff(five, three).metrics.map(({ name, a, b }) => [name, a, b]),
  );
});

test("clusters that bear other numbers are matched", async () => {
  const found = diff(five, await penguins({ kGlobal: 5, groupSize: 1, randomState: 3, algorithm: "lloyd" }));
  const { pairs } = found.finalMeans as Exclude<typeof found.finalMeans, string>;
  assert.deepEqual(pairs.map(({ b }) => b).sort(), [0, 1, 2, 3, 4]);
  for (const { largest } of pairs)
    if (largest !== null) assert.ok(largest.difference === Math.abs(largest.a - largest.b));
});

test("final means are matched, and differ most where they do in standard deviations, whatever the units", (context) => {
  const changed = join(temporaryFolder(context), "changed");
  cpSync(three, changed, { recursive: true });
  const path = join(changed, "final_means.npy");
  const { data, shape } = readArray(path, null, "");
  const d = shape[1];
  // The last cluster first; bills 2 mm longer, which is much, and bodies 50 g heavier, which is little.
  const rows = [2, 0, 1].flatMap((row) => [...data.subarray(row * d, (row + 1) * d)]);
  const moved = Float64Array.from(rows, (value, i) => value + [2, 0, 0, 50][i % d]);
  writeFileSync(path, writeNpy({ data: moved, shape: [...shape] }));
  const { pairs } = diff(three, changed).finalMeans as FinalMeansDiff;
  assert.deepEqual(
    pairs.map(({ b }) => b),
    [1, 2, 0],
  );
  for (const { largest } of pairs) {
    assert.equal(largest!.feature, "bill_length_mm");
    assert.ok(Math.abs(largest!.difference - 2) < 1e-9);
  }
});

test("labels do where rows are not recorded; where there is neither, nobody knows the agreement", async () => {
  const labels = await penguins({ kGlobal: 3, groupSize: 1, recordClientData: false, saveLabels: true });
  assert.deepEqual(diff(three, labels).agreement, { adjustedRandIndex: 1, rows: 342, clients: 3 });
  const neither = await penguins({ kGlobal: 3, groupSize: 1, recordClientData: false });
  assert.match(diff(three, neither).agreement as string, /^neither rows nor labels/);
});

test("other data are named by client, and their rows are not compared", async (context) => {
  const two = await run({
    ...PENGUINS,
    kGlobal: 3,
    groupSize: 1,

    data: await someIslands(context),
  });
  const { data, agreement } = diff(three, two.experimentDir);
  assert.deepEqual(
    data.map(({ client, a, b }) => [client, a?.rows, b?.rows ?? null]),
    [
      ["Dream", 124, 123],
      ["Torgersen", 51, null],
    ],
  );
  assert.deepEqual((agreement as Exclude<typeof agreement, string>).rows, 167);
  const { directory } = await deployPenguins(context);
  assert.match(diff(three, directory).agreement as string, /does not say which rows/);
});

/** Of the penguins' islands one as it is, one without its last penguin, and one not at all. */
async function someIslands(context: TestContext): Promise<string> {
  const folder = temporaryFolder(context);
  cpSync("data/penguins/Biscoe.csv", join(folder, "Biscoe.csv"));
  const lines = readFileSync("data/penguins/Dream.csv", "utf8").trimEnd().split("\n");
  writeFileSync(join(folder, "Dream.csv"), `${lines.slice(0, -1).join("\n")}\n`);
  return folder;
}

test("of a run that was cut short, the rounds that both have are compared", async () => {
  const controller = new AbortController();
  let directory = "";
  const onEvent = (event: RunEvent) => {
    if (event.type === "round" && event.round.round === 1) controller.abort(new Error("enough"));
  };
  const onDirectory = (path: string) => {
    directory = path;
  };
  const settings = { ...PENGUINS, kGlobal: 3, groupSize: 1 };
  await assert.rejects(run(settings, { signal: controller.signal, onEvent, onDirectory }));
  const found = diff(three, directory);
  assert.equal(found.isSame, false);
  assert.deepEqual(
    found.rounds.map(({ round, difference }) => [round, difference]),
    [
      [0, null],
      [1, null],
    ],
  );
  assert.equal(found.finalMeans, "a run has none");
  assert.match(diffReport(found), /global means: the same in 2 rounds, and a goes on/);
});

test("the command's exit code is diff's: 0 for no difference, 1 for some, 2 for wrong usage", () => {
  assert.equal(fedkmeans(["diff", three, three]).status, 0);
  const { status, stdout } = fedkmeans(["diff", three, five, "--json"]);
  assert.equal(status, 1);
  const { is_same, settings, final_means } = JSON.parse(stdout);
  assert.deepEqual([is_same, settings[0].name, final_means.pairs.length], [false, "k_global", 3]);
  assert.equal(fedkmeans(["diff", three]).status, 2);
  assert.match(fedkmeans(["diff", three, logs]).stderr, /^fedkmeans: .* is no experiment directory/);
});
