import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChartOptions, chartMarks } from "#src/scene/furniture/chart.js";
import type { LineMark, SymbolMark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";

const AREA = { x: 0, y: 0, width: 240, height: 110 };
const COLOR = "#123456";

function draw(values: (number | null)[], options: Partial<ChartOptions> = {}) {
  const all = { first: 0, log: false, reference: null, current: null, xName: null, ...options };
  const marks = chartMarks([{ values, color: COLOR }], AREA, all, THEMES.light);
  const dots = marks.filter((mark): mark is SymbolMark => mark.kind === "symbol");
  const lines = marks.filter((mark): mark is LineMark => mark.kind === "line" && mark.stroke === COLOR);
  const texts = marks.flatMap((mark) => (mark.kind === "text" ? [mark] : []));
  const levelOf = (text: string) => texts.find((mark) => mark.text === text && mark.align === "right")!.y;
  return { marks, dots, lines, texts: texts.map(({ text }) => text), levelOf };
}

test("a linear axis holds 0, so that a rise by a hundredth of a per cent is flat and both its ends say by how much", () => {
  const { lines, texts, levelOf } = draw([246.594, 246.6, 246.622]);
  const [, first, , , , last] = lines[0].points;
  assert.ok(Math.abs(first - last) < 0.05);
  assert.ok(levelOf("0") > levelOf("200"));
  for (const text of ["246.594", "246.622"]) assert.ok(!texts.includes(text));
  for (const text of ["246.59", "246.62"]) assert.ok(texts.includes(text), text);
});

test("values lie in proportion between the ticks beside them", () => {
  const { dots, levelOf } = draw([200, 150, 100, 0]);
  const zero = levelOf("0");
  const hundred = levelOf("100");
  const heights = dots.map(({ y }) => (zero - 0.36 * 11 - y) / (zero - hundred));
  for (const [i, height] of [2, 1.5, 1, 0].entries())
    assert.ok(
      heights.some((at) => Math.abs(at - height) < 1e-6),
      `${i}`,
    );
});

test("on a logarithmic axis equal ratios are equal steps, and 0 lies hollow below them and apart from the tolerance", () => {
  const { dots, marks } = draw([1, 0.1, 0.01, 0], {
    log: true,
    reference: { value: 0.01, name: "tolerance" },
  });
  const [a, b, c] = dots.filter(({ fill }) => fill === COLOR).map(({ y }) => y);
  assert.ok(Math.abs(b - a - (c - b)) < 1e-9);
  const zero = dots.find(({ stroke }) => stroke === COLOR)!;
  const tolerance = marks.find((mark): mark is LineMark => mark.kind === "line" && mark.dash !== undefined)!;
  assert.ok(zero.y > tolerance.points[1] + 8);
});

test("the curve is strong up to the current round, which is marked, and pale beyond", () => {
  const { dots, lines, marks } = draw([4, 3, 2, 1], { current: 2 });
  assert.equal(lines[0].points.length, 6);
  const now = dots.find(({ radius }) => radius === 3.6)!;
  assert.deepEqual([now.x, now.y], lines[0].points.slice(4));
  assert.ok(marks.some((mark) => mark.kind === "line" && mark.stroke === THEMES.light.pale));
});

test("rounds without a value leave a gap, and none at all draws nothing", () => {
  assert.equal(draw([5, 4, null, 3, 2]).lines.length, 2);
  assert.deepEqual(draw([null, null]).marks, []);
});

test("hundreds of rounds have few ticks, the last of which is the last round, inside the area", () => {
  const { marks, dots, texts } = draw(Array.from({ length: 300 }, (_, i) => 300 - i));
  assert.ok(texts.includes("299"));
  assert.ok(dots.length < 3);
  for (const mark of marks) if (mark.kind === "text") assert.ok(mark.x <= AREA.width);
});

test("a single value is a dot with its value", () => {
  const { dots, texts } = draw([309.2]);
  assert.equal(dots.length, 1);
  assert.ok(texts.includes("309.2"));
});

test("the name of a level lies beside the curve and not on it", () => {
  const falling = Array.from({ length: 30 }, (_, i) => 10 ** (-i / 5));
  const { marks } = draw(falling, { log: true, reference: { value: 1e-4, name: "tolerance" } });
  const name = marks.find((mark) => mark.kind === "text" && mark.text === "tolerance 1e-4");
  assert.ok(name !== undefined);
});

test("between two rounds a curve goes part of the way, and its first value comes where it is", () => {
  const values = [null, 1, 0.5];
  const dotOf = (current: number) => draw(values, { current }).dots.find(({ radius }) => radius === 3.6);
  const [begin, half, end] = [1, 1.5, 2].map((current) => dotOf(current)!);
  assert.ok(
    Math.abs(half.x - (begin.x + end.x) / 2) < 1e-9 && Math.abs(half.y - (begin.y + end.y) / 2) < 1e-9,
  );
  const [line] = draw(values, { current: 1.5 }).lines;
  assert.deepEqual(line.points.slice(-2), [half.x, half.y]);
  const first = dotOf(0.25)!;
  assert.deepEqual([first.x, first.y, first.opacity], [begin.x, begin.y, 0.25]);
  assert.equal(dotOf(0), undefined);
});
