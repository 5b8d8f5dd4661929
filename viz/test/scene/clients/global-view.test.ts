import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterStyle } from "#src/scene/marks/theme.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { at, inside, marksOf, OPTIONS, sceneOf, symbols } from "../../support/scene.js";

test("the global view draws every mean in every panel, each with its cluster's number", () => {
  const experiment = sampleExperiment();
  const { panels } = stageOf(experiment, OPTIONS);
  const scene = sceneOf(experiment, still(3, "global"));
  for (const { scale, plot } of panels) {
    for (let cluster = 0; cluster < 4; cluster++) {
      const { positions } = experiment.rounds[3];
      const drawn = symbols(scene).filter(
        at(scale.x(positions[2 * cluster]), scale.y(positions[2 * cluster + 1])),
      );
      assert.equal(drawn.length, 1);
      assert.equal(drawn[0].fill, clusterStyle(cluster).color);
    }
    const chips = marksOf(scene).flatMap((mark) =>
      mark.kind === "chip" && inside(mark, plot) ? [mark.text] : [],
    );
    assert.deepEqual(chips.toSorted(), ["0", "1", "2", "3"]);
  }
});
