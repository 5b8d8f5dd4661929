import assert from "node:assert/strict";
import { test } from "node:test";
import { STEPS } from "#src/scene/frames/frame.js";
import { stepsOf } from "#src/scene/frames/steps.js";
import { sampleExperiment } from "../../support/sample.js";

const stepsIn = (...args: Parameters<typeof stepsOf>) => stepsOf(...args).map(({ step }) => step);

test("a round has the steps that happen in it, in order", () => {
  const experiment = sampleExperiment();
  assert.deepEqual(stepsIn(experiment, 1), STEPS);
  // The server drew the start.
  assert.deepEqual(stepsIn(experiment, 0), ["aggregate", "broadcast"]);
  const clientStart = sampleExperiment({ clientStart: true });
  assert.deepEqual(stepsIn(clientStart, 0), ["update", "withhold", "collect", "aggregate", "broadcast"]);
});

test("every step has a caption of at most twelve words", () => {
  for (const options of [{}, { groups: "drawn" }] as const) {
    const experiment = sampleExperiment({ ...options, clientStart: true });
    for (const round of [0, 1]) {
      for (const { step, caption } of stepsOf(experiment, round)) {
        const words = caption.split(" ").length;
        assert.ok(words >= 3 && words <= 12, `${step}: ${caption}`);
      }
    }
  }
});
