import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEvent } from "#src/federation/event-line.js";
import { liveState, observe } from "#src/notebook/live/live-state.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { cut, localClient } from "../../support/clients.js";
import { eventsOf, serveInline } from "../../support/federation.js";
import { assertClose, gaussianClusters, rowsOf } from "../../support/matrices.js";
import { askPython, skipWithoutPython } from "../../support/python.js";

/** Five features: ordinary, far off, tiny, constant, correlated with the first. */
function featureRows(name: string, n: number): number[][] {
  return rowsOf(gaussianClusters(name, n, 5, 3), 5).map(([a, b, c, , e]) => [
    a,
    1e6 + b,
    1e-6 * c,
    0.1,
    a + 0.5 * e,
  ]);
}

/** Federations by the sizes of their clients, and the threshold below which a client's rows stay out. */
const FEDERATIONS: { name: string; sizes: number[]; threshold: number }[] = [
  { name: "even", sizes: [60, 60, 60], threshold: 2 },
  { name: "one client", sizes: [90], threshold: 2 },
  { name: "very uneven", sizes: [1, 1500, 2, 30], threshold: 1 },
  { name: "a client too small to send", sizes: [40, 4, 50], threshold: 5 },
];

interface Pooled {
  mean: number[];
  std: number[];
  components: number[][];
  variance: number[];
  ratio: number[];
}

test("normalization and PCA of a federation are scikit-learn's on the pooled rows", {
  skip: skipWithoutPython,
}, async () => {
  const federations = FEDERATIONS.map(({ sizes, ...rest }) => ({
    ...rest,
    clients: sizes.map((size, i) => featureRows(`${rest.name} ${i}`, size)),
  }));
  const expected = askPython<Pooled[]>(
    `
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from sklearn.utils.extmath import svd_flip
def pooled(case):
    X = np.concatenate([rows for rows in case["clients"] if len(rows) >= case["threshold"]])
    scaler = StandardScaler().fit(X)
    found = PCA(3, svd_solver="full").fit(scaler.transform(X))
    components = svd_flip(found.components_.T.copy(), found.components_.copy(), u_based_decision=False)[1]
    return {"mean": scaler.mean_, "std": np.sqrt(scaler.var_), "components": components,
            "variance": found.explained_variance_, "ratio": found.explained_variance_ratio_}
answer([pooled(case) for case in cases])
`,
    federations,
  );
  for (const [i, { name, clients, threshold }] of federations.entries()) {
    const events = await serveInline(
      clients.map((rows, j) => localClient(`${j}`, rows, { threshold })),
      { normalize: true, pcaComponents: 3, start: "random", maxIterations: 0 },
    );
    const [{ normalization }] = eventsOf(events, "normalization");
    const [{ pca }] = eventsOf(events, "pca");
    const theirs = expected[i];
    assert.deepEqual(normalization.constantFeatures, [3], name);
    assert.equal(normalization.std[3], 0, name);
    for (const f of [0, 1, 2, 3, 4]) {
      const spread = theirs.std[f] || 1;
      assertClose([normalization.mean[f] / spread], [theirs.mean[f] / spread], 1e-12, `${name}: mean ${f}`);
      if (f !== 3) assertClose([normalization.std[f] / spread], [1], 1e-9, `${name}: deviation ${f}`);
    }
    assertClose(pca.components, theirs.components.flat(), 1e-7, `${name}: components`);
    assertClose(pca.explainedVariance, theirs.variance, 1e-9, `${name}: variance`);
    assertClose(pca.explainedVarianceRatio, theirs.ratio, 1e-9, `${name}: ratio`);
  }
});

test("far from 0, where sums have few digits left, components are still scikit-learn's on the pooled rows", {
  skip: skipWithoutPython,
}, async () => {
  const sizes = [40, 1, 90, 7, 60];
  const clients = sizes.map((size, i) =>
    rowsOf(gaussianClusters(`far from 0 ${i}`, size, 5, 3), 5).map(([a, b, c, d, e]) => [
      a,
      1e8 + 1e-2 * b,
      1e8 + 1e-2 * (c + b / 2),
      d + a,
      -1e8 + 1e-2 * (e + c / 3),
    ]),
  );
  const theirs = askPython<Pick<Pooled, "components" | "ratio">>(
    `
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from sklearn.utils.extmath import svd_flip
found = PCA(3, svd_solver="full").fit(StandardScaler().fit_transform(cases))
components = svd_flip(found.components_.T.copy(), found.components_.copy(), u_based_decision=False)[1]
answer({"components": components, "ratio": found.explained_variance_ratio_})
`,
    clients.flat(),
  );
  const events = await serveInline(
    clients.map((rows, i) => localClient(`${i}`, rows)),
    { normalize: true, pcaComponents: 3, start: "random", maxIterations: 0 },
  );
  const [{ pca }] = eventsOf(events, "pca");
  // A client's sum rounds to its last place, which is a millionth of these features' spread.
  assertClose(pca.components, theirs.components.flat(), 1e-5, "components");
  assertClose(pca.explainedVarianceRatio, theirs.ratio, 1e-6, "ratio");
});

/** Shares of 1 that are added up one by one, so that each row's sum is 1 but for some units in the last place. */
function sumOfShares(random: RandomStream, n: number): number {
  const shares = Array.from({ length: n }, () => -Math.log(1 - random.uniform()));
  const total = shares.reduce((sum, share) => sum + share);
  return shares.reduce((sum, share) => sum + share / total, 0);
}

test("a feature that only rounding spreads is constant, by scikit-learn's rule on the pooled rows", {
  skip: skipWithoutPython,
}, async () => {
  const random = randomStream(0, "near-constant");
  const ulps = (m: number) => 1 + Math.round(m * (2 * random.uniform() - 1)) * Number.EPSILON;
  const rows = rowsOf(gaussianClusters("near-constant", 240, 2, 3, 6), 2).map(([a, b]) => {
    // Spreads on either side of the 240 units in the last place of the rule, none of them near it.
    return [a, b, sumOfShares(random, 2000), 1e6 * ulps(40), ulps(4e6), 1e6 + random.normal(), 1e-9 * a];
  });
  const theirs = askPython<{ constant: number[]; inertia: number; means: number[][] }>(
    `
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
scaler = StandardScaler().fit(cases)
Z = scaler.transform(cases)
found = KMeans(3, init=Z[:3], n_init=1, tol=0, algorithm="lloyd").fit(Z)
answer({"constant": np.flatnonzero((scaler.scale_ == 1) & (scaler.var_ < 0.5)), "inertia": found.inertia_,
        "means": scaler.inverse_transform(found.cluster_centers_)})
`,
    rows,
  );
  assert.deepEqual(theirs.constant, [2, 3]);
  const start = { data: Float64Array.from(rows.slice(0, 3).flat()), nRows: 3, nColumns: 7 };
  for (const sizes of [[240], [80, 100, 60], Array<number>(120).fill(2)]) {
    const events = await serveInline(
      cut(rows, sizes).map((part, i) => localClient(`${i}`, part)),
      { normalize: true, algorithm: "lloyd", k: 3, start, maxIterations: 300 },
    );
    const [{ normalization }] = eventsOf(events, "normalization");
    assert.deepEqual(normalization.constantFeatures, theirs.constant);
    assert.deepEqual(
      normalization.nearlyConstant.map(({ feature }) => feature),
      theirs.constant,
    );
    assert.equal(
      describeEvent(eventsOf(events, "normalization")[0]),
      "normalization: done, 2 constant features (2 but for rounding) kept at 0",
    );
    const [{ metrics, finalMeans }] = eventsOf(events, "evaluation");
    // The mean of a client rounds to its last place, which is a millionth of the fifth feature's spread.
    assertClose([metrics.inertia], [theirs.inertia], 1e-7, "inertia");
    assertClose(finalMeans.data, theirs.means.flat(), 1e-9, "means");
  }
});

test("the line about principal components is of those that the run clusters in", async () => {
  const rows = rowsOf(gaussianClusters("pca line", 60, 4, 3), 4);
  for (const [pcaComponents, said] of [
    [1, "1 component explains"],
    [3, "3 components explain"],
    [null, "2 components explain"],
  ] as const) {
    const events = await serveInline([localClient("a", rows)], { pcaComponents, maxIterations: 1 });
    const [event] = eventsOf(events, "pca");
    const ratios = event.pca.explainedVarianceRatio.slice(0, pcaComponents ?? 2);
    const percent = (100 * ratios.reduce((sum, ratio) => sum + ratio)).toFixed(1);
    assert.equal(describeEvent(event), `PCA: ${said} ${percent} % of the variance`);
    const live = liveState({ pcaComponents, tolerance: 0, maxIterations: 1 });
    observe(live, event);
    assert.deepEqual(live.explained, [...ratios.subarray(0, 2)]);
  }
});

test("two features need no PCA, more get two components for viewing, the clustering stays in the features", async () => {
  for (const [d, nComponents] of [
    [2, null],
    [3, 2],
  ] as const) {
    const rows = rowsOf(gaussianClusters("viewing", 30, d, 3), d);
    const events = await serveInline([localClient("a", rows)], { maxIterations: 1 });
    assert.deepEqual(
      eventsOf(events, "pca").map(({ pca }) => pca.nComponents),
      nComponents === null ? [] : [nComponents],
    );
    assert.equal(eventsOf(events, "round")[1].round.global.means.nColumns, d);
  }
});

test("a feature constant over a thousand uneven clients is reported as constant and ends at 0", async () => {
  const clients = Array.from({ length: 1000 }, (_, i) => {
    const rows = Array.from({ length: 1 + ((i * 7919) % 13) }, (_, j) => [0.1, Math.sin(50 * i + j)]);
    return localClient(`${i}`, rows);
  });
  const events = await serveInline(clients, {
    normalize: true,
    k: 2,
    algorithm: "lloyd",
    maxIterations: 2,
    start: "random",
  });
  assert.deepEqual(eventsOf(events, "normalization")[0].normalization.constantFeatures, [0]);
  const { means } = eventsOf(events, "round").at(-1)!.round.global;
  assert.deepEqual([means.data[0], means.data[2]], [0, 0]);
  // Back on the original scale it is its value again.
  const [{ finalMeans }] = eventsOf(events, "evaluation");
  assertClose([finalMeans.data[0], finalMeans.data[2]], [0.1, 0.1], Number.EPSILON, "original scale");
});

test("rows that are all equal, and clients that may not send, end the run with one clear line", async () => {
  const equal = (n: number) => Array.from({ length: n }, () => [0.1, 0.7, 1e9 / 3]);
  const equals = [1, 2, 3, 5, 7, 11].map((n, i) => localClient(`${i}`, equal(n)));
  const few = ["a", "b"].map((name) =>
    localClient(
      name,
      [
        [1, 2, 3],
        [4, 5, 7],
      ],
      { threshold: 3 },
    ),
  );
  const refused: [typeof equals, boolean, RegExp][] = [
    [
      equals,
      true,
      /^all rows are equal: every feature is constant over the federation, so there is nothing to/,
    ],
    [equals, false, /^all rows are equal, so there is nothing to cluster$/],
    [
      few,
      true,
      /^every client has fewer rows than its group size, or its privacy threshold, so none may send its sums$/,
    ],
    [
      few,
      false,
      /^every client has fewer rows than its group size, or its privacy threshold, so none may send its covariance$/,
    ],
  ];
  for (const [clients, normalize, message] of refused) {
    await assert.rejects(serveInline(clients, { normalize, k: 2 }), { name: "RunError", message });
  }
});
