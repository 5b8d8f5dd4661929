import assert from "node:assert/strict";
import { test } from "node:test";
import { apart } from "#src/scene/diagnostics/apart.js";

test("places that touch move apart about their middle, others stay", () => {
  assert.deepEqual(apart([10, 50, 51, 90], 10, 0, 100), [10, 45.5, 55.5, 90]);
});

test("no place leaves its bounds, and where there is no room for all, the distance gives way", () => {
  assert.deepEqual(apart([0, 1, 2], 10, 0, 100), [0, 10, 20]);
  assert.deepEqual(apart([98, 99, 100], 10, 0, 100), [80, 90, 100]);
  assert.deepEqual(apart([5, 5, 5], 10, 0, 10), [0, 5, 10]);
  assert.deepEqual(apart([7], 10, 0, 10), [7]);
});
