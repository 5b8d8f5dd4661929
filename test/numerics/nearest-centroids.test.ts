import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BLOCK_ROWS } from "#src/numerics/blocks.js";
import { nearestCentroids } from "#src/numerics/nearest-centroids.js";
import { randomStream } from "#src/numerics/random.js";
import { assign, clusterSums } from "../support/assign.js";
import { flat, gaussianClusters, rowsOf } from "../support/matrices.js";

/** Rows and centroids of small integers, whose distances are exact and often equal. */
const lattice = fc
  .record({
    d: fc.integer({ min: 1, max: 4 }),
    n: fc.integer({ min: 1, max: 30 }),
    k: fc.integer({ min: 1, max: 8 }),
  })
  .chain(({ d, n, k }) => {
    const points = (count: number) =>
      fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: d, maxLength: d }), {
        minLength: count,
        maxLength: count,
      });
    return fc.record({ d: fc.constant(d), rows: points(n), centroids: points(k) });
  });

test("each row goes to its nearest centroid, the first of equally near ones, and the inertia adds up", () => {
  fc.assert(
    fc.property(lattice, ({ d, rows, centroids }) => {
      const labels = nearestCentroids(flat(rows), d, flat(centroids));
      const ofReference = new Int32Array(rows.length);
      const inertia = assign(flat(rows), d, flat(centroids), ofReference);
      assert.deepEqual(labels, ofReference);
      const distances = rows.map((row) =>
        centroids.map((centroid) => row.reduce((sum, value, f) => sum + (value - centroid[f]) ** 2, 0)),
      );
      assert.deepEqual(
        Array.from(labels),
        distances.map((row) => row.indexOf(Math.min(...row))),
      );
      assert.equal(
        inertia,
        distances.reduce((sum, row) => sum + Math.min(...row), 0),
      );
    }),
  );
});

test("cluster sums are the sums of the rows, an integer weight counting as so many copies of a row", () => {
  fc.assert(
    fc.property(
      lattice,
      fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      ({ d, rows, centroids }, stream) => {
        const k = centroids.length;
        const labels = new Int32Array(rows.length);
        assign(flat(rows), d, flat(centroids), labels);
        const weights = Float64Array.from(rows, () => stream.next().value as number);
        const copies = rows.flatMap((row, i) => new Array<number[]>(weights[i]).fill(row));
        const copiedLabels = Int32Array.from(rows.flatMap((_, i) => new Array(weights[i]).fill(labels[i])));

        const expected = Array.from({ length: k }, () => new Array<number>(d).fill(0));
        for (const [i, row] of copies.entries()) {
          for (let f = 0; f < d; f++) expected[copiedLabels[i]][f] += row[f];
        }
        const weighted = clusterSums(flat(rows), d, k, labels, weights);
        assert.deepEqual(rowsOf(weighted.sums, d), expected);
        assert.deepEqual(clusterSums(flat(copies), d, k, copiedLabels, null), weighted);
        assert.equal(
          weighted.counts.reduce((a, b) => a + b),
          copies.length,
        );
      },
    ),
  );
});

test("sums run over blocks of 1024 rows, so adding up blocks computed apart gives the same bits", () => {
  const [n, d, k] = [5 * BLOCK_ROWS + 17, 3, 4];
  const rows = gaussianClusters("blocks", n, d, k);
  const centroids = rows.slice(0, k * d);
  const random = randomStream(3, "weights");
  const weights = new Float64Array(n).map(() => random.uniform() + 0.1);
  const labels = new Int32Array(n);
  const inertia = assign(rows, d, centroids, labels);
  const { sums } = clusterSums(rows, d, k, labels, weights);

  let blockInertia = 0;
  const blockSums = new Float64Array(k * d);
  for (let start = 0; start < n; start += 1024) {
    const block = rows.subarray(start * d, (start + 1024) * d);
    const blockLabels = new Int32Array(block.length / d);
    blockInertia += assign(block, d, centroids, blockLabels);
    assert.deepEqual(blockLabels, labels.subarray(start, start + 1024).slice());
    const part = clusterSums(block, d, k, blockLabels, weights.subarray(start, start + 1024));
    part.sums.forEach((sum, i) => {
      blockSums[i] += sum;
    });
  }
  assert.equal(inertia, blockInertia);
  assert.deepEqual(sums, blockSums);

  // Row by row the rounding differs: the comparison above can tell.
  const sequential = new Float64Array(k * d);
  labels.forEach((label, i) => {
    for (let f = 0; f < d; f++) sequential[label * d + f] += weights[i] * rows[i * d + f];
  });
  assert.notDeepEqual(sums, sequential);
});
