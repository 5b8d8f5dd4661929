import assert from "node:assert/strict";
import { test } from "node:test";
import { kMeansFrom } from "#src/numerics/k-means.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { silhouetteSum } from "#src/numerics/silhouette.js";
import type { Metrics } from "#src/workflow/metrics.js";
import { assign } from "../support/assign.js";
import { cut, localClient } from "../support/clients.js";
import { eventsOf, serveInline } from "../support/federation.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { askPython, skipWithoutPython } from "../support/python.js";
import { SCORES } from "../support/scores.js";

/** A federation and a start, drawn at random: sizes, offsets and scales of every kind. */
interface Problem {
  seed: number;
  rows: number[][];
  /** A class by name of each row. */
  classes: string[];
  /** Rows of each client. */
  sizes: number[];
  k: number;
  normalize: boolean;
}

/** What long floating-point numbers and scikit-learn make of it. */
interface Expected {
  /** Why there is no one answer: two distances, or two features' rule of constancy, too near to tell; or null. */
  undecided: string | null;
  labels: number[];
  /** On the original scale. */
  means: number[][];
  /** Standard deviation of each feature, in which means are measured. */
  spread: number[];
  metrics: Partial<Record<keyof Metrics, number | null>>;
  /** null where offsets are beyond what scikit-learn's distances bear. */
  theirs: { labels: number[]; inertia: number } | null;
}

const OFFSETS = [0, 0, 0, 1, 1e3, -1e6, 1e9];
const SCALES = [1, 1, 1, 1e-6, 1e6, 1e-50, 1e50];

function problemOf(seed: number): Problem {
  const random = randomStream(seed, "differential");
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)];
  const d = 1 + random.integer(6);
  const n = 4 + random.integer(pick([12, 60, 180]));
  const k = 1 + random.integer(Math.min(8, Math.floor(n / 2)));
  const nCentres = 1 + random.integer(6);
  const apart = pick([0, 2, 8]);
  const centres = Array.from({ length: nCentres }, () =>
    Array.from({ length: d }, () => apart * random.normal()),
  );
  const offsets = Array.from({ length: d }, () => pick(OFFSETS));
  // Without normalization features of other scales would decide nothing.
  const normalize = random.integer(2) === 1;
  const one = pick(SCALES);
  const scales = Array.from({ length: d }, () => (normalize ? pick(SCALES) : one));
  const owner = Array.from({ length: n }, () => random.integer(nCentres));
  const rows = owner.map((centre) =>
    centres[centre].map((at, f) => scales[f] * (offsets[f] + at + random.normal())),
  );
  const classes = owner.map((centre) => String(random.integer(4) === 0 ? random.integer(3) : centre));
  return { seed, rows, classes, sizes: sizesOf(n, random), k, normalize };
}

function sizesOf(n: number, random: RandomStream): number[] {
  const sizes: number[] = [];
  for (let left = n; left > 0; ) {
    const size = Math.min(left, 1 + random.integer(random.integer(3) === 0 ? 3 : n));
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

const REFERENCE = `${SCORES}
from sklearn import metrics
from sklearn.cluster import KMeans
L = np.longdouble
EPS = np.finfo(float).eps
def solve(case):
    X, k = np.array(case["rows"], L), case["k"]
    n = len(X)
    mean, spread = X.mean(0), X.std(0)
    ulps = EPS * np.abs(X).max(0) / np.where(spread > 0, spread, 1)
    Z = (X - mean) / np.where(spread > 0, spread, 1) if case["normalize"] else X
    unit = np.sqrt(Z.var(0).sum())
    # How far a distance may be off in ours, and how far scikit-learn's may, which centres and multiplies out.
    off = 1e-12 + 100 * ulps.max()
    if case["normalize"] and off > 1e-6: return {"undecided": "an offset near to the last place"}
    centres = Z[:k].copy()
    for _ in range(300):
        squares = ((Z[:, None] - centres[None]) ** 2).sum(2)
        nearest = np.sort(squares, axis=1)
        if k > 1 and (nearest[:, 1] - nearest[:, 0]).min() <= (1e-9 + 10 * off) * unit * unit:
            return {"undecided": "a tie"}
        labels = squares.argmin(1)
        if len(np.unique(labels)) < k: return {"undecided": "an empty cluster"}
        moved = np.array([Z[labels == c].mean(0) for c in range(k)])
        settled = (np.abs(moved - centres) <= 1e-15 * unit).all()
        centres = moved
        if settled: break
    own, other = np.sqrt(nearest[:, 0]), np.sqrt(nearest[:, 1]) if k > 1 else None
    classes = np.unique(case["classes"], return_inverse=True)[1]
    ends = np.cumsum(case["sizes"])
    parts = np.split(np.arange(n), ends[:-1])
    scores = [metrics.adjusted_rand_score(classes[p], labels[p]) for p in parts]
    found = {
        "inertia": (own ** 2).sum() / (unit * unit), "nSamples": n, "nSamplesInInertia": n, "nSamplesWithheld": 0,
        "simplifiedSilhouetteScore": (1 - own / other).mean() if k > 1 else None,
        "daviesBouldinScore": davies_bouldin(Z, labels) if k > 1 else None,
        "calinskiHarabaszScore": calinski_harabasz(Z, labels) if 1 < k < n else None,
        "silhouetteScore": silhouette(Z, labels) if k > 1 else None,
        "adjustedRandIndex": metrics.adjusted_rand_score(classes, labels),
        "normalizedMutualInformation": metrics.normalized_mutual_info_score(classes, labels),
        "meanClientAdjustedRandIndex": np.average(scores, weights=case["sizes"]),
    }
    theirs = None
    if ulps.max() < 1e-9:
        # scikit-learn squares without a scale of its own; tiny and huge rows are handed to it in units of their spread.
        F = np.array(Z / unit, float)
        km = KMeans(k, init=F[:k], n_init=1, tol=0, max_iter=300, algorithm="lloyd").fit(F)
        theirs = {"labels": km.labels_, "inertia": km.inertia_}
    back = np.array([X[labels == c].mean(0) for c in range(k)])
    number = lambda value: None if value is None else float(value)
    return {"undecided": None, "labels": labels, "means": back.astype(float), "spread": spread.astype(float),
            "unit": float(unit), "off": float(off), "metrics": {key: number(value) for key, value in found.items()},
            "theirs": theirs}
# Before version 1.1 the algorithm had another name.
answer([solve(case) for case in cases])
`;

/** Cases handed to one start of Python. */
const BATCH = 500;

const near = (actual: number | null, expected: number | null, tolerance: number, what: string) => {
  if (actual === null || expected === null) assert.equal(actual, expected, what);
  else {
    const limit = tolerance * Math.max(1, Math.abs(expected));
    assert.ok(Math.abs(actual - expected) <= limit, `${what}: expected ${expected}, found ${actual}`);
  }
};

async function check(problem: Problem, expected: Expected & { unit: number; off: number }): Promise<void> {
  const { seed, rows, classes, sizes, k, normalize } = problem;
  const what = (name: string) => `seed ${seed}, ${name}`;
  const d = rows[0].length;
  const start = { data: Float64Array.from(rows.slice(0, k).flat()), nRows: k, nColumns: d };
  const labels = cut(classes, sizes);
  const events = await serveInline(
    cut(rows, sizes).map((part, i) => localClient(`${i}`, part, { labels: labels[i] })),
    { algorithm: "lloyd", k, start, normalize, maxIterations: 300 },
  );
  const dropped = events.flatMap((event) => ("dropped" in event ? event.dropped : []));
  assert.deepEqual(dropped, [], what("nobody is dropped"));
  const [{ metrics, finalMeans }] = eventsOf(events, "evaluation");
  const [normalization] = eventsOf(events, "normalization");
  const { unit, off } = expected;
  // Sizes say that every row is in its cluster, as far as they can; the labels below say it of each row.
  const counts = Array.from({ length: k }, (_, c) => expected.labels.filter((label) => label === c).length);
  assert.deepEqual(metrics.clusterSizes, counts, what("cluster sizes"));
  for (let i = 0; i < finalMeans.data.length; i++) {
    const spread = expected.spread[i % d] || 1;
    const mean = expected.means[Math.floor(i / d)][i % d];
    const limit = (1e-9 + off) * spread + 4 * Number.EPSILON * Math.abs(mean);
    assert.ok(
      Math.abs(finalMeans.data[i] - mean) <= limit,
      what(`mean ${i}: ${mean}, ${finalMeans.data[i]}`),
    );
  }
  const tolerance = 1e-9 + 100 * off;
  for (const [name, value] of Object.entries(expected.metrics)) {
    if (name === "silhouetteScore") continue;
    const found = metrics[name as keyof Metrics] as number | null;
    const inUnits = name === "inertia" ? found! / unit / unit : found;
    near(inUnits, value, tolerance, what(name));
  }

  // The same rows, as clustered, on their own: k-means from the start, and the exact silhouette.
  const { mean, std } = normalization?.normalization ?? { mean: new Float64Array(d), std: null };
  const clustered = Float64Array.from(rows.flat(), (value, i) => {
    if (std === null) return value / unit;
    return std[i % d] > 0 ? (value - mean[i % d]) / std[i % d] / unit : 0;
  });
  const options = { maxIterations: 300, tolerance: 0 };
  const fit = kMeansFrom(clustered, d, clustered.slice(0, k * d), options);
  assert.deepEqual([...fit.labels], expected.labels, what("labels"));
  near(fit.inertia, expected.metrics.inertia!, tolerance, what("inertia of a fit"));
  const again = new Int32Array(rows.length);
  near(assign(clustered, d, fit.means, again), fit.inertia, 1e-12, what("inertia of an assignment"));
  assert.deepEqual(again, fit.labels, what("labels of an assignment"));
  if (k > 1) {
    const all = { rows: clustered, labels: again, weights: null };
    const sum = silhouetteSum(all, all, d, k);
    near(sum / rows.length, expected.metrics.silhouetteScore!, tolerance, what("silhouette"));
  }
  if (expected.theirs !== null) {
    assert.deepEqual([...fit.labels], expected.theirs.labels, what("labels against scikit-learn"));
    near(fit.inertia, expected.theirs.inertia, 1e-6, what("inertia against scikit-learn"));
  }
}

test("fits, federated lloyd and every metric are scikit-learn's and the formulas', whatever the rows", {
  skip: skipWithoutPython,
}, async () => {
  const nCases = fuzzCases(150);
  const seeds = Array.from({ length: nCases }, (_, i) => FUZZ_SEED * 1_000_003 + i);
  let compared = 0;
  let withTheirs = 0;
  for (let at = 0; at < nCases; at += BATCH) {
    const problems = seeds.slice(at, at + BATCH).map(problemOf);
    const answers = askPython<(Expected & { unit: number; off: number })[]>(REFERENCE, problems);
    for (const [i, problem] of problems.entries()) {
      if (answers[i].undecided !== null) continue;
      compared += 1;
      withTheirs += Number(answers[i].theirs !== null);
      await check(problem, answers[i]);
    }
  }
  assert.ok(compared >= nCases / 2, `${compared} of ${nCases} cases had one answer`);
  assert.ok(withTheirs >= nCases / 4, `${withTheirs} of ${nCases} cases were scikit-learn's to answer`);
});
