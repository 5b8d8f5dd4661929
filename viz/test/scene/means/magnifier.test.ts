import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineMark, RectMark, TextMark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { magnifierMarks } from "#src/scene/means/magnifier.js";
import { inside } from "../../support/scene.js";

const PLOT = { x: 10, y: 10, width: 300, height: 260 };
const stepsOf = (...lengths: number[]) =>
  lengths.map((length, cluster) => ({ cluster, from: { x: 100, y: 100 }, to: { x: 100 + length, y: 100 } }));
const glassOf = (lengths: number[], plot = PLOT) =>
  magnifierMarks(stepsOf(...lengths), plot, THEMES.light, 8);

test("steps too short to be seen are shown as many times as long as the glass says", () => {
  for (const longest of [2.9, 0.4, 0.003]) {
    const marks = glassOf([longest, longest / 2, 0]);
    const box = marks[0] as RectMark;
    const said = marks.find((mark): mark is TextMark => mark.kind === "text")!.text;
    const factor = Number(said.replace(/^(steps )?× /, "").replaceAll(",", ""));
    const lengths = marks
      .filter((mark): mark is LineMark => mark.kind === "line")
      .map(({ points: [x1, y1, x2, y2] }) => {
        assert.ok(inside({ x: x2, y: y2 }, box));
        return Math.hypot(x2 - x1, y2 - y1);
      });
    assert.equal(lengths.length, 2);
    assert.ok(Math.abs(lengths[0] / longest / factor - 1) < 1e-9, said);
    assert.ok(Math.abs(lengths[1] / longest / factor - 0.5) < 1e-9, said);
    assert.ok(box.x + box.width < PLOT.x + PLOT.width && box.y > PLOT.y);
  }
});

test("there is no glass where a step is seen, none was made, or the panel is too small", () => {
  assert.deepEqual(glassOf([40, 0.1]), []);
  assert.deepEqual(glassOf([9]), []);
  assert.deepEqual(glassOf([0, 0]), []);
  assert.deepEqual(glassOf([]), []);
  assert.deepEqual(glassOf([0.1], { x: 0, y: 0, width: 140, height: 90 }), []);
});
