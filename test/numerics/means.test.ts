import assert from "node:assert/strict";
import { test } from "node:test";
import { meansFromSums } from "#src/numerics/means.js";

test("a cluster without weight takes its fallback, the others their mean", () => {
  const means = meansFromSums(
    Float64Array.of(3, 6, 0, 0, 5, -5),
    Float64Array.of(3, 0, 0.5),
    Float64Array.of(9, 9, 7, 8, 9, 9),
  );
  assert.deepEqual(means, Float64Array.of(1, 2, 7, 8, 10, -10));
});
