import assert from "node:assert/strict";
import { test } from "node:test";
import { altTextOf } from "#src/scene/captions/alt-text.js";
import { subtitlesOf } from "#src/scene/captions/subtitles.js";
import { planFrames } from "#src/scene/frames/plan.js";
import { sampleExperiment } from "../../support/sample.js";

const shownOf = (experiment: ReturnType<typeof sampleExperiment>, smooth: boolean) =>
  planFrames(experiment, { rounds: null, smooth, fps: 30 }).map((frame) => ({ frame, count: 1 }));

test("a cue begins where the one before ends, and each has another text", () => {
  for (const smooth of [false, true]) {
    const experiment = sampleExperiment({ clientStart: true });
    const shown = shownOf(experiment, smooth);
    const blocks = subtitlesOf(experiment, shown, 30).trimEnd().split("\n\n").slice(1);
    let end = "00:00:00.000";
    let before = "";
    for (const block of blocks) {
      const [, begin, until, text] = /^(\S+) --> (\S+)\n(.+)$/.exec(block)!;
      assert.equal(begin, end);
      assert.notEqual(text, before);
      [end, before] = [until, text];
    }
    const ms = Math.round((1000 * shown.length) / 30);
    assert.equal(end, new Date(ms).toISOString().slice(11, 23));
    assert.ok(blocks.length >= 12);
  }
});

test("names that would be tags in subtitles are text", () => {
  const sample = sampleExperiment();
  const cues = subtitlesOf({ ...sample, algorithm: "<b> & co" }, shownOf(sample, true), 30);
  assert.ok(cues.includes("&lt;b&gt; &amp; co"));
});

test("an alternative text says who took part, what is shown, how it ended and the scores of the end", () => {
  const experiment = sampleExperiment();
  const frames = planFrames(experiment, { rounds: null, smooth: true, fps: 30 });
  const text = altTextOf(experiment, frames);
  for (const said of [
    "3 clients, 183 rows",
    "k = 4",
    "rounds 0 to 3",
    "have settled",
    "Adjusted Rand index: 0.9",
  ]) {
    assert.ok(text.includes(said), `${said}: ${text}`);
  }
  const part = altTextOf(
    experiment,
    planFrames(experiment, { rounds: { first: 1, last: 2 }, smooth: false, fps: 2 }),
  );
  assert.match(part, /rounds 1 to 2 of 3, in still pictures/);
  assert.doesNotMatch(part, /settled|Rand/);
});

test("an alternative text says rows only where rows are drawn", () => {
  const experiment = sampleExperiment();
  const textOf = (weightsOf: (client: number) => Float64Array | null, smooth: boolean) => {
    const clients = experiment.clients.map((client, i) => ({
      ...client,
      points: client.points && { ...client.points, weights: weightsOf(i) },
    }));
    const changed = { ...experiment, clients };
    return altTextOf(changed, planFrames(changed, { rounds: null, smooth, fps: 30 }));
  };
  const ones = new Float64Array(200).fill(1);
  const without = { ...experiment, clients: experiment.clients.map((one) => ({ ...one, points: null })) };
  assert.match(
    textOf(() => null, false),
    /the global means over each client's rows\./,
  );
  assert.match(
    textOf(() => ones, false),
    /each client's groups of rows with.*over each client's groups of rows\./,
  );
  assert.match(
    textOf(() => ones, true),
    /with their groups of rows,/,
  );
  assert.match(
    textOf((client) => (client === 0 ? ones : null), false),
    /over each client's rows or groups of rows/,
  );
  const nothing = altTextOf(without, planFrames(without, { rounds: null, smooth: false, fps: 2 }));
  assert.doesNotMatch(nothing, /each client's rows/);
  assert.match(nothing, /each client's local means;.*the global means in each client's panel\./);
});
