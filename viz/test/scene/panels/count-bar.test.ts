import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mark, PointsMark, RectMark, TextMark } from "#src/scene/marks/marks.js";
import { clusterStyle, THEMES } from "#src/scene/marks/theme.js";
import { countBar } from "#src/scene/panels/count-bar.js";
import { createComposer } from "#src/scene/scene.js";
import type { RowCounts } from "#src/scene/stage/counts.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { textWidth } from "#src/scene/text/text-width.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { inside, marksOf, OPTIONS, sceneOf, texts } from "../../support/scene.js";

const AREA = { x: 20, y: 5, width: 300, height: 14 };
const rowsOf = (counts: number[], withheld: number[] = counts.map(() => 0), elsewhere = 0): RowCounts => ({
  counts,
  withheld,
  withheldElsewhere: elsewhere,
});
const barOf = (rows: RowCounts, nRows: number | null = null) => countBar(rows, nRows, AREA, THEMES.light);
const rects = (marks: readonly Mark[]) =>
  marks.filter((mark): mark is RectMark => mark.kind === "rect").slice(1);
const words = (marks: readonly Mark[]) => marks.filter((mark): mark is TextMark => mark.kind === "text");

test("a bar has a segment a cluster, as wide as its share of the rows, with the count", () => {
  const marks = barOf(rowsOf([30, 0, 60, 60]));
  assert.deepEqual(
    rects(marks).map(({ fill }) => fill),
    [0, 2, 3].map((cluster) => clusterStyle(cluster).color),
  );
  const [first, second, third] = rects(marks);
  assert.ok(Math.abs((second.x - first.x) / (third.x - second.x) - 0.5) < 1e-9);
  assert.deepEqual(
    words(marks).map(({ text }) => text),
    ["30", "60", "60"],
  );
  // Rows that are not among the counts leave the end of the bar empty.
  assert.ok(Math.abs(rects(barOf(rowsOf([30, 30]), 120))[1].x - (AREA.x + 75)) < 1e-9);
  assert.deepEqual(rects(barOf(rowsOf([0, 0]), 12)), []);
  assert.deepEqual(barOf(rowsOf([0, 0])), []);
});

test("what was withheld is hollow, after its cluster's rows; of no known cluster, at the end", () => {
  const marks = rects(barOf(rowsOf([50, 50], [0, 40], 20)));
  assert.deepEqual(
    marks.map(({ fill, stroke }) => [fill, stroke]),
    [
      [clusterStyle(0).color, undefined],
      [clusterStyle(1).color, undefined],
      [THEMES.light.panel, clusterStyle(1).color],
      [THEMES.light.panel, THEMES.light.rows],
    ],
  );
});

test("of sixty clusters the largest are named, the others are one, and no word leaves its segment", () => {
  const counts = Array.from({ length: 60 }, (_, cluster) => (cluster === 41 ? 300 : cluster === 7 ? 90 : 3));
  const marks = barOf(rowsOf(counts));
  const said = words(marks).map(({ text }) => text);
  assert.deepEqual(said, ["7:", "90", "41:", "300", "58 more:", "174"]);
  for (const mark of words(marks)) {
    const width = textWidth(mark.text, mark.size, mark.weight);
    assert.ok(rects(marks).some(({ x, width: wide }) => mark.x >= x && mark.x + width <= x + wide));
  }
  for (const { x, width } of rects(marks)) assert.ok(x >= AREA.x && x + width <= AREA.x + AREA.width);
});

test("every client's panel has its counts: local work's in the local view, under the new means in the global one", () => {
  const experiment = sampleExperiment();
  const { panels } = stageOf(experiment, OPTIONS);
  const compose = createComposer(experiment, OPTIONS);
  const saidIn = (view: "local" | "global", client: number) => {
    const { rect, plot } = panels[client];
    const bar = { ...rect, y: rect.y + 24, height: plot.y - rect.y - 24 };
    return words(marksOf(compose(still(2, view)))).flatMap((mark) =>
      inside(mark, bar) ? [Number(mark.text)] : [],
    );
  };
  for (const local of experiment.rounds[2].locals) {
    const counted = [...local.counts, ...local.withheld.map(({ count }) => count)];
    const total = counted.reduce((sum, count) => sum + count, 0);
    assert.ok(total > 0);
    // Counts of one row have no room.
    assert.deepEqual(
      saidIn("local", local.client),
      counted.filter((count) => count > 1),
    );
  }
  const points = marksOf(compose(still(2, "global"))).filter(
    (mark): mark is PointsMark => mark.kind === "points",
  );
  points.forEach(({ labels }, client) => {
    const sums = [0, 0, 0, 0];
    for (const label of labels!) sums[label] += 1;
    assert.deepEqual(saidIn("global", client), sums);
  });
});

test("where the directory does not say the counts, the panel says that", () => {
  const experiment = sampleExperiment({ withRows: false });
  const rounds = experiment.rounds.map((round) => ({ ...round, locals: [], areLocalsRecorded: false }));
  for (const view of ["local", "global"] as const) {
    const said = texts(sceneOf({ ...experiment, rounds }, still(2, view)));
    assert.equal(said.filter((text) => text === "counts not recorded").length, 3, view);
  }
});
