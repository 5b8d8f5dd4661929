import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { Frame } from "#src/scene/frames/frame.js";
import { planMotion } from "#src/scene/frames/motion-plan.js";
import { stepsOf } from "#src/scene/frames/steps.js";
import { sampleExperiment } from "../../support/sample.js";

const FPS = 30;
const planned = (experiment: Experiment, seconds: number | null = null) =>
  planMotion(experiment, { rounds: null, fps: FPS, seconds });

const secondsOf = (frames: readonly Frame[], round: number) =>
  frames.filter(({ kind, roundIndex }) => kind === "motion" && roundIndex === round).length / FPS;

test("a caption that is new stays 1.6 s or more, and longer if it has many words", () => {
  const experiment = sampleExperiment({ clientStart: true, nRounds: 3 });
  const frames = planned(experiment);
  const told = new Set<string>();
  for (const round of [0, 1]) {
    for (const { step, caption } of stepsOf(experiment, round)) {
      const own = frames.filter((f) => f.kind === "motion" && f.roundIndex === round && f.step === step);
      if (told.has(caption)) continue;
      told.add(caption);
      assert.ok(own.length / FPS >= 1.55, `${step}: ${own.length / FPS}`);
      assert.ok(own.length / FPS >= 0.2 * caption.split(" ").length, `${step}: ${own.length / FPS}`);
      assert.ok(own.every((frame) => frame.kind === "motion" && frame.caption === caption));
    }
  }
  assert.ok(told.size >= 6);
});

test("later rounds last 0.5 to 1.5 s, by how far means go; half a second where none moves", () => {
  const sample = sampleExperiment({ nRounds: 9 });
  const still = sample.rounds[5];
  const rounds = sample.rounds.map((round, i) =>
    i > 5 ? { ...round, positions: still.positions, means: still.means } : round,
  );
  const frames = planned({ ...sample, rounds });
  const lengths = [2, 3, 4, 5].map((round) => secondsOf(frames, round));
  for (const length of lengths) assert.ok(length >= 0.5 && length <= 1.52, String(length));
  assert.deepEqual(
    lengths.toSorted((a, b) => b - a),
    lengths,
    "means go ever less far",
  );
  for (const round of [6, 7, 8]) assert.ok(Math.abs(secondsOf(frames, round) - 0.5) < 0.05);
});

test("a hundred rounds are at most 90 s, however far means go", () => {
  const sample = sampleExperiment({ nRounds: 101, clientStart: true });
  const rounds = sample.rounds.map((round, i) => {
    const positions = round.positions.map((value) => (i % 2 === 0 ? value : -value));
    return { ...round, positions };
  });
  for (const experiment of [sample, { ...sample, rounds }]) {
    assert.ok(planned(experiment).length <= 90 * FPS + 1);
  }
});

test("a length asked for is the length, and of every step there is a frame", () => {
  const experiment = sampleExperiment({ nRounds: 12 });
  for (const seconds of [8, 20, 200]) {
    const frames = planned(experiment, seconds);
    assert.equal(frames.length, seconds * FPS);
    const shown = new Set(frames.flatMap((f) => (f.kind === "motion" ? [`${f.roundIndex} ${f.step}`] : [])));
    const all = experiment.rounds.flatMap((_, i) => stepsOf(experiment, i));
    assert.equal(shown.size, all.length);
  }
});

test("it begins with what the run is, and rests on how it ended", () => {
  const frames = planned(sampleExperiment());
  const cards = frames.map((frame) =>
    frame.kind === "card" ? `${frame.card} ${frame.progress}` : frame.kind,
  );
  assert.equal(cards[0], "title 0");
  assert.equal(
    cards.findLast((card) => card.startsWith("title")),
    "title 1",
  );
  assert.ok(cards.slice(-3 * FPS).every((card) => card === "closing 1"));
});
