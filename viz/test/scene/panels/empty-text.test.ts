import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyText } from "#src/scene/panels/empty-text.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment } from "../../support/sample.js";
import { inside, OPTIONS } from "../../support/scene.js";

test("that there are no rows is said where no mean is, in every round", () => {
  const experiment = sampleExperiment({ withRows: false, nClients: 3 });
  const texts = (["as they are", "below"] as const).map((where) => {
    const stage = stageOf(experiment, OPTIONS);
    const [panel] = stage.panels;
    if (where === "as they are") return emptyText(stage, panel);
    // All means where the text would stand else.
    const { x, y } = emptyText(stage, panel);
    const scale = { ...panel.scale, x: () => x, y: () => y - 2 };
    return emptyText(stage, { ...panel, scale });
  });
  const [free, moved] = texts;
  assert.notEqual(free.y, moved.y);
  const { plot } = stageOf(experiment, OPTIONS).panels[0];
  assert.ok(inside(free, plot) && inside(moved, plot));
});
