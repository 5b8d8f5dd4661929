import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "#src/numerics/random.js";
import { scatter } from "#src/numerics/scatter.js";
import { symmetricEigen } from "#src/numerics/symmetric-eigen.js";
import { LeadingDirection } from "#src/privacy/leading-direction.js";

/** Rows that vary along each feature with a standard deviation of its own, turned by a rotation of pairs. */
function rowsOf(n: number, d: number): Float64Array {
  const random = randomStream(7, `rows ${n} ${d}`);
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) rows[i * d + j] = 100 + random.normal() * (j === 0 ? 4 : 1);
    const [x, y] = [rows[i * d], rows[i * d + 1]];
    rows[i * d] = 0.6 * x - 0.8 * y;
    rows[i * d + 1] = 0.8 * x + 0.6 * y;
  }
  return rows;
}

/** Variance along a direction, against the largest there is. */
function share(rows: Float64Array, d: number, weights: Float64Array | null, direction: Float64Array): number {
  const { upper } = scatter(rows, d, weights);
  const matrix = Array.from({ length: d }, () => new Array<number>(d).fill(0));
  for (let a = 0, t = 0; a < d; a++) {
    for (let b = a; b < d; b++, t++) matrix[a][b] = matrix[b][a] = upper[t];
  }
  let along = 0;
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) along += direction[a] * matrix[a][b] * direction[b];
  }
  return along / symmetricEigen(matrix).values[0];
}

for (const [n, d] of [
  [50, 2],
  [300, 10],
  [5000, 10],
  [60, 80],
  [4000, 80],
]) {
  test(`the variance along the direction found is nearly the largest: ${n} x ${d}`, () => {
    const rows = rowsOf(n, d);
    const weights = new Float64Array(n).fill(1);
    const { mean } = scatter(rows, d, null);
    const direction = new LeadingDirection(d).of({ rows, weights, from: 0, to: n, mean });
    assert.ok(Math.abs(Math.hypot(...direction) - 1) < 1e-12);
    const found = share(rows, d, null, direction);
    assert.ok(found > 0.97 && found < 1 + 1e-12, `${found} of the largest variance`);
  });
}

test("equal rows have no direction, and leave none behind for the next", () => {
  const leading = new LeadingDirection(2);
  const weights = new Float64Array(3).fill(1);
  const of = (rows: number[], mean: number[]) =>
    Array.from(
      leading.of({ rows: Float64Array.from(rows), weights, from: 0, to: 3, mean: Float64Array.from(mean) }),
    );
  assert.deepEqual(of([0, 0, 0, 1, 0, 2], [0, 1]), [0, 1]);
  assert.deepEqual(of([4, 4, 4, 4, 4, 4], [4, 4]), [0, 0]);
});

test("only the rows of the part are looked at, by their weights", () => {
  const rows = Float64Array.of(90, -90, 0, 0, 3, 0, 0, 4, 0, 0, -90, 90);
  const weights = Float64Array.of(1, 2, 9, 1, 1, 1);
  const [part, ofPart] = [rows.subarray(2, 8), weights.subarray(1, 4)];
  const { mean } = scatter(part, 2, ofPart);
  const direction = new LeadingDirection(2).of({ rows, weights, from: 1, to: 4, mean });
  assert.ok(share(part, 2, ofPart, direction) > 0.999);
  const others = new LeadingDirection(2).of({
    ...{ rows: part, weights: new Float64Array(3).fill(1), from: 0, to: 3 },
    mean: scatter(part, 2, null).mean,
  });
  assert.ok(share(part, 2, ofPart, others) < 0.999);
});
