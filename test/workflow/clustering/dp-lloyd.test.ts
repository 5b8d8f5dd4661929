import assert from "node:assert/strict";
import { test } from "node:test";
import { addContingency, adjustedRandIndex } from "#src/numerics/contingency.js";
import type { Matrix } from "#src/numerics/matrix.js";
import { nearestCentroids } from "#src/numerics/nearest-centroids.js";
import { randomStream } from "#src/numerics/random.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { planOf } from "#src/workflow/clustering/dp-plan.js";
import { readPrivateQuestion } from "#src/workflow/clustering/private-sums.js";
import { runPrivately } from "../../support/private-clients.js";

const CORNERS = [
  [-0.6, -0.6, 0.5],
  [0.6, 0.5, 0.5],
  [-0.5, 0.6, -0.6],
  [0.5, -0.6, -0.5],
];

/** Blobs of a standard deviation of 0.08 at these corners, row i at corner i modulo 4, dealt out to clients. */
function blobs(n: number, clients: number): { parts: Matrix[]; labels: Int32Array[] } {
  const random = randomStream(1, "private blobs");
  const each = Math.floor(n / clients);
  const labels = Array.from({ length: clients }, () => Int32Array.from({ length: each }, (_, i) => i % 4));
  const parts = labels.map((own) => ({
    data: Float64Array.from({ length: 3 * each }, (_, i) => {
      const x = CORNERS[own[Math.floor(i / 3)]][i % 3] + 0.08 * random.normal();
      return Math.min(1, Math.max(-1, x));
    }),
    nRows: each,
    nColumns: 3,
  }));
  return { parts, labels };
}

function ariOf({ parts, labels }: ReturnType<typeof blobs>, means: Matrix): number {
  const table = { counts: new Float64Array(16), nClasses: 4, nClusters: 4 };
  parts.forEach(({ data }, client) => {
    addContingency(table, labels[client], nearestCentroids(data, 3, means.data), null);
  });
  return adjustedRandIndex(table);
}

const RUN = { k: 4, epsilon: 1, delta: 1e-6, seed: 5 };

test("a run finds clusters, tells how sure it is of their means, and says when it is through", async () => {
  const data = blobs(4000, 4);
  const { rounds, requests } = await runPrivately(data.parts, RUN);
  const { means, sizes } = rounds.at(-1)!.global;
  assert.ok(ariOf(data, means) > 0.99);
  sizes!.forEach((size) => {
    assert.ok(Math.abs(size - 1000) < 300, `${size} rows`);
  });
  const errors = rounds.at(-1)!.standardErrors!;
  for (let c = 0; c < 4; c++) {
    const mean = means.data.subarray(3 * c, 3 * c + 3);
    const distances = CORNERS.map((corner) => Math.hypot(...corner.map((x, f) => x - mean[f])));
    assert.ok(errors[c] > 0.001 && errors[c] < 0.05, `${errors[c]}`);
    assert.ok(Math.min(...distances) < 5 * errors[c]);
  }
  assert.deepEqual(
    rounds.map(({ more }) => more),
    rounds.map((_, round) => round < rounds.length - 1),
  );
  const questions = requests.map((request) => readPrivateQuestion(request, 3));
  assert.deepEqual(
    questions.map(({ question }) => question),
    questions.map((_, i) => i),
  );
  assert.ok(questions.every(({ shares }) => shares.length === questions.length));
});

test("every question is the plan's: shares, centres, radii that never grow, nothing out of the box", async () => {
  const { parts } = blobs(4000, 4);
  const { requests } = await runPrivately(parts, RUN);
  const questions = requests.map((request) => readPrivateQuestion(request, 3));
  const { shares } = questions[0];
  const spent = questions.reduce((sum, { question }) => sum + shares[question], 0);
  assert.ok(spent <= 1 && spent > 1 - 1e-10);
  const mu = muOf(RUN.epsilon, RUN.delta);
  const plan = planOf({ rows: 4000, features: 3, clusters: 4, mu, clients: 4 });
  const counts = questions.map(({ centres }) => centres.nRows);
  assert.deepEqual(counts.slice(0, plan.startQuestions), Array(plan.startQuestions).fill(plan.startCentres));
  assert.deepEqual(counts.slice(plan.startQuestions), Array(plan.rounds).fill(4));
  for (const part of [questions.slice(0, plan.startQuestions), questions.slice(plan.startQuestions)]) {
    const most = part.map(({ radii }) => Math.max(...radii));
    assert.deepEqual(
      most,
      [...most].sort((a, b) => b - a),
    );
  }
});

test("the same replies give the same run, bit by bit; another seed gives another start", async () => {
  const { parts } = blobs(400, 2);
  const bits = async (seed: number) => {
    const { rounds, requests } = await runPrivately(parts, { ...RUN, seed });
    return [JSON.stringify(requests), JSON.stringify(rounds)];
  };
  assert.deepEqual(await bits(5), await bits(5));
  const [[, one], [, other]] = [await bits(5), await bits(6)];
  assert.notEqual(one, other);
});

test("a client that misses questions is named, and the run goes on with the noise of the others", async () => {
  const data = blobs(8000, 4);
  const misses = (client: number, question: number) => client === 3 && question > 0;
  const { rounds } = await runPrivately(data.parts, { ...RUN, misses });
  assert.ok(ariOf(data, rounds.at(-1)!.global.means) > 0.99);
  assert.ok(rounds.every(({ dropped }) => dropped.length === 1 && dropped[0].client === "3"));
});

test("a declared number of rows a factor of two off does no harm", async () => {
  const data = blobs(4000, 4);
  for (const declaredRows of [2000, 8000]) {
    const { rounds } = await runPrivately(data.parts, { ...RUN, declaredRows });
    assert.ok(ariOf(data, rounds.at(-1)!.global.means) > 0.99, `${declaredRows}`);
  }
});

test("next to no budget, no rows and rows that are all the same still give means in the box", async () => {
  const none = { data: new Float64Array(0), nRows: 0, nColumns: 3 };
  const same = { data: new Float64Array(300).fill(1), nRows: 100, nColumns: 3 };
  for (const [clients, differing] of [
    [[none, none], { declaredRows: 100 }],
    [[same], {}],
    [[same, none], { epsilon: 20 }],
    [[same], { epsilon: 0.001 }],
    [[same], { k: 1 }],
    [[same], { k: 60, epsilon: 8 }],
  ] as const) {
    const run = { ...RUN, ...differing };
    const { rounds } = await runPrivately(clients, run);
    for (const { global, standardErrors } of rounds) {
      assert.equal(global.means.nRows, run.k);
      assert.ok(global.means.data.every((x) => Math.abs(x) <= 1));
      assert.ok(standardErrors?.every((error) => error >= 0 && error < 2) ?? true);
    }
  }
});
