import assert from "node:assert/strict";
import { test } from "node:test";
import { squaredDistance } from "#src/numerics/distances.js";
import { type KMeansOptions, type KMeansResult, kMeans, kMeansFrom } from "#src/numerics/k-means.js";
import { kMeansPlusPlus } from "#src/numerics/k-means-plus-plus.js";
import { meansFromSums } from "#src/numerics/means.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { assign, clusterSums } from "../support/assign.js";
import { assertClose, flat, gaussianClusters, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

interface Problem {
  rows: number[][];
  weights: Float64Array | null;
  start: number[][];
  maxIterations: number;
  tolerance: number;
}

interface Solution {
  means: number[][];
  inertia: number;
  /** Total weight of each cluster under the final means. */
  counts: number[];
}

function solveWithScikitLearn(problems: Problem[]): Solution[] {
  return askPython(
    `
from sklearn.cluster import KMeans
solutions = []
for case in cases:
    X, start = np.array(case["rows"]), np.array(case["start"])
    weights = None if case["weights"] is None else np.array(case["weights"])
    found = KMeans(len(start), init=start, n_init=1, algorithm="lloyd", max_iter=case["maxIterations"],
                   tol=case["tolerance"]).fit(X, sample_weight=weights)
    counts = np.bincount(found.labels_, weights, minlength=len(start))
    solutions.append({"means": found.cluster_centers_, "inertia": found.inertia_, "counts": counts})
answer(solutions)
`,
    problems,
  );
}

function weightsOf(name: string, n: number): Float64Array {
  const random = randomStream(2, name);
  return new Float64Array(n).map(() => 0.5 + 3 * random.uniform());
}

/** A stream that makes k-means++ start from the given rows: every draw falls into the wanted row's share. */
function drawing(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  chosen: number[],
): RandomStream {
  const nCandidates = 2 + Math.floor(Math.log(chosen.length));
  const draws: number[] = [];
  for (const [c, row] of chosen.entries()) {
    const shares = Array.from({ length: rows.length / d }, (_, i) => {
      const distances = chosen.slice(0, c).map((other) => squaredDistance(rows, i, rows, other, d));
      return (weights === null ? 1 : weights[i]) * (c === 0 ? 1 : Math.min(...distances));
    });
    const before = shares.slice(0, row).reduce((sum, share) => sum + share, 0);
    const total = shares.reduce((sum, share) => sum + share, 0);
    draws.push(...new Array(c === 0 ? 1 : nCandidates).fill((before + shares[row] / 2) / total));
  }
  const others = randomStream(0, "unused");
  return { ...others, uniform: () => draws.shift()! };
}

function pick(rows: Float64Array, d: number, chosen: number[]): Float64Array {
  return flat(chosen.map((i) => Array.from(rows.subarray(i * d, (i + 1) * d))));
}

/** Whether Lloyd's algorithm, left alone, loses a cluster on the way from here. */
function losesCluster(
  rows: Float64Array,
  d: number,
  weights: Float64Array | null,
  start: Float64Array,
): boolean {
  const labels = new Int32Array(rows.length / d);
  let means = start;
  for (let iteration = 0; iteration < 50; iteration++) {
    assign(rows, d, means, labels);
    const { sums, counts } = clusterSums(rows, d, start.length / d, labels, weights);
    if (counts.includes(0)) return true;
    means = meansFromSums(sums, counts, means);
  }
  return false;
}

/** A problem and our solution of it. */
interface Solved extends Problem {
  ours: Solution;
}

function solved(problem: Problem, d: number, { means, inertia, counts }: KMeansResult): Solved {
  return { ...problem, ours: { means: rowsOf(means, d), inertia, counts: Array.from(counts) } };
}

/** Problems of all shapes, weightings and efforts. */
function ordinaryProblems(): Solved[] {
  const problems: Solved[] = [];
  for (const [n, d, k] of [
    [60, 2, 3],
    [1500, 3, 7],
    [400, 1, 5],
    [90, 20, 4],
    [40, 2, 40],
  ]) {
    for (const weighting of ["none", "uneven", "some zero"]) {
      for (const [maxIterations, tolerance] of [
        [1, 0],
        [2, 0],
        [300, 0],
        [300, 1e-2],
      ]) {
        const name = `${n} ${d} ${k} ${weighting}`;
        const rows = gaussianClusters(name, n, d, k, 1);
        const weights = weighting === "none" ? null : weightsOf(name, n);
        if (weighting === "some zero") for (let i = 0; i < n; i += 3) weights![i] = 0;
        const start = kMeansPlusPlus(rows, d, k, weights, randomStream(4, name));
        const options = { maxIterations, tolerance, restarts: 1 };
        const found = kMeans(rows, d, k, weights, options, randomStream(4, name));
        const problem = { rows: rowsOf(rows, d), weights, start: rowsOf(start, d), maxIterations, tolerance };
        problems.push(solved(problem, d, found));
      }
    }
  }
  return problems;
}

/** Problems that lose a cluster on the way, by the seeds of their rows and start. */
function losingProblems(): Solved[] {
  const lost: [n: number, d: number, k: number, weighted: boolean, seeds: number[]][] = [
    [10, 2, 5, false, [667, 1435, 2431, 2542]],
    [20, 2, 6, false, [533, 666, 4304, 4405]],
    [30, 1, 10, false, [173, 1194, 1207]],
    [60, 2, 20, false, [74, 368, 378]],
    [10, 2, 5, true, [1464, 3361, 3942]],
    [30, 3, 8, true, [449, 4685, 7142]],
  ];
  const problems: Solved[] = [];
  for (const [n, d, k, weighted, seeds] of lost) {
    for (const seed of seeds) {
      const random = randomStream(seed, "rows");
      const rows = new Float64Array(n * d).map(() => random.normal());
      const weights = weighted ? new Float64Array(n).map(() => 0.5 + 3 * random.uniform()) : null;
      const chosen = random.shuffle([...Array(n).keys()]).slice(0, k);
      const start = pick(rows, d, chosen);
      assert.ok(losesCluster(rows, d, weights, start), `seed ${seed} loses a cluster`);
      const effort = { maxIterations: 300, tolerance: 0 };
      const draws = drawing(rows, d, weights, chosen);
      const found = kMeans(rows, d, k, weights, { ...effort, restarts: 1 }, draws);
      problems.push(solved({ rows: rowsOf(rows, d), weights, start: rowsOf(start, d), ...effort }, d, found));
    }
  }
  return problems;
}

const ORDINARY = ordinaryProblems();
const LOSING = losingProblems();

/** scikit-learn's solutions of both, in one start of Python. */
let solutions: Solution[] | undefined;
function scikitLearn(): Solution[] {
  return (solutions ??= solveWithScikitLearn(
    [...ORDINARY, ...LOSING].map(({ ours: _, ...problem }) => problem),
  ));
}

test("k-means equals scikit-learn's KMeans from the same start, with the same sample weights", {
  skip: skipWithoutPython,
}, () => {
  for (const [i, { rows, maxIterations, tolerance, start, ours }] of ORDINARY.entries()) {
    const theirs = scikitLearn()[i];
    const what = `${rows.length} rows, ${start.length} clusters, ${maxIterations} iterations, tol ${tolerance}`;
    assertClose(ours.means.flat(), theirs.means.flat(), 1e-10, `${what}: means`);
    assertClose([ours.inertia], [theirs.inertia], 1e-10, `${what}: inertia`);
    // At the end of a run to the end, the rows behind a mean are the rows nearest to it.
    if (maxIterations === 300 && tolerance === 0) assertClose(ours.counts, theirs.counts, 1e-12, what);
  }
});

test("a cluster that loses its rows moves to the farthest row, as in scikit-learn", {
  skip: skipWithoutPython,
}, () => {
  for (const [i, { ours, start }] of LOSING.entries()) {
    const theirs = scikitLearn()[ORDINARY.length + i];
    assertClose(ours.means.flat(), theirs.means.flat(), 1e-12, `${start.length} clusters, problem ${i}`);
    assertClose([ours.inertia], [theirs.inertia], 1e-12, `${start.length} clusters, problem ${i}`);
  }
});

test("a fit from a given start has scikit-learn's labels, centres, inertia and number of iterations", {
  skip: skipWithoutPython,
}, () => {
  const problems = [
    { n: 3000, d: 4, k: 12, tolerance: 1e-4 },
    { n: 2000, d: 12, k: 20, tolerance: 0 },
    { n: 50, d: 2, k: 3, tolerance: 0 },
  ].map(({ n, d, k, tolerance }) => {
    const rows = gaussianClusters(`fit ${n}`, n, d, k, 1);
    return { rows: rowsOf(rows, d), start: rowsOf(rows.subarray(0, k * d), d), tolerance };
  });
  const theirs = askPython<{ labels: number[]; centers: number[][]; inertia: number; iterations: number }[]>(
    `
from sklearn.cluster import KMeans
def fit(case):
    found = KMeans(len(case["start"]), init=np.array(case["start"]), n_init=1, algorithm="lloyd",
                   tol=case["tolerance"]).fit(np.array(case["rows"]))
    return {"labels": found.labels_, "centers": found.cluster_centers_, "inertia": found.inertia_,
            "iterations": found.n_iter_}
answer([fit(case) for case in cases])
`,
    problems,
  );
  for (const [i, { rows, start, tolerance }] of problems.entries()) {
    const ours = kMeansFrom(flat(rows), rows[0].length, flat(start), { maxIterations: 300, tolerance });
    assert.deepEqual(Array.from(ours.labels), theirs[i].labels, `problem ${i}`);
    assertClose(ours.means, theirs[i].centers.flat(), 1e-10, `problem ${i}: centres`);
    assertClose([ours.inertia], [theirs[i].inertia], 1e-10, `problem ${i}: inertia`);
    // With a tolerance of 0 scikit-learn stops a step earlier, when no label changed.
    assert.ok(
      ours.iterations - theirs[i].iterations <= (tolerance === 0 ? 1 : 0),
      `problem ${i}: iterations`,
    );
  }
});

test("of several restarts the one of least inertia wins", () => {
  const rows = gaussianClusters("restarts", 200, 2, 9);
  const options: KMeansOptions = { maxIterations: 100, tolerance: 0, restarts: 8 };
  const together = kMeans(rows, 2, 9, null, options, randomStream(0, "restarts"));
  const random = randomStream(0, "restarts");
  const apart = Array.from({ length: 8 }, () =>
    kMeans(rows, 2, 9, null, { ...options, restarts: 1 }, random),
  );
  const inertias = apart.map((result) => result.inertia);
  assert.ok(new Set(inertias).size > 2, "the restarts differ");
  assert.deepEqual(together, apart[inertias.indexOf(Math.min(...inertias))]);
});

test("fewer distinct rows of positive weight than clusters give one mean for each of them", () => {
  const rows = flat([
    [1, 1],
    [2, 0],
    [1, 1],
    [5, 5],
    [2, 0],
    [2, 0],
  ]);
  const weights = Float64Array.of(1, 2, 1, 0, 1, 1);
  const options = { maxIterations: 10, tolerance: 0, restarts: 3 };
  const { means, counts, inertia } = kMeans(rows, 2, 5, weights, options, randomStream(0, "few"));
  const found = rowsOf(means, 2).map((mean, c) => [...mean, counts[c]]);
  assert.deepEqual(
    found.sort((a, b) => a[0] - b[0]),
    [
      [1, 1, 2],
      [2, 0, 4],
    ],
  );
  assert.equal(inertia, 0);
});
