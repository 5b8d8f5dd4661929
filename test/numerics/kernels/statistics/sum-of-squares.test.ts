import assert from "node:assert/strict";
import { test } from "node:test";
import { totalSumOfSquares } from "#src/numerics/kernels/statistics/sum-of-squares.js";
import { randomStream } from "#src/numerics/random.js";
import { repeatRows } from "../../../support/clusterings.js";
import { askPython, skipWithoutPython } from "../../../support/python.js";

interface Case {
  rows: number[];
  d: number;
}

function cases(): Case[] {
  const random = randomStream(1, "spread");
  const shapes = [1, 2, 3, 1023, 1024, 1025, 3000].flatMap((n) => [1, 2, 3, 7].map((d) => [n, d]));
  return shapes.map(([n, d], at) => ({
    d,
    // Some far from the origin: squares alone would cancel there.
    rows: Array.from({ length: n * d }, () => (at % 3) * 1e6 + 3 * random.normal()),
  }));
}

test("the total sum of squares is that of NumPy in extended precision", { skip: skipWithoutPython }, () => {
  const all = cases();
  const theirs = askPython<number[]>(
    `
def sum_of_squares(case):
    rows = np.array(case["rows"], dtype=np.longdouble).reshape(-1, case["d"])
    return float(((rows - rows.mean(axis=0)) ** 2).sum())
answer([sum_of_squares(case) for case in cases])
`,
    all,
  );
  for (const [at, { rows, d }] of all.entries()) {
    const ours = totalSumOfSquares(Float64Array.from(rows), d, null);
    assert.ok(Math.abs(ours - theirs[at]) <= 1e-9 * theirs[at], `${rows.length / d} x ${d}: ${ours}`);
  }
});

test("the total sum of squares of equal rows is 0", () => {
  assert.equal(totalSumOfSquares(new Float64Array(3 * 2000).fill(0.5), 3, null), 0);
});

test("the total sum of squares of weighted rows is that of the rows repeated, and weights of one change no bit", () => {
  for (const { rows: values, d } of cases()) {
    const rows = Float64Array.from(values);
    const n = rows.length / d;
    // The first block of the largest weighs nothing at all.
    const weights = Float64Array.from({ length: n }, (_, i) => (n > 2000 && i < 1024 ? 0 : 1 + (i % 3)));
    const repeated = repeatRows({ rows, labels: new Int32Array(n), weights }, d).rows;
    const [found, expected] = [totalSumOfSquares(rows, d, weights), totalSumOfSquares(repeated, d, null)];
    assert.ok(Math.abs(found - expected) <= 1e-9 * expected, `${n} x ${d}: ${found} and ${expected}`);
    assert.equal(totalSumOfSquares(rows, d, weights.fill(1)), totalSumOfSquares(rows, d, null));
  }
});
