import assert from "node:assert/strict";
import { test } from "node:test";
import type { TextMark } from "#src/scene/marks/marks.js";
import { SIZES } from "#src/scene/marks/sizes.js";
import { shortened } from "#src/scene/panels/panel-axes.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { textWidth } from "#src/scene/text/text-width.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { inside, marksOf, OPTIONS, sceneOf } from "../../support/scene.js";

test("every panel has values at both axes, however many there are, and the axes are named once", () => {
  for (const nClients of [1, 3, 8, 12, 40]) {
    const experiment = sampleExperiment({ nClients, rowsPerClient: 20 });
    const { panels, axes } = stageOf(experiment, OPTIONS);
    const words = marksOf(sceneOf(experiment, still(2, "global"))).filter(
      (mark): mark is TextMark => mark.kind === "text",
    );
    for (const { plot, scale, title } of panels) {
      const ticks = words.filter((mark) => inside(mark, plot) && mark.size === SIZES.tick);
      const level = ticks.filter(
        ({ align, x, text }) =>
          align === "center" &&
          scale.xTicks.some((value) => scale.x(value) === x && scale.xText(value) === text),
      );
      const upright = ticks.filter(({ align, x }) => align === undefined && x < plot.x + 10);
      assert.ok(level.length >= 2 && upright.length >= 2, `${nClients} clients, ${title}`);
    }
    for (const axis of axes) assert.equal(words.filter(({ text }) => text === axis).length, 1);
  }
});

test("an axis' name is cut before its unit", () => {
  const name = "Glomerular filtration rate (mL/min per 1.73 m²)";
  assert.equal(shortened(name, 1000), name);
  const short = shortened(name, 200);
  assert.match(short, /^Glomer.*… \(mL\/min per 1\.73 m²\)$/);
  assert.ok(textWidth(short, SIZES.tick) <= 200);
  assert.equal(shortened("PC 1", 5), "PC 1");
});
