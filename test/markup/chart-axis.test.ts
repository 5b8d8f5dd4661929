import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOver, tickLabels, ticksOver, withoutOverlap } from "#src/markup/chart-axis.js";

test("ticks are round and cover the values, from 0 on where that is near", () => {
  assert.deepEqual(ticksOver([8950, 12_930]), [8000, 9000, 10_000, 11_000, 12_000, 13_000]);
  assert.deepEqual(ticksOver([3, 9.5]), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticksOver([-9.5, -3]), [-10, -8, -6, -4, -2, 0]);
  assert.deepEqual(ticksOver([]), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  const [first, ...others] = ticksOver([5, 5]);
  assert.ok(first <= 5 && others.at(-1)! >= 5);
});

test("labels are short, with thousands apart", () => {
  assert.deepEqual(
    [0.1 + 0.2, 12_930, -1500, 2e6, 3e-5, 0].map((tick) => tickLabels([tick])[0]),
    ["0.3", "12,930", "-1,500", "2e6", "3e-5", "0"],
  );
});

test("of labels that would touch, the later ones go", () => {
  assert.deepEqual([...withoutOverlap(["1", "2", "3", "100"], [0, 4, 30, 100])], [0, 2, 3]);
});

test("an axis ends near its greatest value: that of an index of at most 1 does not go on to 1.2", () => {
  const { ticks, high } = rangeOver([0.42, 1.01]);
  assert.ok(ticks.at(-1)! <= 1 + 1e-9 && high > 1.01 && high < 1.1, `${ticks} to ${high}`);
  assert.deepEqual(rangeOver([0.1, 0.95]).high, 1);
  assert.deepEqual(rangeOver([3, 9.5]).ticks, [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(rangeOver([-9.5, -3]).ticks, [-10, -8, -6, -4, -2, 0]);
  for (const values of [
    [3, 9.5],
    [8950, 12_930],
    [-9.5, -3],
    [5, 5],
    [-1, 1],
  ]) {
    const range = rangeOver(values);
    assert.ok(range.low <= values[0] && range.high >= values[1] && range.ticks.length >= 2, `${values}`);
    for (const tick of range.ticks) assert.ok(tick >= range.low && tick <= range.high);
  }
});

test("labels of an axis differ where its values do, and values that differ by rounding make no axis of it", () => {
  assert.deepEqual(tickLabels([309.27264, 309.27266]), ["309.27264", "309.27266"]);
  assert.deepEqual(tickLabels([0.1, 0.30000000000000004]), ["0.1", "0.3"]);
  const ticks = ticksOver([309.27264, 309.27264 + 6e-14]);
  assert.equal(new Set(tickLabels(ticks)).size, ticks.length);
});
