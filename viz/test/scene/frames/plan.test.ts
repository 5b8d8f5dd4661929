import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "#src/scene/frames/frame.js";
import { planFrames } from "#src/scene/frames/plan.js";
import { sampleExperiment } from "../../support/sample.js";

const STILLS = { rounds: null, smooth: false, fps: 2 };

test("every round has three still frames: local, aggregation, global", () => {
  const frames = planFrames(sampleExperiment({ nRounds: 4 }), STILLS);
  assert.deepEqual(
    frames.map(({ name }) => name),
    [0, 1, 2, 3].flatMap((round) =>
      ["1_local", "2_aggregation", "3_global"].map((view) => `round_00${round}_${view}`),
    ),
  );
  assert.ok(frames.every(({ kind }) => kind === "still"));
});

test("a range of rounds is cut out by round number, both ends included", () => {
  const frames = planFrames(sampleExperiment({ nRounds: 6 }), { ...STILLS, rounds: { first: 2, last: 4 } });
  assert.deepEqual([...new Set(frames.map(({ roundIndex }) => roundIndex))], [2, 3, 4]);
  assert.deepEqual(planFrames(sampleExperiment(), { ...STILLS, rounds: { first: 50, last: 60 } }), []);
});

test("names of frames are unique and sort in the order of the video", () => {
  for (const smooth of [false, true]) {
    const names = planFrames(sampleExperiment({ nRounds: 12 }), { rounds: null, smooth, fps: 30 }).map(
      (f) => f.name,
    );
    assert.deepEqual(names.toSorted(), names);
    assert.equal(new Set(names).size, names.length);
  }
});

test("motion goes through the steps of each round in order, each to its end, and rests on the last means", () => {
  const experiment = sampleExperiment({ nRounds: 3 });
  const frames = planFrames(experiment, { rounds: null, smooth: true, fps: 30 });
  assert.deepEqual(runs(frames), [
    "0 title",
    // The server drew the start: nothing comes from clients in round 0.
    "0 aggregate",
    "0 broadcast",
    ...[1, 2].flatMap((round) =>
      ["assign", "update", "withhold", "collect", "aggregate", "broadcast"].map((step) => `${round} ${step}`),
    ),
    "2 closing",
  ]);
  for (let i = 1; i < frames.length; i++) {
    const [before, now] = [frames[i - 1], frames[i]];
    if (before.kind !== "motion") continue;
    if (now.kind === "motion" && now.step === before.step) assert.ok(now.progress >= before.progress);
    else assert.equal(before.progress, 1);
  }
});

test("a step without anything to show takes no time", () => {
  const experiment = sampleExperiment({ nRounds: 2 });
  const open = {
    ...experiment,
    rounds: experiment.rounds.map((round) => ({
      ...round,
      locals: round.locals.map((local) => ({ ...local, withheld: [] })),
    })),
  };
  const steps = runs(planFrames(open, { rounds: null, smooth: true, fps: 30 }));
  assert.ok(!steps.includes("1 withhold"));
  assert.ok(steps.includes("1 update"));
});

/** What happens, in order: "1 update". */
function runs(frames: readonly Frame[]): string[] {
  const labels = frames.map((frame) => {
    const what = frame.kind === "motion" ? frame.step : frame.kind === "card" ? frame.card : frame.view;
    return `${frame.roundIndex} ${what}`;
  });
  return labels.filter((label, i) => label !== labels[i - 1]);
}
