import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, localClient } from "../../support/clients.js";
import { eventsOf, serveInline } from "../../support/federation.js";
import { assertClose, gaussianClusters, rowsOf } from "../../support/matrices.js";
import { askPython, skipWithoutPython } from "../../support/python.js";

interface Problem {
  name: string;
  rows: number[][];
  sizes: number[];
  k: number;
  normalize: boolean;
  pcaComponents: number | null;
}

const ROUNDS = 12;

function problem(
  name: string,
  sizes: number[],
  d: number,
  k: number,
  normalize: boolean,
  pca: number | null,
): Problem {
  const n = sizes.reduce((a, b) => a + b);
  return {
    name,
    rows: rowsOf(gaussianClusters(name, n, d, k, 1), d),
    sizes,
    k,
    normalize,
    pcaComponents: pca,
  };
}

const PROBLEMS: Problem[] = [
  problem("plain, uneven clients", [1, 400, 30, 2], 2, 5, false, null),
  problem("one client", [300], 3, 6, false, null),
  problem("normalized", [100, 100, 900], 4, 4, true, null),
  problem("in principal components", [200, 150], 6, 5, true, 2),
];

test("lloyd equals scikit-learn's KMeans on the pooled rows, round by round, from the same start", {
  skip: skipWithoutPython,
}, async () => {
  const expected = askPython<{ rounds: number[][][]; original: number[][][] }[]>(
    `
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from sklearn.utils.extmath import svd_flip
def solve(case):
    X, k = np.array(case["rows"]), case["k"]
    start = X[:k]
    scaler = StandardScaler(with_mean=case["normalize"], with_std=case["normalize"]).fit(X)
    Z, start = scaler.transform(X), scaler.transform(start)
    back = lambda means: scaler.inverse_transform(means)
    if case["pcaComponents"]:
        pca = PCA(case["pcaComponents"], svd_solver="full").fit(Z)
        pca.components_ = svd_flip(pca.components_.T.copy(), pca.components_.copy(), u_based_decision=False)[1]
        Z, start = pca.transform(Z), pca.transform(start)
        back = lambda means: scaler.inverse_transform(pca.inverse_transform(means))
    rounds = [KMeans(k, init=start, n_init=1, algorithm="lloyd", max_iter=r, tol=0).fit(Z).cluster_centers_
              for r in range(1, case["nRounds"] + 1)]
    return {"rounds": [start] + rounds, "original": [back(means) for means in [start] + rounds]}
answer([solve(case) for case in cases])
`,
    PROBLEMS.map((one) => ({ ...one, nRounds: ROUNDS })),
  );
  for (const [i, { name, rows, sizes, k, normalize, pcaComponents }] of PROBLEMS.entries()) {
    const d = rows[0].length;
    const start = { data: Float64Array.from(rows.slice(0, k).flat()), nRows: k, nColumns: d };
    const events = await serveInline(
      cut(rows, sizes).map((part, j) => localClient(`${j}`, part)),
      { algorithm: "lloyd", k, start, maxIterations: ROUNDS, normalize, pcaComponents },
    );
    const rounds = eventsOf(events, "round");
    assert.ok(rounds.length >= 6, `${name}: ${rounds.length} rounds`);
    for (const { round } of rounds) {
      const what = `${name}, round ${round.round}`;
      assertClose(round.global.means.data, expected[i].rounds[round.round].flat(), 1e-9, what);
      assert.deepEqual(round.global.carriedOver, [], what);
    }
    const [{ rounds: last, converged }] = eventsOf(events, "clustered");
    assert.equal(last, rounds.length - 1);
    assert.equal(converged, rounds.at(-1)!.round.convergenceChange === 0);
    const [{ finalMeans }] = eventsOf(events, "evaluation");
    assertClose(finalMeans.data, expected[i].original[last].flat(), 1e-9, `${name}, on the original scale`);
  }
});

test("lloyd gives the same means however the rows are cut into clients", async () => {
  const { rows, k } = PROBLEMS[0];
  const start = { data: Float64Array.from(rows.slice(0, k).flat()), nRows: k, nColumns: 2 };
  const runs = await Promise.all(
    [[433], [1, 432], [200, 200, 33]].map((sizes) =>
      serveInline(
        cut(rows, sizes).map((part, j) => localClient(`${j}`, part)),
        { algorithm: "lloyd", k, start, maxIterations: 30 },
      ),
    ),
  );
  const finals = runs.map((events) => eventsOf(events, "evaluation")[0]);
  for (const { finalMeans, metrics } of finals.slice(1)) {
    assertClose(finalMeans.data, finals[0].finalMeans.data, 1e-12, "means");
    assert.deepEqual(metrics.clusterSizes, finals[0].metrics.clusterSizes);
  }
});

test("a run ends once the means move by at most the tolerance", async () => {
  const { rows, sizes, k } = PROBLEMS[0];
  const start = { data: Float64Array.from(rows.slice(0, k).flat()), nRows: k, nColumns: 2 };
  const clients = () => cut(rows, sizes).map((part, j) => localClient(`${j}`, part));
  const all = await serveInline(clients(), { algorithm: "lloyd", k, start, maxIterations: 100 });
  const changes = eventsOf(all, "round").map(({ round }) => round.convergenceChange);
  assert.deepEqual([changes[0], changes.at(-1)], [null, 0]);
  const tolerance = changes[4]!;
  const expected = changes.findIndex((change) => change !== null && change <= tolerance);
  for (const [maxIterations, rounds, converged] of [
    [100, expected, true],
    [2, 2, false],
    [0, 0, false],
  ] as const) {
    const events = await serveInline(clients(), { algorithm: "lloyd", k, start, maxIterations, tolerance });
    assert.deepEqual(eventsOf(events, "clustered"), [
      { type: "clustered", rounds, converged, cycleLength: null },
    ]);
  }
});
