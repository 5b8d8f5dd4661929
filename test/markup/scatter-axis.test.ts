import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, spanOf, ticksWithin } from "#src/markup/scatter-axis.js";

test("ticks are round numbers within the range, at most one more than wanted", () => {
  for (const [low, high] of [
    [32.1, 59.6],
    [-7.2, 8.1],
    [2700, 6300],
    [1e-9, 3e-9],
    [0.9999, 1.0001],
  ]) {
    for (const wanted of [2, 4, 6]) {
      const ticks = ticksWithin(low, high, wanted);
      assert.ok(ticks.length >= 1 && ticks.length <= wanted + 1, `${low} to ${high}: ${ticks}`);
      for (const tick of ticks) {
        assert.ok(tick >= low - 1e-9 * Math.abs(low) && tick <= high + 1e-9 * Math.abs(high));
      }
    }
  }
  assert.deepEqual(ticksWithin(31, 60.4, 6), [35, 40, 45, 50, 55, 60]);
});

test("an axis spans its finite values with room at both ends", () => {
  const span = spanOf([Float64Array.of(0, Number.NaN, 100), [50, Number.NEGATIVE_INFINITY]]);
  assert.deepEqual(span, { low: -4, high: 104 });
  const axis = axisOf(span, -108, 4);
  assert.ok(Math.abs(axis.at(104)) < 1e-9 && Math.abs(axis.at(-4) - 108) < 1e-9);
  const constant = spanOf([[5, 5]]);
  assert.ok(constant.low < 5 && constant.high > 5);
  assert.deepEqual(spanOf([]), { low: 0, high: 1 });
});
