import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";
import {
  cellsOf,
  gainsOf,
  moved,
  nearestDistances,
  rowsBehind,
  spreadOf,
  totalsOf,
  whereRowsAre,
} from "#src/workflow/clustering/noisy-cells.js";
import type { PrivateSums } from "#src/workflow/local-data.js";

const floats = (...numbers: number[]) => Float64Array.from(numbers);

function sums(differing: Partial<PrivateSums> = {}): PrivateSums {
  return {
    counts: floats(100, -3, 50),
    sums: floats(10, -20, 4, 4, 0, 50),
    spread: 30,
    countSigma: 3,
    sumSigmas: floats(1, 1, 2),
    spreadSigma: 4,
    ...differing,
  };
}

const CENTRES = { data: floats(0, 0, 0.5, 0.5, 0.9, 0.9), nRows: 3, nColumns: 2 };

test("totals of clients add up, and so do the variances of their noise", () => {
  const other = sums({ countSigma: 4, sumSigmas: floats(1, 0.5, 0), spreadSigma: 3, spread: -5 });
  const total = totalsOf([sums(), other]);
  assert.deepEqual([...total.counts], [200, -6, 100]);
  assert.deepEqual([...total.sums], [20, -40, 8, 8, 0, 100]);
  assert.deepEqual([total.spread, total.countSigma, total.spreadSigma], [25, 5, 5]);
  assert.deepEqual([...total.sumSigmas], [Math.sqrt(2), Math.sqrt(1.25), 2]);
  assert.deepEqual(totalsOf([sums()]), sums());
});

test("the spread is in squared box units, at least something, and never more than was known", () => {
  const radii = floats(0.5, 0.5);
  const found = spreadOf(sums(), radii, 100, null);
  assert.ok(Math.abs(found - ((30 + 2) / 100) * 0.25) < 1e-15);
  assert.equal(spreadOf(sums(), radii, 100, 0.01), 0.01);
  assert.equal(spreadOf(sums({ spread: 1e9 }), radii, 100, null), 0.25);
  assert.ok(spreadOf(sums({ spread: -1e9, spreadSigma: 1e-9 }), radii, 100, null) > 0);
});

test("a sum is divided by no fewer rows than the noise of their count, nor than one", () => {
  assert.deepEqual([rowsBehind(9, 3), rowsBehind(-9, 3), rowsBehind(-9, 0.1)], [9, 3, 1]);
});

test("a gain is signal over signal and noise, in variances", () => {
  assert.deepEqual([...gainsOf(floats(0.09, 1), floats(4, 0), floats(10, 5))], [0.09 / (0.09 + 0.16), 1]);
});

test("centres move by the mean difference times the gain, and stay in the box", () => {
  const { data } = moved(CENTRES, sums().sums, floats(100, 1, 50), floats(1, 0.5, 1));
  [0.1, -0.2, 1, 1, 0.9, 1].forEach((expected, i) => {
    assert.ok(Math.abs(data[i] - expected) < 1e-15);
  });
});

test("cells whose count does not stand out of its noise are left out, unless there are too few others", () => {
  const cells = cellsOf(sums(), CENTRES, 0.1, 1, 1);
  assert.deepEqual([...cells.counts], [100, 50]);
  assert.equal(cells.all.nRows, 3);
  assert.deepEqual([...cells.means.data], [...cells.all.data.subarray(0, 2), ...cells.all.data.subarray(4)]);
  assert.deepEqual([...cellsOf(sums(), CENTRES, 0.1, 15, 1).counts], [100, 50]);
  assert.deepEqual([...cellsOf(sums(), CENTRES, 0.1, 40, 1).counts], [100]);
  const all = cellsOf(sums(), CENTRES, 0.1, 40, 3);
  assert.deepEqual([...all.counts], [100, -3, 50]);
  assert.ok(all.weights.every((weight) => weight > 0));
  // The third sum has more noise, on fewer rows.
  assert.ok(cells.weights[0] / 100 > cells.weights[1] / 50);
});

test("centres go where rows are, in proportion, around the cells' means and in the box", () => {
  const cells = { means: { data: floats(-0.5, 0, 1, 1), nRows: 2, nColumns: 2 }, counts: floats(300, 100) };
  const placed = whereRowsAre(cells, 8, 0.04, randomStream(1, "cells"));
  assert.equal(placed.nRows, 8);
  for (let c = 0; c < 8; c++) {
    const [x, y] = placed.data.subarray(2 * c, 2 * c + 2);
    assert.ok(Math.abs(x) <= 1 && Math.abs(y) <= 1);
    // 0.7 of the square root of the spread.
    if (c < 6) assert.ok(Math.abs(Math.hypot(x + 0.5, y) - 0.14) < 1e-12);
    else assert.ok(Math.hypot(x - 1, y - 1) < 0.15);
  }
  const same = whereRowsAre(cells, 2, 0.04, randomStream(1, "cells"));
  assert.deepEqual([...same.data], [-0.5, 0, 1, 1]);
  const few = whereRowsAre({ ...cells, counts: floats(-2, -1) }, 5, 0.04, randomStream(1, "cells"));
  assert.ok(few.data.every(Number.isFinite));
});

test("the nearest other centre of each", () => {
  assert.deepEqual([...nearestDistances({ data: floats(0, 3, 4.5), nRows: 3, nColumns: 1 })], [3, 1.5, 1.5]);
  assert.deepEqual([...nearestDistances({ data: floats(7), nRows: 1, nColumns: 1 })], [Infinity]);
});
