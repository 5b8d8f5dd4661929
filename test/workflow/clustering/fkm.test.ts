import assert from "node:assert/strict";
import { test } from "node:test";
import { kMeansPlusPlus } from "#src/numerics/k-means-plus-plus.js";
import { randomStream } from "#src/numerics/random.js";
import { answer } from "#src/workflow/answers.js";
import { answerStart, startRequest } from "#src/workflow/clustering/fkm.js";
import { type LocalClusters, readLocalClusters } from "#src/workflow/clustering/local-clusters.js";
import { updateRequest } from "#src/workflow/clustering/update.js";
import { cut, localClient } from "../../support/clients.js";
import { eventsOf, NO_TRANSFORM, serveInline } from "../../support/federation.js";
import { assertClose, flat, gaussianClusters, rowsOf } from "../../support/matrices.js";
import { askPython, skipWithoutPython } from "../../support/python.js";

const FKM = {
  algorithm: "fkm",
  localIterations: 1,
  dropEmpty: true,
  asPublished: false,
  privacyThreshold: 1,
} as const;
const START = {
  kLocal: 4,
  localIterations: 1,
  asPublished: false,
  randomState: 0,
  privacyThreshold: 1,
  restarts: 10,
};

/** What the server knows after one client's answer to some global means. */
function update(
  rows: number[][],
  means: number[][],
  options: Partial<Parameters<typeof updateRequest>[2]>,
): LocalClusters {
  const d = rows[0].length;
  const global = { data: flat(means), nRows: means.length, nColumns: d };
  const reply = answer(
    localClient("a", rows).local,
    updateRequest(NO_TRANSFORM, global, { ...FKM, ...options }),
  );
  return readLocalClusters(reply, d, means.length);
}

const LINE = [0, 1, 2, 10, 11, 40].map((x) => [x]);
const LINE_MEANS = [[4], [100], [12], [-50]];

test("fkm drops the global means that get none of the rows, and says which the others began as", () => {
  const clusters = update(LINE, LINE_MEANS, {});
  assert.deepEqual(rowsOf(clusters.means.data, 1), [[1], [61 / 3]]);
  assert.deepEqual(Array.from(clusters.counts), [3, 3]);
  assert.deepEqual(Array.from(clusters.origins), [0, 2]);
  // Inertia is under the means that were sent: 16 + 9 + 4 + 4 + 1 + 784.
  assert.equal(clusters.inertia, 818);
});

test("without drop-empty, global means without rows come back as they were, with count 0", () => {
  const clusters = update(LINE, LINE_MEANS, { dropEmpty: false, localIterations: 5, privacyThreshold: 2 });
  assert.deepEqual(rowsOf(clusters.means.data, 1), [[4.8], [100], [-50]]);
  assert.deepEqual(Array.from(clusters.counts), [5, 0, 0]);
  assert.deepEqual(Array.from(clusters.origins), [0, 1, 3]);
  assert.deepEqual(Array.from(clusters.beforeFilter.counts), [5, 0, 1, 0]);
  assert.deepEqual(Array.from(clusters.beforeFilter.sent), [1, 1, 0, 1]);
});

test("lloyd sums the rows of each global mean, however many local iterations are set", () => {
  const clusters = update(LINE, LINE_MEANS, { algorithm: "lloyd", localIterations: 5, dropEmpty: false });
  assert.deepEqual(Array.from(clusters.sums), [3, 61]);
  assert.deepEqual(Array.from(clusters.counts), [3, 3]);
  assert.deepEqual(Array.from(clusters.origins), [0, 2]);
  assert.deepEqual(rowsOf(clusters.means.data, 1), [[1], [61 / 3]]);
});

test("a mean that loses its rows in a later local iteration leaves nothing of where they were", () => {
  const rows = [[8], [10], [19], [22]];
  const means = [[2], [14], [25]];
  const once = update(rows, means, {});
  assert.deepEqual(rowsOf(once.means.data, 1), [[8], [14.5], [22]]);
  const twice = update(rows, means, { localIterations: 2 });
  assert.deepEqual(rowsOf(twice.means.data, 1), [[9], [20.5]]);
  assert.deepEqual(Array.from(twice.origins), [0, 2]);
  const kept = update(rows, means, { localIterations: 2, dropEmpty: false });
  assert.deepEqual(rowsOf(kept.means.data, 1), [[9], [14], [20.5]]);
  assert.deepEqual(Array.from(kept.counts), [2, 0, 2]);
});

test("local iterations are scikit-learn's Lloyd iterations from the means that keep rows", {
  skip: skipWithoutPython,
}, () => {
  const rows = rowsOf(gaussianClusters("local", 300, 3, 6, 1), 3);
  const means = [...rows.slice(0, 6), [500, 500, 500]];
  const iterations = [1, 2, 3, 10, 200];
  const expected = askPython<{ means: number[][]; inertia: number }[]>(
    `
from sklearn.cluster import KMeans
X, start = np.array(cases["rows"]), np.array(cases["means"])[:6]
inertia = ((X[:, None] - start[None]) ** 2).sum(2).min(1).sum()
answer([{"means": KMeans(6, init=start, n_init=1, max_iter=r, tol=0).fit(X).cluster_centers_, "inertia": inertia}
        for r in cases["iterations"]])
`,
    { rows, means, iterations },
  );
  for (const [i, localIterations] of iterations.entries()) {
    const clusters = update(rows, means, { localIterations });
    assertClose(clusters.means.data, expected[i].means.flat(), 1e-12, `${localIterations} iterations`);
    assertClose([clusters.inertia], [expected[i].inertia], 1e-12, "inertia of the means that were sent");
    assert.deepEqual(Array.from(clusters.origins), [0, 1, 2, 3, 4, 5]);
  }
});

test("a client starts from k-means++ on its own rows, the best of ten, from a stream of its own", () => {
  const rows = rowsOf(gaussianClusters("start", 60, 2, 4, 1), 2);
  const client = localClient("Dream", rows);
  const start = readLocalClusters(answerStart(client.local, startRequest(NO_TRANSFORM, START)), 2, 0);
  assert.deepEqual(Array.from(start.origins), [-1, -1, -1, -1]);
  assert.equal(
    start.counts.reduce((a, b) => a + b),
    60,
  );
  // Ten k-means++ starts of the stream of that name, each with one step of Lloyd's algorithm as fkm does it.
  const random = randomStream(0, "start/Dream");
  const candidates = Array.from({ length: 10 }, () => {
    const first = rowsOf(kMeansPlusPlus(flat(rows), 2, 4, null, random), 2);
    const stepped = update(rows, first, {});
    return { means: stepped.means.data, inertia: update(rows, rowsOf(stepped.means.data, 2), {}).inertia };
  });
  const least = Math.min(...candidates.map(({ inertia }) => inertia));
  assert.equal(start.inertia, least);
  assert.deepEqual(start.means.data, candidates.find(({ inertia }) => inertia === least)!.means);

  const fewer = (restarts: number) =>
    readLocalClusters(answerStart(client.local, startRequest(NO_TRANSFORM, { ...START, restarts })), 2, 0);
  assert.deepEqual(fewer(1).means.data, candidates[0].means);
  assert.equal(fewer(3).inertia, Math.min(...candidates.slice(0, 3).map(({ inertia }) => inertia)));

  const named = (name: string, randomState: number) =>
    readLocalClusters(
      answerStart(localClient(name, rows).local, startRequest(NO_TRANSFORM, { ...START, randomState })),
      2,
      0,
    );
  assert.deepEqual(named("Dream", 0), start);
  assert.notDeepEqual(named("Biscoe", 0).means, start.means);
  assert.notDeepEqual(named("Dream", 1).means, start.means);
});

test("a client with fewer rows than clusters starts with as many clusters as it has distinct rows", () => {
  const client = localClient("small", [
    [1, 1],
    [2, 2],
    [2, 2],
  ]);
  const start = readLocalClusters(
    answerStart(client.local, startRequest(NO_TRANSFORM, { ...START, kLocal: 9 })),
    2,
    0,
  );
  assert.deepEqual(rowsOf(start.means.data, 2).sort(), [
    [1, 1],
    [2, 2],
  ]);
  assert.deepEqual(Array.from(start.counts).sort(), [1, 2]);
});

test("the server's and the clients' numbers of clusters are told apart", async () => {
  const rows = rowsOf(gaussianClusters("k-local", 120, 2, 5), 2);
  const clients = () => cut(rows, [60, 60]).map((part, i) => localClient(`${i}`, part));
  const events = await serveInline(clients(), { k: 5, kLocal: 8, maxIterations: 2 });
  const rounds = eventsOf(events, "round").map(({ round }) => round);
  assert.deepEqual(
    rounds[0].locals.map(({ clusters }) => clusters.means.nRows),
    [8, 8],
  );
  assert.ok(rounds.every(({ global }) => global.means.nRows === 5));
});
