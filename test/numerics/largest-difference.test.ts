import assert from "node:assert/strict";
import { test } from "node:test";
import { largestDifference } from "#src/numerics/largest-difference.js";

test("the largest difference is the first of equals, and zeros of two signs are not the same", () => {
  const a = Float64Array.of(1, 2, 3, 4);
  assert.equal(largestDifference(a, a.slice()), null);
  assert.deepEqual(largestDifference(a, Float64Array.of(1, 2.5, 2.5, 4)), { at: 1, difference: 0.5 });
  assert.deepEqual(largestDifference([0], [-0]), { at: 0, difference: 0 });
  assert.equal(largestDifference([], []), null);
});
