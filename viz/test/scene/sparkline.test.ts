import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineMark, SymbolMark } from "#src/scene/marks.js";
import { sparkline } from "#src/scene/sparkline.js";
import { THEMES } from "#src/scene/theme.js";

const AREA = { x: 0, y: 0, width: 108, height: 62 };

const draw = (values: (number | null)[], current: number, log: boolean, reference: number | null = null) => {
  const marks = sparkline(values, current, AREA, { log, reference }, THEMES.light);
  const lines = marks.filter((mark): mark is LineMark => mark.kind === "line" && mark.dash === undefined);
  return { marks, whole: lines[0]?.points, past: lines[1]?.points, now: marks.at(-1) as SymbolMark };
};

test("the largest value is at the top, the smallest at the bottom, in proportion between", () => {
  const { whole } = draw([10, 5, 0], 0, false);
  assert.deepEqual(whole, [4, 6, 54, 31, 104, 56]);
});

test("on a logarithmic axis equal ratios are equal steps, and 0 lies on the floor", () => {
  const { whole } = draw([1, 0.1, 0.01, 0], 0, true);
  assert.deepEqual(
    whole.filter((_, i) => i % 2 === 1),
    [6, 31, 56, 56],
  );
});

test("the strong part of the curve ends at the current round, which is marked", () => {
  const { past, now } = draw([4, 3, 2, 1], 2, false);
  assert.equal(past.length, 6);
  assert.deepEqual([now.x, now.y], past.slice(4));
});

test("rounds without a value leave a gap, and none at all draws nothing", () => {
  assert.equal(draw([null, 3, 2], 2, false).whole.length, 4);
  assert.deepEqual(draw([null, null], 1, true).marks, []);
});

test("values that differ by rounding alone lie on one level", () => {
  for (const values of [
    [309.25, 309.25 * (1 - 2 ** -52)],
    [5, 5],
  ]) {
    const { whole } = draw(values, 1, false);
    assert.equal(whole[1], whole[3]);
  }
  const { whole } = draw([309.2725, 309.2724], 1, false);
  assert.notEqual(whole[1], whole[3]);
});
