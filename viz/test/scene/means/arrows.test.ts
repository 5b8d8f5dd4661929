import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineMark, SymbolMark } from "#src/scene/marks/marks.js";
import { clusterStyle, THEMES } from "#src/scene/marks/theme.js";
import { arrowMarks, hasMoved, isLong, pathMarks } from "#src/scene/means/arrows.js";
import { draws } from "../../support/sample.js";

const THEME = THEMES.light;

test("a long step is an arrow from its beginning to the edge of the symbol, a short one a tick beyond it, none nothing", () => {
  const from = { x: 100, y: 100 };
  for (let cluster = 0; cluster < 7; cluster++) {
    const [arrow] = arrowMarks({ cluster, from, to: { x: 160, y: 180 } }, 8, THEME);
    assert.deepEqual(arrow.points.slice(0, 2), [100, 100]);
    const short = Math.hypot(160 - arrow.points[2], 180 - arrow.points[3]);
    assert.ok(short > 6 && short < 8 * 1.72 + 3, `cluster ${cluster}: ${short} from the middle`);
    const [tick] = arrowMarks({ cluster, from, to: { x: 103, y: 104 } }, 8, THEME);
    const beyond = (i: number) => (tick.points[i] - 103) * 0.6 + (tick.points[i + 1] - 104) * 0.8;
    assert.ok(beyond(0) > 6 && beyond(2) > beyond(0));
    assert.ok(arrow.head! > 0 && tick.head! > 0 && arrow.casing !== undefined && tick.casing !== undefined);
    assert.deepEqual(arrowMarks({ cluster, from, to: { x: 100, y: 100 + 1e-9 } }, 8, THEME), []);
  }
});

test("every step that was made has one arrow, which is as long as the step only where that is seen", () => {
  const draw = draws(9);
  for (let i = 0; i < 500; i++) {
    const from = { x: 500 * draw(), y: 500 * draw() };
    const reach = 10 ** (4 * draw() - 2);
    const to = { x: from.x + reach * (draw() - 0.5), y: from.y + reach * (draw() - 0.5) };
    const step = { cluster: i % 9, from, to };
    const arrows = arrowMarks(step, 3 + 7 * draw(), THEME);
    assert.equal(arrows.length, 1);
    assert.ok(hasMoved(step));
    const [x1, y1, x2, y2] = arrows[0].points;
    const along = (x2 - x1) * (to.x - from.x) + (y2 - y1) * (to.y - from.y);
    assert.ok(along > 0, "an arrow against its step");
  }
  const step = { cluster: 0, from: { x: 0, y: 0 }, to: { x: 15, y: 0 } };
  assert.deepEqual([isLong(step, 8), isLong(step, 3)], [false, true]);
});

test("a path goes through every place that is apart from the one before, and fades towards its beginning", () => {
  const places = Array.from({ length: 40 }, (_, i) => ({ x: 10 * i, y: 0 }));
  const marks = pathMarks([places[0], { x: 0.5, y: 0 }, ...places.slice(1)], clusterStyle(2).color, THEME);
  const lines = marks.filter((mark): mark is LineMark => mark.kind === "line");
  const dots = marks.filter((mark): mark is SymbolMark => mark.kind === "symbol");
  assert.deepEqual(
    dots.map(({ x }) => x),
    places.slice(0, -1).map(({ x }) => x),
  );
  // Each line begins where the one before ended.
  for (const [i, { points }] of lines.entries()) {
    assert.deepEqual(points.slice(0, 2), i === 0 ? [0, 0] : lines[i - 1].points.slice(-2));
  }
  assert.deepEqual(lines.at(-1)!.points.slice(-2), [390, 0]);
  const opacities = lines.map(({ opacity }) => opacity!);
  assert.deepEqual(opacities.toSorted(), opacities);
  assert.ok(opacities[0] > 0.2 && opacities.at(-1)! - opacities[0] > 0.5);
  assert.deepEqual(pathMarks([places[0]], "#000000", THEME), []);
  assert.deepEqual(pathMarks([], "#000000", THEME), []);
});
