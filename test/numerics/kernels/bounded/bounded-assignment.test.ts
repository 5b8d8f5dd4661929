import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BoundedAssignment } from "#src/numerics/kernels/bounded/bounded-assignment.js";
import { meansFromSums } from "#src/numerics/means.js";
import { randomStream } from "#src/numerics/random.js";
import { assignAsReference } from "../../../support/assignment.js";
import { runOnNodeAndDeno } from "../../../support/deno.js";
import { temporaryFolder } from "../../../support/temporary.js";
import { VALUES } from "../../../support/values.js";

/** Lloyd's algorithm by the reference and by bounds; every label, sum and inertia must agree to the bit. */
function followLloyd(
  rows: Float64Array,
  d: number,
  start: Float64Array,
  weights: Float64Array | null,
  iterations: number,
  jump: (means: Float64Array, iteration: number) => Float64Array,
): void {
  const bounded = BoundedAssignment.open(rows, d, start.length / d, weights)!;
  let means = start;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const what = `iteration ${iteration}`;
    const problem = { rows, weights, scores: iteration % 3 !== 1 };
    const { sums, counts } = assignAsReference(bounded, problem, d, means, what);
    means = jump(meansFromSums(sums, counts, means), iteration);
  }
}

const shape = fc.record({
  d: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 50, 71),
  k: fc.integer({ min: 1, max: 70 }),
  n: fc.integer({ min: 1, max: 400 }),
  values: fc.constantFrom(...Object.keys(VALUES)),
  spread: fc.constantFrom(0, 1, 4),
  weighted: fc.boolean(),
  seed: fc.nat(1000),
});

test("with bounds, labels, sums and inertia are those of the reference, bit for bit, round after round", () => {
  fc.assert(
    fc.property(shape, ({ d, k, n, values, spread, weighted, seed }) => {
      const random = randomStream(seed, "kernels");
      const value = () => VALUES[values](random);
      const centers = Float64Array.from({ length: k * d }, () => spread * value());
      const rows = Float64Array.from({ length: n * d }, (_, i) => {
        return spread === 0 ? value() : centers[(Math.floor(i / d) % k) * d + (i % d)] + value();
      });
      const start = Float64Array.from({ length: k * d }, (_, i) => rows[(i * 7) % rows.length]);
      const weights = weighted ? Float64Array.from({ length: n }, () => 3 * random.uniform()) : null;
      followLloyd(rows, d, start, weights, 6, (means) => means);
    }),
    { numRuns: 150, seed: 5 },
  );
});

test("bounds hold where blocks are many, features many, and centroids leap, swap or change in number", () => {
  for (const [n, d, k] of [
    [5000, 2, 16],
    [3000, 10, 64],
    [2500, 16, 33],
    [150, 784, 20],
    [4000, 3, 3],
    [1500, 32, 70],
  ]) {
    const random = randomStream(n, "leaps");
    const centers = Float64Array.from({ length: k * d }, () => 2 * random.normal());
    const rows = Float64Array.from({ length: n * d }, (_, i) => {
      return centers[(Math.floor(i / d) % k) * d + (i % d)] + random.normal();
    });
    followLloyd(rows, d, rows.slice(0, k * d), null, 14, (means, iteration) => {
      if (iteration === 4) return means.map((value) => value + 3 * random.normal());
      if (iteration === 6) return means.slice(d);
      if (iteration === 8) return means.subarray(0, Math.max(d, means.length - d)).slice();
      if (iteration === 10) return means.map((_, i) => means[(i + d) % means.length]);
      return means;
    });
  }
});

test("centroids too near one another for float32 to tell apart are told apart as the reference does", () => {
  for (const [n, d, k] of [
    [3000, 16, 40],
    [3000, 2, 16],
    [2000, 5, 24],
    [1000, 70, 20],
  ]) {
    for (const gap of [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9, 1e-14]) {
      const random = randomStream(d, `twins ${gap}`);
      const centroids = Float64Array.from({ length: k * d }, () => random.normal());
      for (let i = (k / 2) * d; i < k * d; i++)
        centroids[i] = centroids[i - (k / 2) * d] + gap * random.normal();
      const amid = Float64Array.from({ length: n * d }, () => random.normal());
      // Rows as near to a centroid as its twin, and rows so far away that both are one.
      const near = Float64Array.from({ length: n * d }, (_, i) => {
        return centroids[i % centroids.length] + gap * random.normal();
      });
      const far = Float64Array.from({ length: n * d }, () => 1e4 * random.normal());
      for (const rows of [amid, near, far]) {
        followLloyd(rows, d, centroids, null, 3, (means) => means);
        // Once more with all of it, bounds and drift, at that distance.
        const moved = () => centroids.map((value) => value + gap * random.normal());
        followLloyd(rows, d, centroids, null, 4, moved);
      }
    }
  }
});

test("rows too far away for float32 do not disturb those beside them", () => {
  for (const [d, k] of [
    [2, 16],
    [5, 12],
    [12, 40],
  ]) {
    const random = randomStream(d, "far rows");
    const centroids = Float64Array.from({ length: k * d }, () => random.normal());
    const scales = [1, 1e15, 1e18, 1e19, 1e20, 1e38, 1e60, 1e153, 1e200];
    const rows = Float64Array.from({ length: 500 * d }, (_, i) => {
      return scales[Math.floor(i / d) % scales.length] * random.normal();
    });
    followLloyd(rows, d, centroids, null, 3, () => centroids.map((value) => value + 0.1 * random.normal()));
  }
});

test("after a restart from other centroids the bits are the reference's again", () => {
  const [n, d, k] = [3000, 8, 24];
  const random = randomStream(1, "restart");
  const rows = Float64Array.from({ length: n * d }, () => random.normal());
  const bounded = BoundedAssignment.open(rows, d, k, null)!;
  for (let restart = 0; restart < 3; restart++) {
    const before = restart === 0 ? null : bounded.labels.slice();
    bounded.restart();
    if (before !== null) assert.deepEqual(bounded.labels, before);
    let means: Float64Array = rows.slice(restart * 50 * d, (restart * 50 + k) * d);
    for (let iteration = 0; iteration < 4; iteration++) {
      const problem = { rows, weights: null };
      const { sums, counts } = assignAsReference(bounded, problem, d, means, `restart ${restart}`);
      means = meansFromSums(sums, counts, means);
    }
  }
});

test("the kernels load and give the same bits on Node and on Deno", (t) => {
  const program = `
const { kMeans } = require(${JSON.stringify(require.resolve("#src/numerics/k-means.js"))});
const { randomStream } = require(${JSON.stringify(require.resolve("#src/numerics/random.js"))});
const random = randomStream(3, "rows");
const rows = Float64Array.from({ length: 4000 * 12 }, () => random.normal());
const options = { maxIterations: 12, tolerance: 0, restarts: 2 };
const large = kMeans(rows, 12, 20, null, options, randomStream(3, "start"));
const small = kMeans(rows.subarray(0, 600), 2, 9, null, options, randomStream(3, "start"));
for (const { means, counts, inertia } of [large, small]) console.log([...means, ...counts, inertia].join(" "));
`;
  const { node, deno } = runOnNodeAndDeno(temporaryFolder(t), program);
  assert.ok(node.length > 2000);
  assert.equal(deno, node);
});
