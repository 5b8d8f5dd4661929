import assert from "node:assert/strict";
import { test } from "node:test";
import type { View } from "#src/scene/frames/frame.js";
import { createComposer } from "#src/scene/scene.js";
import { sampleExperiment, still } from "../support/sample.js";
import { OPTIONS } from "../support/scene.js";

test("a scene does not depend on what was composed before it", () => {
  const experiment = sampleExperiment();
  const frames = [0, 1, 2, 3].flatMap((round) =>
    (["local", "aggregation", "global"] as View[]).map((view) => still(round, view)),
  );
  const compose = createComposer(experiment, OPTIONS);
  const forwards = frames.map(compose);
  const backwards = frames.toReversed().map(compose).toReversed();
  assert.deepEqual(backwards, forwards);
});
