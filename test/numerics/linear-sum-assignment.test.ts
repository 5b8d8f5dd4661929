import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { optimalAssignment } from "#src/numerics/linear-sum-assignment.js";
import { randomStream } from "#src/numerics/random.js";
import { assertClose, flat, rowsOf } from "../support/matrices.js";
import { askPython, skipWithoutPython } from "../support/python.js";

function costOf(costs: readonly number[][], columns: Int32Array): number {
  return columns.reduce((sum, column, row) => sum + costs[row][column], 0);
}

/** The least cost over every way to give each row a column of its own. */
function leastByTrying(costs: readonly number[][], row = 0, used = 0): number {
  if (row === costs.length) return 0;
  let least = Infinity;
  for (const [column, cost] of costs[row].entries()) {
    if ((used & (1 << column)) === 0) {
      least = Math.min(least, cost + leastByTrying(costs, row + 1, used | (1 << column)));
    }
  }
  return least;
}

const costMatrix = fc.integer({ min: 1, max: 5 }).chain((nRows) =>
  fc.integer({ min: nRows, max: 6 }).chain((nColumns) => {
    const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: nColumns, maxLength: nColumns });
    return fc.array(row, { minLength: nRows, maxLength: nRows });
  }),
);

test("no other assignment costs less, ties and negative costs included", () => {
  fc.assert(
    fc.property(costMatrix, (costs) => {
      const columns = optimalAssignment(flat(costs), costs.length, costs[0].length);
      assert.equal(new Set(columns).size, costs.length, "each row has a column of its own");
      assert.equal(costOf(costs, columns), leastByTrying(costs));
    }),
  );
});

test("the assignment is SciPy's", { skip: skipWithoutPython }, () => {
  const shapes = [
    [1, 1],
    [3, 3],
    [5, 9],
    [30, 30],
    [16, 60],
    [80, 80],
  ];
  const problems = shapes.flatMap(([nRows, nColumns], i) => {
    const random = randomStream(i, "costs");
    const costs = () => new Float64Array(nRows * nColumns).map(() => random.uniform() ** 3);
    return [costs(), costs(), costs()].map((values) => ({
      nRows,
      nColumns,
      costs: rowsOf(values, nColumns),
    }));
  });
  const expected = askPython<number[][]>(
    `
from scipy.optimize import linear_sum_assignment
answer([linear_sum_assignment(np.array(case["costs"]))[1] for case in cases])
`,
    problems,
  );
  for (const [i, { nRows, nColumns, costs }] of problems.entries()) {
    const columns = optimalAssignment(flat(costs), nRows, nColumns);
    assert.deepEqual(Array.from(columns), expected[i], `problem ${i}, ${nRows} x ${nColumns}`);
    assertClose([costOf(costs, columns)], [costOf(costs, Int32Array.from(expected[i]))], 1e-12, "cost");
  }
});

test("shuffled points are matched to where they were", () => {
  const points = [3, 14, 15, 92, 65, 35];
  const order = [4, 2, 0, 5, 1, 3];
  const costs = order.map((from) => points.map((point) => (points[from] + 0.5 - point) ** 2));
  assert.deepEqual(Array.from(optimalAssignment(flat(costs), 6, 6)), order);
});

test("more rows than columns are refused with both numbers", () => {
  assert.throws(
    () => optimalAssignment(new Float64Array(6), 3, 2),
    /^RangeError: expected at most 2 rows, found 3$/,
  );
});
