import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BLOBS_DEFAULTS, generateBlobs } from "../../src/data/generate-blobs.js";
import { choose, chooseK, type KScore } from "../../src/study/choose-k.js";
import { spread } from "../../src/study/statistics.js";
import { temporaryFolder } from "../support/temporary.js";
import { folderOf } from "./datasets.js";

function score(k: number, inertia: number, silhouette: number, stability: number): KScore {
  return { k, inertia: spread([inertia]), simplifiedSilhouette: spread([silhouette]), stability };
}

test("three clusters that lie apart are found", async (test) => {
  const dataset = generateBlobs({ ...BLOBS_DEFAULTS, clusterStd: 0.4, samplesPerClient: 60, randomState: 4 });
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

test("seeds and numbers of clusters that cannot be compared are refused", async () => {
  await assert.rejects(chooseK({ data: "data/penguins" }, { kValues: [3, 3] }), /kValues must be/);
  await assert.rejects(chooseK({ data: "data/penguins" }, { seeds: 1 }), /seeds must be at least 2/);
});
