import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, Step, View } from "#src/scene/frame.js";
import { createComposer } from "#src/scene/scene.js";
import { moving, sampleExperiment, still } from "../support/sample.js";
import { OPTIONS } from "../support/scene.js";

test("a step that has come to its end is the still picture it leads to", () => {
  const experiment = sampleExperiment({ clientStart: true });
  const compose = createComposer(experiment, OPTIONS);
  const pairs: [Step, View][] = [
    ["withhold", "local"],
    ["aggregate", "aggregation"],
  ];
  for (const round of [0, 2]) {
    for (const [step, view] of pairs) {
      assert.deepEqual(compose(moving(round, step, 1)), compose(still(round, view)), `${step} ${round}`);
    }
  }
});

test("motion is continuous: where one step ends the next begins", () => {
  const compose = createComposer(sampleExperiment({ clientStart: true }), OPTIONS);
  const last = (frame: Frame) =>
    compose(frame).layers.filter(({ key, opacity }) => key === null && opacity > 0)[0];
  const follow: [Frame, Frame][] = [
    [moving(2, "assign", 1), moving(2, "update", 0)],
    [moving(2, "update", 1), moving(2, "withhold", 0)],
    [moving(2, "collect", 1), moving(2, "aggregate", 0)],
  ];
  for (const [end, begin] of follow) assert.deepEqual(last(end), last(begin), JSON.stringify(end));
});
