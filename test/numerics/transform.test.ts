import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyTransform, invertTransform, type Transform } from "#src/numerics/transform.js";
import { assertClose } from "../support/matrices.js";

const matrix = (nRows: number, nColumns: number, ...data: number[]) => ({
  data: Float64Array.from(data),
  nRows,
  nColumns,
});

test("without anything to do the rows themselves come back", () => {
  const rows = matrix(1, 2, 3, 4);
  assert.equal(applyTransform({ normalization: null, projection: null }, rows), rows);
});

test("rows are standardized and then projected, and the input is left as it was", () => {
  const transform: Transform = {
    normalization: { mean: Float64Array.of(10, 20, 5), scale: Float64Array.of(2, 4, 0) },
    projection: { mean: Float64Array.of(1, 0, 0), components: Float64Array.of(0.6, 0.8, 0, -0.8, 0.6, 0) },
  };
  const rows = matrix(2, 3, 14, 24, 5, 10, 20, 6);
  // Standardized: (2, 1, 0) and (0, 0, 0); less the mean: (1, 1, 0) and (-1, 0, 0).
  const projected = applyTransform(transform, rows);
  assertClose(projected.data, [1.4, -0.2, -0.6, 0.8], 1e-15, "projected");
  assert.deepEqual(rows, matrix(2, 3, 14, 24, 5, 10, 20, 6));
  // A feature that was constant goes back to its mean, here 5.
  assertClose(invertTransform(transform, projected).data, [14, 24, 5, 10, 20, 5], 1e-14, "restored");
  assertClose(projected.data, [1.4, -0.2, -0.6, 0.8], 1e-15, "projected, after going back");
});

test("what a projection drops is filled in by the mean", () => {
  const transform: Transform = {
    normalization: null,
    projection: { mean: Float64Array.of(1, 2, 3), components: Float64Array.of(0, 1, 0) },
  };
  const projected = applyTransform(transform, matrix(1, 3, 9, 7, 8));
  assert.deepEqual(projected, matrix(1, 1, 5));
  assert.deepEqual(invertTransform(transform, projected), matrix(1, 3, 1, 7, 3));
});

test("the inverse of a standardization gives back the rows", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const scale = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, scale), { minLength: 1, maxLength: 6 }), (features) => {
      const mean = Float64Array.from(features, ([, center]) => center);
      const normalization = { mean, scale: Float64Array.from(features, ([, , spread]) => spread) };
      const rows = matrix(1, features.length, ...features.map(([x]) => x));
      const transform = { normalization, projection: null };
      const { data } = invertTransform(transform, applyTransform(transform, rows));
      for (const [f, [x, center]] of features.entries()) {
        assert.ok(Math.abs(data[f] - x) <= 4 * Number.EPSILON * (Math.abs(x) + Math.abs(center)) + 1e-300);
      }
    }),
  );
});
