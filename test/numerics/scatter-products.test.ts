import assert from "node:assert/strict";
import { test } from "node:test";
import { allocateBytes } from "#src/numerics/kernels/memory/held-rows.js";
import { moments } from "#src/numerics/moments.js";
import { scatter } from "#src/numerics/scatter.js";
import { scatterProducts } from "#src/numerics/scatter-products.js";
import { assertClose, gaussianClusters } from "../support/matrices.js";

/** A scatter matrix, of which the upper triangle is given, times directions. */
function multiply(upper: Float64Array, d: number, directions: Float64Array): Float64Array {
  const products = new Float64Array(directions.length);
  for (let v = 0; v < directions.length; v += d) {
    let t = 0;
    for (let a = 0; a < d; a++) {
      for (let b = a; b < d; b++, t++) {
        products[v + a] += upper[t] * directions[v + b];
        if (b > a) products[v + b] += upper[t] * directions[v + a];
      }
    }
  }
  return products;
}

test("products of the scatter matrix are those of the matrix itself, for any number of rows, features, directions", () => {
  for (const [n, d, q] of [
    [1, 3, 1],
    [2, 1, 1],
    [5, 4, 4],
    [1023, 7, 5],
    [1024, 6, 2],
    [2500, 5, 9],
    [33, 70, 12],
  ]) {
    const rows = gaussianClusters(`products ${n} ${d}`, n, d, 3).map((value, i) => value + 1e3 * (i % d));
    const directions = gaussianClusters(`directions ${d} ${q}`, q, d, 2);
    const { upper } = scatter(rows, d, null);
    const scale = Math.max(1, ...upper.map(Math.abs));
    const [found, expected] = [
      scatterProducts(rows, d, null, directions),
      multiply(upper, d, directions),
    ].map((products) => products.map((value) => value / scale));
    assertClose(found, expected, 1e-11, `${n} x ${d}, ${q} directions`);
  }
});

test("rows of a file that leave no room beside them in their memory have the same moments, scatter and products", () => {
  const d = 2600;
  const rows = gaussianClusters("wide", 51, d, 3);
  const bytes = allocateBytes(rows.byteLength);
  const held = new Float64Array(bytes.buffer, bytes.byteOffset, rows.length);
  held.set(rows);
  assert.ok(rows.byteLength >= 2 ** 20, "rows that are kept in a memory of the kernels");
  assert.ok((d * d) / 2 > 4 * rows.length, "a scatter matrix larger than all the room beside them");
  const directions = gaussianClusters("directions", 40, d, 2);
  assert.deepEqual(scatter(held, d, null), scatter(rows, d, null));
  assert.deepEqual(moments(held, d, null), moments(rows, d, null));
  assert.deepEqual(scatterProducts(held, d, null, directions), scatterProducts(rows, d, null, directions));
});

test("weights are those of the scatter matrix, and weights of one those of no weights, to the bit", () => {
  for (const [n, d, q] of [
    [3, 2, 1],
    [1500, 5, 6],
  ]) {
    const rows = gaussianClusters(`weighted products ${n}`, n, d, 3);
    const directions = gaussianClusters(`directions ${d} ${q}`, q, d, 2);
    const weights = Float64Array.from({ length: n }, (_, i) => (i % 4) / 2);
    const expected = multiply(scatter(rows, d, weights).upper, d, directions);
    assertClose(scatterProducts(rows, d, weights, directions), expected, 1e-12, `${n} x ${d}`);
    const plain = scatterProducts(rows, d, null, directions);
    assert.deepEqual(scatterProducts(rows, d, weights.fill(1), directions), plain);
  }
});
