import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { generateBlobs } from "#src/data/generators/generate-blobs.js";
import { writeNpy } from "#src/directory/npy.js";
import { run } from "#src/experiment/run.js";
import { randomStream } from "#src/numerics/random.js";
import { chooseK } from "#src/study/choose-k.js";
import { choose } from "#src/study/criteria.js";
import type { KScore } from "#src/study/k-choice.js";
import { spread } from "#src/study/statistics.js";
import { fedkmeans } from "../support/command.js";
import { folderOf } from "../support/datasets.js";
import { temporaryFolder } from "../support/temporary.js";

function score(k: number, inertia: number, silhouette: number, stability: number): KScore {
  return { k, nRuns: 1, inertia: spread([inertia]), simplifiedSilhouette: spread([silhouette]), stability };
}

test("three clusters that lie apart are found", async (test) => {
  const dataset = generateBlobs({ clusterStd: 0.4, samplesPerClient: 60, randomState: 4 });
  const output = temporaryFolder(test);
  const data = await folderOf(test, dataset);
  const choice = await chooseK({ data }, { kValues: [2, 3, 4, 5, 6], seeds: 4, output, threads: 2 });
  assert.deepEqual([choice.byInertia, choice.bySilhouette, choice.k], [3, 3, 3]);
  assert.ok(choice.scores[1].stability! > 0.99, String(choice.scores[1].stability));
  assert.match(choice.verdict, /criteria speak for 3 clusters/);
  assert.equal(readFileSync(join(output, "choose-k.csv"), "utf8").trim().split("\n").length, 6);
  assert.match(choice.svg, /^<svg /);
});

test("disagreement is said in words", () => {
  const scores = [
    score(2, 100, 0.7, 0.9),
    score(3, 40, 0.6, 0.8),
    score(4, 30, 0.5, 1),
    score(5, 25, 0.4, 0.5),
  ];
  const choice = choose(scores);
  assert.deepEqual([choice.byInertia, choice.bySilhouette, choice.byStability, choice.k], [3, 2, 4, null]);
  assert.match(choice.verdict, /^The criteria disagree/);
});

test("of equally stable numbers the most clusters count, and two criteria make a majority", () => {
  const scores = [
    score(2, 100, 0.7, 1),
    score(3, 40, 0.8, 0.995),
    score(4, 38, 0.5, 0.6),
    score(5, 36, 0.4, 0.5),
  ];
  const choice = choose(scores);
  assert.deepEqual([choice.byStability, choice.k], [3, 3]);
  const [a, b, c, d] = scores;
  assert.match(choose([a, { ...b, stability: 0.5 }, c, d]).verdict, /^Two of three criteria speak for 3/);
});

/** A folder with a client of each of the given rows, of one feature. */
function clientsOf(context: TestContext, clients: readonly number[][]): string {
  const folder = temporaryFolder(context);
  for (const [i, rows] of clients.entries()) {
    const array = { data: Float64Array.from(rows), shape: [rows.length, 1] };
    writeFileSync(join(folder, `c${i}.npy`), writeNpy(array));
  }
  return folder;
}

test("a number of clusters that cannot be run is reported, and the others are compared", (context) => {
  // Of three local clusters of three rows each holds one, and none may leave.
  const data = clientsOf(
    context,
    [0, 1, 2, 3].map((i) => [i / 9, 5 + i / 7, 9 - i / 8]),
  );
  const output = join(temporaryFolder(context), "out");
  const args = [
    "choose-k",
    "--data",
    data,
    "--k-min",
    "1",
    "--k-max",
    "4",
    "--seeds",
    "2",
    "--privacy",
    "threshold",
    "--output",
    output,
  ];
  const { status, stdout } = fedkmeans(args);
  assert.equal(status, 0);
  assert.match(stdout, /^k = 3, 4 could not be run: no client reported a single mean.*--k-global/m);
  assert.match(stdout, /^k +inertia .*\n-.*\n1 +\S+ +- +-\n2 +\S+ +\S+ +\S+\n\n/m);
  const written = JSON.parse(readFileSync(join(output, "choose-k.json"), "utf8"));
  assert.deepEqual(
    written.scores.map(({ k, n_runs }: { k: number; n_runs: number }) => [k, n_runs]),
    [
      [1, 2],
      [2, 2],
    ],
  );
  assert.equal(written.notes.length, 1);
  const elsewhere = join(output, "none");
  const none = fedkmeans([...args.slice(0, 4), "3", ...args.slice(5), "--output", elsewhere]);
  assert.deepEqual([none.status, none.stdout], [1, ""]);
  assert.match(none.stderr, /^fedkmeans: no number of clusters could be run: k = 3: no client reported/m);
  assert.equal(existsSync(elsewhere), false);
});

test("a number of clusters is compared over the runs that have as many", async (context) => {
  const random = randomStream(2, "few rows");
  const draw = () => Array.from({ length: 8 }, () => random.normal());
  const data = clientsOf(context, [draw(), draw()]);
  const kValues = [3, 5, 7];
  const seeds = 4;
  const { scores, notes } = await chooseK({ data, privacy: "threshold" }, { kValues, seeds, threads: 1 });
  let fewer = 0;
  for (const k of kValues) {
    const inertias: number[] = [];
    for (let randomState = 0; randomState < seeds; randomState++) {
      const logDir = temporaryFolder(context);
      const settings = {
        data,
        kGlobal: k,
        privacy: "threshold",
        randomState,
        logDir,
        carrier: "inline",
      } as const;
      const { metrics } = await run({ ...settings, maxSilhouetteSamples: 0 });
      if (metrics.clusterSizes.filter((size) => size > 0).length === k) inertias.push(metrics.inertia);
    }
    const found = scores.find((score) => score.k === k);
    assert.deepEqual(found?.inertia, inertias.length === 0 ? undefined : spread(inertias), `k = ${k}`);
    const left = seeds - inertias.length;
    const note = notes.find((line) => line.startsWith(`k = ${k}: ${left} of ${seeds} runs ended with `));
    assert.equal(note === undefined, left === 0, notes.join("\n"));
    fewer += left;
  }
  assert.ok(fewer > 0);
});

test("where nothing can be compared, the verdict says so", () => {
  const { verdict, k } = choose([]);
  assert.deepEqual([verdict, k], ["No number of clusters could be compared.", null]);
  // Of one run each there is no agreement, and of one cluster no silhouette either.
  const single = [score(1, 9, 0, 0), score(2, 5, 0.5, 0)].map((one) => ({ ...one, stability: null }));
  const choice = choose([{ ...single[0], simplifiedSilhouette: null }, single[1]]);
  assert.deepEqual(
    [choice.byInertia, choice.bySilhouette, choice.byStability, choice.k],
    [null, 2, null, null],
  );
  assert.match(
    choice.verdict,
    /the inertia shows no bend; .* highest at 2 \(0\.500\); there is no stability\.$/,
  );
});

test("seeds and numbers of clusters that cannot be compared are refused", async () => {
  await assert.rejects(chooseK({ data: "data/penguins" }, { kValues: [3, 3] }), /kValues must be/);
  await assert.rejects(chooseK({ data: "data/penguins" }, { seeds: 1 }), /seeds must be at least 2/);
});
