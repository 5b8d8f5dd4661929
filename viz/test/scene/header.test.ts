import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { View } from "#src/scene/frame.js";
import { sampleExperiment, still } from "../support/sample.js";
import { sceneOf, texts } from "../support/scene.js";

test("the last frame says how the run ended: settled, at its last round, or in a cycle", () => {
  const experiment = sampleExperiment();
  const said = (more: Partial<Experiment>) => texts(sceneOf({ ...experiment, ...more }, still(3, "global")));
  assert.ok(said({}).some((text) => text.startsWith("The global means have settled")));
  const stillMoving = "The last round allowed: the global means still move.";
  assert.ok(said({ converged: false }).includes(stillMoving));
  const inCycle = said({ converged: false, cycleLength: 2 });
  assert.ok(
    inCycle.includes("The global means are those of round 1 again: the best of a cycle of 2 rounds."),
  );
  assert.ok(!inCycle.includes(stillMoving));
  const rounds = experiment.rounds.slice(0, 1);
  const ofStart = texts(sceneOf({ ...experiment, rounds, converged: false }, still(0, "global")));
  assert.ok(ofStart.includes("No further round was asked for: these are the start's means."));
});

test("a note about an unfinished run is on every frame", () => {
  const experiment = {
    ...sampleExperiment(),
    note: "aborted: drawn up to round 3",
    status: "aborted" as const,
  };
  for (const view of ["local", "aggregation", "global"] as View[]) {
    assert.ok(texts(sceneOf(experiment, still(3, view))).includes("aborted: drawn up to round 3"));
  }
});
