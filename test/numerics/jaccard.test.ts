import assert from "node:assert/strict";
import { test } from "node:test";
import { maximalJaccard } from "#src/numerics/jaccard.js";

test("the maximal Jaccard similarity is that of the most alike cluster, by the weights of its points", () => {
  const [a, b] = [Int32Array.of(0, 0, 1, 1, 1), Int32Array.of(1, 1, 1, 0, 0)];
  assert.deepEqual([...maximalJaccard(a, 2, b, 2, null)], [2 / 3, 2 / 3]);
  const weights = Float64Array.of(1, 1, 8, 1, 1);
  assert.deepEqual([...maximalJaccard(a, 2, b, 2, weights)], [0.2, 8 / 12]);
});

test("names of clusters do not matter, and one without points has no similarity", () => {
  const found = maximalJaccard(Int32Array.of(0, 2, 2), 3, Int32Array.of(1, 0, 0), 2, null);
  assert.deepEqual([...found], [1, Number.NaN, 1]);
});
