import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kMeansPlusPlus } from "#src/numerics/k-means-plus-plus.js";
import { randomStream } from "#src/numerics/random.js";
import { repeatRows } from "../support/clusterings.js";
import { flat, gaussianClusters, rowsOf } from "../support/matrices.js";

/** Pearson's statistic of observed against expected counts. */
function chiSquare(observed: number[], shares: number[]): number {
  const total = observed.reduce((a, b) => a + b);
  return observed.reduce((sum, count, i) => sum + (count - total * shares[i]) ** 2 / (total * shares[i]), 0);
}

test("k-means++ draws its first row by weight, its second by weighted squared distance, better of two", () => {
  const values = [0, 1, 3, 4, 9];
  const weights = Float64Array.of(1, 2, 0.5, 1, 1.5);
  const rows = Float64Array.from(values);
  const counts = values.map(() => values.map(() => 0));
  const random = randomStream(5, "draws");
  for (let draw = 0; draw < 40_000; draw++) {
    const [first, second] = kMeansPlusPlus(rows, 1, 2, weights, random);
    counts[values.indexOf(first)][values.indexOf(second)] += 1;
  }
  const shares = values.map((first, a) => {
    const squares = values.map((value) => (value - first) ** 2);
    const total = squares.reduce((sum, square, i) => sum + weights[i] * square, 0);
    const chance = squares.map((square, i) => (weights[i] * square) / total);
    const potential = values.map((candidate) =>
      values.reduce((sum, v, i) => sum + weights[i] * Math.min(squares[i], (v - candidate) ** 2), 0),
    );
    return values.map((_, b) => {
      const worse = chance.reduce((sum, p, i) => sum + (potential[i] > potential[b] ? p : 0), 0);
      return (weights[a] / 6) * (chance[b] ** 2 + 2 * chance[b] * worse);
    });
  });
  const possible = (_: number, cell: number) => Math.floor(cell / 5) !== cell % 5;
  assert.deepEqual(
    values.map((_, i) => counts[i][i]),
    [0, 0, 0, 0, 0],
  );
  // 20 cells: the 99.9th percentile of chi-square with 19 degrees of freedom is 43.8.
  assert.ok(chiSquare(counts.flat().filter(possible), shares.flat().filter(possible)) < 43.8);
});

test("k-means++ starts from distinct rows, never one of weight 0", () => {
  const n = 50;
  const rows = gaussianClusters("distinct", n, 2, 5);
  const weights = new Float64Array(n).map((_, i) => (i % 2 === 0 ? 1 : 0));
  const keys = rowsOf(rows, 2).map(String);
  for (let seed = 0; seed < 20; seed++) {
    const start = rowsOf(kMeansPlusPlus(rows, 2, 25, weights, randomStream(seed, "distinct")), 2);
    const indices = start.map((centroid) => keys.indexOf(String(centroid)));
    assert.deepEqual(
      indices.sort((a, b) => a - b),
      Array.from({ length: 25 }, (_, i) => 2 * i),
    );
  }
});

test("a row of whole weight is drawn as so many rows are", () => {
  const weighted = fc.integer({ min: 1, max: 3 }).chain((d) => {
    // Small integers, whose distances and sums are exact.
    const row = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: d, maxLength: d });
    const rows = fc.array(fc.tuple(row, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 25 });
    return fc.record({
      d: fc.constant(d),
      rows: rows.filter((all) => all.some(([, weight]) => weight > 0)),
      k: fc.integer({ min: 1, max: 8 }),
      seed: fc.nat(),
    });
  });
  fc.assert(
    fc.property(weighted, ({ d, rows, k, seed }) => {
      const points = {
        rows: flat(rows.map(([row]) => row)),
        labels: new Int32Array(rows.length),
        weights: Float64Array.from(rows, ([, weight]) => weight),
      };
      const repeated = repeatRows(points, d).rows;
      const found = kMeansPlusPlus(points.rows, d, k, points.weights, randomStream(seed, "weights"));
      assert.deepEqual(found, kMeansPlusPlus(repeated, d, k, null, randomStream(seed, "weights")));
    }),
  );
});
