import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { View } from "#src/scene/frames/frame.js";
import { createComposer } from "#src/scene/scene.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { inside, legendOf, OPTIONS, sceneOf } from "../../support/scene.js";

const entriesOf = (experiment: Experiment, round: number, view: View): string[] =>
  legendOf(sceneOf(experiment, still(round, view))).flatMap((mark) =>
    mark.kind === "text" ? [mark.text] : [],
  );

test("a legend has what occurs in its frame and nothing else", () => {
  const experiment = sampleExperiment();
  const local = entriesOf(experiment, 2, "local");
  for (const text of [
    "a row",
    "rows by cluster",
    "mean as sent",
    "none of its rows",
    "mean withheld",
    "step of a mean",
  ]) {
    assert.ok(local.includes(text), text);
  }
  assert.ok(local.includes("since round 0") && !local.includes("goes into"));
  const first = entriesOf(experiment, 1, "local");
  assert.ok(!first.includes("since round 0"), "the means that the first round sends have been nowhere else");
  const server = entriesOf(experiment, 2, "aggregation");
  for (const text of ["local mean", "goes into", "global mean", "mean before", "since round 0"]) {
    assert.ok(server.includes(text), text);
  }
  assert.ok(!server.includes("a row") && !server.includes("mean withheld"));
  const start = entriesOf(experiment, 0, "global");
  assert.ok(start.includes("global mean"));
  assert.ok(
    !start.includes("step of a mean") && !start.includes("since round 0") && !start.includes("mean before"),
  );
});

test("where nothing was withheld or dropped, the legend does not speak of it", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round) => ({
    ...round,
    locals: round.locals.filter(({ client }) => client > 0).map((local) => ({ ...local, withheld: [] })),
  }));
  assert.ok(!entriesOf({ ...sample, rounds }, 2, "local").includes("mean withheld"));
});

test("rows that were not recorded are in no legend, and many of them are a density", () => {
  const none = entriesOf(sampleExperiment({ withRows: false }), 2, "global");
  assert.ok(!none.includes("a row") && !none.includes("denser: more rows"));
  const many = entriesOf(
    sampleExperiment({ rowsPerClient: 60_000, k: 3, nClients: 2, nRounds: 2 }),
    1,
    "global",
  );
  assert.ok(many.includes("denser: more rows") && !many.includes("a row"));
});

test("a legend lies inside the sidebar of every picture, and its marks are drawn as those of the frame", () => {
  const experiment = sampleExperiment();
  for (const [width, height] of [
    [1280, 720],
    [1080, 1080],
    [1080, 1920],
    [640, 360],
  ]) {
    const options = { ...OPTIONS, width, height };
    const { sidebar } = stageOf(experiment, options).layout;
    const scene = createComposer(experiment, options)(still(2, "local"));
    const marks = legendOf(scene);
    assert.ok(marks.length > 8);
    for (const mark of marks)
      if (mark.kind === "text" || mark.kind === "symbol") assert.ok(inside(mark, sidebar));
    const looks = scene.layers
      .filter(({ isLegend }) => isLegend !== true)
      .flatMap((layer) => layer.marks)
      .flatMap((mark) =>
        mark.kind === "symbol" ? [`${mark.shape} ${mark.fill} ${mark.stroke} ${mark.struck}`] : [],
      );
    for (const mark of marks) {
      if (mark.kind !== "symbol" || mark.stroke === undefined) continue;
      assert.ok(looks.includes(`${mark.shape} ${mark.fill} ${mark.stroke} ${mark.struck}`));
    }
  }
});
