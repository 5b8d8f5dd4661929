import assert from "node:assert/strict";
import { test } from "node:test";
import { VIEWS } from "#src/scene/frames/frame.js";
import { sentenceOf } from "#src/scene/frames/sentence.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { sceneOf, texts } from "../../support/scene.js";

test("every frame has its round, its sentence and the note of what is not drawn", () => {
  const note = "Round 4 is damaged: drawn up to round 3.";
  const experiment = { ...sampleExperiment(), lastRound: 10, note };
  for (const view of VIEWS) {
    const said = texts(sceneOf(experiment, still(3, view)));
    for (const text of ["Round 3 of 10", sentenceOf(experiment, 3, view), note]) {
      assert.ok(said.includes(text), text);
    }
  }
});
