import assert from "node:assert/strict";
import { test } from "node:test";
import type { View } from "#src/scene/frames/frame.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { sceneOf, texts } from "../../support/scene.js";

test("every frame names its round, its clusters with their sizes, and who took part", () => {
  const experiment = sampleExperiment();
  for (const view of ["local", "aggregation", "global"] as View[]) {
    const shown = texts(sceneOf(experiment, still(2, view)));
    for (const text of ["Round 2 of 3", "10", "20", "30", "40", "3 of 3 clients"]) {
      assert.ok(shown.includes(text), `${view}: ${text}`);
    }
  }
  const final = texts(sceneOf(experiment, still(3, "global")));
  for (const text of ["Adjusted Rand index", "0.9", "Silhouette", "0.5"])
    assert.ok(final.includes(text), text);
  assert.ok(
    !texts(sceneOf(experiment, still(2, "global"))).includes("0.9"),
    "scores belong to the final means",
  );
  const cut = texts(sceneOf({ ...experiment, scoredRound: 10 }, still(3, "global")));
  assert.ok(!cut.includes("Adjusted Rand index"), "which need not be drawn");
});

test("of how many rows the totals are is shown where they are not of all", () => {
  const experiment = sampleExperiment();
  const shown = (nSamplesInInertia: number | null) => {
    const metrics = { ...experiment.metrics, nSamples: 1200, nSamplesInInertia };
    return texts(sceneOf({ ...experiment, metrics }, still(3, "global")));
  };
  assert.ok(shown(900).includes("900 of 1,200"));
  for (const whole of [1200, null]) {
    assert.ok(!shown(whole).some((text) => text.includes("of 1,200")));
  }
});

test("measures of a round are shown once its means are known, those of the round before until then", () => {
  const experiment = sampleExperiment();
  assert.ok(texts(sceneOf(experiment, still(2, "local"))).includes("0.1"));
  assert.ok(texts(sceneOf(experiment, still(2, "global"))).includes("0.01"));
});

test("clients that took no part are named with the reason; of more than there is room for, how many", () => {
  const sample = sampleExperiment({ nClients: 12 });
  const said = (dropped: { client: string; reason: string }[]) => {
    const rounds = sample.rounds.map((round) => ({
      ...round,
      dropped,
      locals: round.locals.slice(dropped.length),
    }));
    return texts(sceneOf({ ...sample, rounds }, still(2, "local"))).join(" ");
  };
  const two = said([
    { client: "3", reason: "timed out" },
    { client: "5", reason: "timed out" },
  ]);
  assert.ok(two.includes("without Client 3, Client 5: timed out"));
  const names = Array.from({ length: 11 }, (_, i) => `Hospital of the county number ${i}`);
  assert.ok(
    said(names.map((client) => ({ client, reason: "timed out" }))).includes("without 11 clients: timed out"),
  );
});

test("a rise of inertia by a hundredth of a per cent is said in digits that tell, and drawn flat", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round, i) => ({ ...round, inertia: 246.594 + 0.009 * i }));
  const shown = texts(sceneOf({ ...sample, rounds }, still(3, "global")));
  assert.ok(shown.includes("246.59") && shown.includes("246.62") && shown.includes("0"));
});

test("a client whose part cannot be read took part; of clients that nobody knows none is counted", () => {
  const experiment = sampleExperiment();
  const rounds = experiment.rounds.map((round) =>
    round.locals.length === 0 ? round : { ...round, locals: round.locals.slice(1), lost: [0] },
  );
  const shown = (more: object) => texts(sceneOf({ ...experiment, ...more }, still(2, "local")));
  assert.ok(shown({ rounds }).includes("3 of 3 clients"));
  const bare = rounds.map((round) => ({ ...round, locals: [], lost: [], areLocalsRecorded: false }));
  const unknown = shown({ rounds: bare, clients: [] });
  assert.ok(unknown.includes("unknown") && !unknown.some((text) => /^0 /.test(text)));
});
