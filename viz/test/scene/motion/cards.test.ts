import assert from "node:assert/strict";
import { test } from "node:test";
import type { CardFrame } from "#src/scene/frames/frame.js";
import { scoresOf } from "#src/scene/motion/cards.js";
import { sampleExperiment } from "../../support/sample.js";
import { sceneOf, texts } from "../../support/scene.js";

const CLOSING: CardFrame = { kind: "card", card: "closing", roundIndex: 3, progress: 1, name: "end" };

test("the closing card has the scores of the round that it shows, and none of one that is not drawn", () => {
  const sample = sampleExperiment();
  assert.ok(texts(sceneOf(sample, CLOSING)).includes("Adjusted Rand index"));
  assert.ok(!texts(sceneOf({ ...sample, scoredRound: 10 }, CLOSING)).includes("Adjusted Rand index"));
});

test("scores are called by what they are of", () => {
  const sample = sampleExperiment();
  assert.deepEqual(scoresOf(sample), [
    ["Adjusted Rand index", 0.9],
    ["Silhouette", 0.5],
    ["Inertia", 25],
  ]);
  const metrics = { ...sample.metrics, silhouetteScore: null, adjustedRandIndex: null };
  const grouped = { ...sampleExperiment({ groups: "drawn" }), metrics, metricsOf: "groups" as const };
  assert.deepEqual(scoresOf(grouped), [
    ["Simplified silhouette", 0.6],
    ["Inertia of groups", 25],
  ]);
});
