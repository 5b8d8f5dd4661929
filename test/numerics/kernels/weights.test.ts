import assert from "node:assert/strict";
import { test } from "node:test";
import { type KMeansFit, kMeans, kMeansFrom } from "#src/numerics/k-means.js";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { BlockwiseAssignment } from "#src/numerics/kernels/direct/blockwise-assignment.js";
import { DirectAssignment } from "#src/numerics/kernels/direct/direct-assignment.js";
import { openAssignment } from "#src/numerics/open-assignment.js";
import { randomStream } from "#src/numerics/random.js";
import { assertClose, gaussianClusters, rowsOf } from "../../support/matrices.js";
import { askPython, skipWithoutPython } from "../../support/python.js";
import { assertSameBits } from "../../support/values.js";

/** Shapes that each strategy takes, and the strategy. */
const SHAPES = [
  [300, 4, 5, DirectAssignment],
  [40_000, 4, 3, BlockwiseAssignment],
  [6_000, 30, 9, BoundedAssignment],
  [3_000, 12, 70, BoundedAssignment],
  [2_000, 80, 20, BoundedAssignment],
] as const;
const OPTIONS = { maxIterations: 12, tolerance: 0 };

function problem(n: number, d: number, k: number) {
  const rows = gaussianClusters(`weights ${n} ${d} ${k}`, n, d, k, 2);
  const random = randomStream(n, "weights");
  return {
    rows,
    start: rows.slice(0, k * d),
    fractions: Float64Array.from({ length: n }, () => 0.25 + 3 * random.uniform()),
    wholes: Float64Array.from({ length: n }, () => 1 + Math.floor(3 * random.uniform())),
  };
}

test("each shape is assigned as it should be here", () => {
  for (const [n, d, k, strategy] of SHAPES) {
    const { rows, fractions } = problem(n, d, k);
    for (const weights of [null, fractions]) {
      const assignment = openAssignment(rows, d, k, weights);
      assert.ok(assignment instanceof strategy, `${n} ${d} ${k}`);
      assignment.close();
    }
  }
});

test("k-means with weights is scikit-learn's from the same start", { skip: skipWithoutPython }, () => {
  const problems = SHAPES.map(([n, d, k]) => ({ d, ...problem(n, d, k) }));
  const theirs = askPython<{ means: number[][]; inertia: number; counts: number[] }[]>(
    `
from sklearn.cluster import KMeans
solutions = []
for case in cases:
    X, weights = np.array(case["rows"]), np.array(case["weights"])
    start = np.array(case["start"])
    found = KMeans(len(start), init=start, n_init=1, algorithm="lloyd", max_iter=${OPTIONS.maxIterations}, tol=0).fit(X, sample_weight=weights)
    solutions.append({"means": found.cluster_centers_, "inertia": found.inertia_,
                      "counts": np.bincount(found.labels_, weights, minlength=len(start))})
answer(solutions)
`,
    problems.map(({ d, rows, start, fractions }) => ({
      rows: rowsOf(rows, d),
      start: rowsOf(start, d),
      weights: fractions,
    })),
  );
  for (const [i, { d, rows, start, fractions }] of problems.entries()) {
    const ours = kMeansFrom(rows, d, start, OPTIONS, fractions);
    assertClose(ours.means, theirs[i].means.flat(), 1e-9, `means ${i}`);
    assertClose([ours.inertia], [theirs[i].inertia], 1e-9, `inertia ${i}`);
    assertClose(totals(ours, fractions), theirs[i].counts, 1e-9, `counts ${i}`);
  }
});

test("a row of a whole weight counts as so many rows", () => {
  for (const [n, d, k] of SHAPES) {
    const { rows, start, wholes } = problem(n, d, k);
    const repeated = rowsOf(rows, d).flatMap((row, i) => new Array<number[]>(wholes[i]).fill(row));
    const expected = kMeansFrom(Float64Array.from(repeated.flat()), d, start, OPTIONS);
    const found = kMeansFrom(rows, d, start, OPTIONS, wholes);
    assertClose(found.means, expected.means, 1e-9, `means ${n} ${d} ${k}`);
    assertClose([found.inertia], [expected.inertia], 1e-9, `inertia ${n} ${d} ${k}`);
    assert.deepEqual(found.counts, expected.counts);
    assert.equal(found.iterations, expected.iterations);
  }
});

test("weights of one give the bits of none", () => {
  for (const [n, d, k] of SHAPES) {
    const { rows, start } = problem(n, d, k);
    const ones = new Float64Array(n).fill(1);
    const fits = [null, ones].map((weights) => kMeansFrom(rows, d, start, OPTIONS, weights));
    const restarts = [null, ones].map((weights) =>
      kMeans(rows, d, k, weights, { ...OPTIONS, restarts: 2 }, randomStream(1, "restarts")),
    );
    for (const [without, withOnes] of [fits, restarts]) {
      assertSameBits(withOnes.means, without.means, `means ${n} ${d} ${k}`);
      assertSameBits(withOnes.counts, without.counts, `counts ${n} ${d} ${k}`);
      assert.equal(withOnes.inertia, without.inertia);
    }
    assert.deepEqual(fits[1].labels, fits[0].labels);
  }
});

/** Total weight of each cluster under the final labels. */
function totals({ labels, counts }: KMeansFit, weights: Float64Array): Float64Array {
  const totals = new Float64Array(counts.length);
  labels.forEach((label, i) => {
    totals[label] += weights[i];
  });
  return totals;
}
