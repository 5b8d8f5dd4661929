import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { squaredDistance } from "#src/numerics/distances.js";
import { kMeans } from "#src/numerics/k-means.js";
import { kMeansPlusPlus } from "#src/numerics/k-means-plus-plus.js";
import { BlockwiseAssignment } from "#src/numerics/kernels/direct/blockwise-assignment.js";
import { DirectAssignment } from "#src/numerics/kernels/direct/direct-assignment.js";
import { meansFromSums } from "#src/numerics/means.js";
import { openAssignment } from "#src/numerics/open-assignment.js";
import { type RandomStream, randomStream } from "#src/numerics/random.js";
import { assign, clusterSums } from "../../../support/assign.js";
import { assignAsReference } from "../../../support/assignment.js";
import { assertSameBits, VALUES } from "../../../support/values.js";

/** Greedy k-means++ by its definition: every distance worked out anew. */
function plainStart(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  random: RandomStream,
): Float64Array {
  const n = rows.length / d;
  const weightOf = (i: number) => (weights === null ? 1 : weights[i]);
  const draw = (values: Float64Array) => {
    const sums: number[] = [];
    let sum = 0;
    for (const value of values) sums.push((sum += value));
    const target = random.uniform() * sum;
    const index = sums.findIndex((reached) => reached > target);
    return index < 0 ? n - 1 : index;
  };
  const closestWith = (closest: Float64Array, row: number) =>
    closest.map((distance, i) => Math.min(distance, squaredDistance(rows, i, rows, row, d)));
  const weigh = (values: Float64Array) => values.map((value, i) => weightOf(i) * value);
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  const chosen = [draw(weigh(new Float64Array(n).fill(1)))];
  let closest = closestWith(new Float64Array(n).fill(Infinity), chosen[0]);
  while (chosen.length < k && total(weigh(closest)) > 0) {
    const candidates = Array.from({ length: 2 + Math.floor(Math.log(k)) }, () => draw(weigh(closest)));
    const potentials = candidates.map((row) => total(weigh(closestWith(closest, row))));
    chosen.push(candidates[potentials.indexOf(Math.min(...potentials))]);
    closest = closestWith(closest, chosen[chosen.length - 1]);
  }
  return Float64Array.from(chosen.flatMap((row) => [...rows.subarray(row * d, (row + 1) * d)]));
}

/** Restarts of Lloyd's algorithm by the reference; null if a cluster loses its rows, which others test. */
function plainKMeans(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
  { restarts, maxIterations }: { readonly restarts: number; readonly maxIterations: number },
  random: RandomStream,
) {
  const labels = new Int32Array(rows.length / d);
  let best: { means: Float64Array; counts: Float64Array; inertia: number } | undefined;
  for (let restart = 0; restart < restarts; restart++) {
    let means = plainStart(rows, d, k, weights, random);
    let counts = new Float64Array();
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      assign(rows, d, means, labels);
      const totals = clusterSums(rows, d, means.length / d, labels, weights);
      if (totals.counts.includes(0)) return null;
      const next = meansFromSums(totals.sums, totals.counts, means);
      const settled = next.every((value, i) => value === means[i]);
      means = next;
      counts = Float64Array.from(totals.counts);
      if (settled) break;
    }
    let inertia = assign(rows, d, means, labels);
    if (weights !== null) {
      inertia = 0;
      for (let i = 0; i < labels.length; i++)
        inertia += weights[i] * squaredDistance(rows, i, means, labels[i], d);
    }
    if (best === undefined || inertia < best.inertia) best = { means, counts, inertia };
  }
  return best!;
}

const shape = fc.record({
  d: fc.constantFrom(1, 2, 3, 5, 8),
  k: fc.integer({ min: 1, max: 20 }),
  n: fc.integer({ min: 1, max: 90 }),
  values: fc.constantFrom(...Object.keys(VALUES)),
  weighted: fc.boolean(),
  seed: fc.nat(1000),
});

function problemOf(n: number, d: number, values: string, weighted: boolean, seed: number) {
  const random = randomStream(seed, "direct");
  const rows = Float64Array.from({ length: n * d }, () => VALUES[values](random));
  const weights = weighted ? Float64Array.from({ length: n }, () => 3 * random.uniform()) : null;
  return { rows, weights };
}

test("labels, sums and inertia are those of the reference, bit for bit, whatever came between", () => {
  fc.assert(
    fc.property(shape, shape, (a, b) => {
      const problems = [a, b].map(({ n, d, k, values, weighted, seed }) => {
        const problem = problemOf(n, d, values, weighted, seed);
        return { problem, d, k, direct: new DirectAssignment(problem.rows, d, k, problem.weights) };
      });
      // More centroids than were expected, too; both problems are in the same memory by turns.
      for (const extra of [0, 3, 0]) {
        for (const { problem, d, k, direct } of problems) {
          const { rows } = problem;
          const centroids = Float64Array.from(
            { length: (k + extra) * d },
            (_, i) => rows[(i * 7) % rows.length],
          );
          assignAsReference(direct, problem, d, centroids, "by turns");
          const [other] = problems.filter((one) => one.direct !== direct);
          const intrude = () => other.direct.assign(other.problem.rows.slice(0, other.d));
          assignAsReference(direct, problem, d, centroids, "interrupted", intrude);
        }
      }
    }),
    { numRuns: 150 },
  );
});

for (const [n, d, k] of [
  [2500, 2, 16],
  [5000, 3, 5],
  [70_000, 2, 3],
]) {
  test(`sums of ${n} rows run over blocks, as those of the reference do`, () => {
    for (const weighted of [false, true]) {
      const problem = problemOf(n, d, "normal", weighted, 1);
      for (const kind of [DirectAssignment, BlockwiseAssignment]) {
        const assignment = new kind(problem.rows, d, k, problem.weights);
        assignAsReference(assignment, problem, d, problem.rows.slice(5 * d, (5 + k) * d), kind.name);
        assignAsReference(assignment, problem, d, problem.rows.slice(9 * d, (9 + k) * d), kind.name);
      }
    }
  });
}

test("restarts of a small problem are those of the reference, bit for bit, draws and all", () => {
  let compared = 0;
  fc.assert(
    fc.property(
      shape,
      fc.constantFrom("normal", "lattice", "all equal", "large offset", "near ties"),
      ({ n, d, k, weighted, seed }, values) => {
        const { rows, weights } = problemOf(n, d, values, weighted, seed);
        const wanted = Math.min(k, n);
        const options = { restarts: 3, maxIterations: 5, tolerance: 0 };
        const expected = plainKMeans(rows, d, wanted, weights, options, randomStream(seed, "restarts"));
        if (expected === null) return;
        compared += 1;
        const found = kMeans(rows, d, wanted, weights, options, randomStream(seed, "restarts"));
        assertSameBits(found.means, expected.means, "means");
        assertSameBits(found.counts, expected.counts, "counts");
        assert.equal(found.inertia, expected.inertia);
      },
    ),
    { numRuns: 200, seed: 5 },
  );
  assert.ok(compared > 100, `${compared} problems kept their clusters`);
});

test("k-means++ by itself draws what the definition draws", () => {
  fc.assert(
    fc.property(
      shape,
      fc.constantFrom("normal", "lattice", "all equal", "large offset"),
      ({ n, d, k, weighted, seed }, values) => {
        const { rows, weights } = problemOf(n, d, values, weighted, seed);
        const expected = plainStart(rows, d, Math.min(k, n), weights, randomStream(seed, "draws"));
        const found = kMeansPlusPlus(rows, d, Math.min(k, n), weights, randomStream(seed, "draws"));
        assertSameBits(found, expected, "start");
      },
    ),
    { numRuns: 150 },
  );
});

test("numbers that make no whole rows are refused, where kernels would go on for ever", () => {
  for (const [length, d] of [
    [6, 0],
    [0, 0],
    [7, 2],
  ]) {
    const rows = new Float64Array(length);
    const problem = { name: "RangeError", message: `${length} numbers are no rows of ${d} columns` };
    assert.throws(() => openAssignment(rows, d, 1, null), problem);
    const options = { restarts: 1, maxIterations: 1, tolerance: 0 };
    assert.throws(() => kMeans(rows, d, 1, null, options, randomStream(0, "none")), problem);
    assert.throws(() => kMeansPlusPlus(rows, d, 1, null, randomStream(0, "none")), problem);
  }
});
