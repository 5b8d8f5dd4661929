import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "#src/read/experiment.js";
import type { PointsMark, SymbolMark } from "#src/scene/marks/marks.js";
import { THEMES } from "#src/scene/marks/theme.js";
import { layoutOf } from "#src/scene/stage/layout.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment, still } from "../support/sample.js";
import { inside, legendOf, marksOf, OPTIONS, sceneOf, symbols, texts } from "../support/scene.js";

test("groups are drawn by their rows, with a legend of areas that holds in every panel, and nothing is withheld", () => {
  const experiment = sampleExperiment({ groups: "drawn" });
  const { panels } = stageOf(experiment, OPTIONS);
  for (const view of ["local", "global"] as const) {
    const scene = sceneOf(experiment, still(2, view));
    const points = marksOf(scene).filter((mark): mark is PointsMark => mark.kind === "points");
    assert.equal(points.length, 3);
    points.forEach(({ weights }, client) => {
      assert.deepEqual([...weights!], [...experiment.clients[client].points!.weights!]);
    });
    assert.equal(new Set(points.map(({ radius }) => radius)).size, 1);
    // The legend's circles: 5, 7 and 9 rows, each of its number of areas of one row.
    const side = layoutOf(1280, 720, 3, 1).sidebar;
    const legend = legendOf(scene).filter(
      (mark): mark is SymbolMark => mark.kind === "symbol" && mark.fill === THEMES.light.rows,
    );
    assert.ok(legend.every((mark) => inside(mark, side)));
    assert.deepEqual(
      legend.map(({ radius }) => Math.round((radius / points[0].radius) ** 2)),
      [5, 7, 9],
    );
    const means = symbols(scene).filter(
      (mark) => mark.casing !== undefined && panels.some(({ plot }) => inside(mark, plot)),
    );
    assert.ok(means.length >= 11);
    const largest = points[0].radius * Math.sqrt(9);
    assert.ok(means.every(({ radius }) => radius > largest));
    assert.equal(symbols(scene).filter(({ struck }) => struck).length, 0);
    const said = texts(scene);
    for (const text of ["rows of groups", "rows: by area", "5", "7", "9", "Inertia of groups"]) {
      assert.ok(said.includes(text), `${view}: ${text}`);
    }
    assert.ok(said.some((text) => text.endsWith("180 groups of 5 to 9 rows")));
    assert.ok(!said.some((text) => /withheld|not recorded|\d rows?\b.*means/.test(text)));
  }
  assert.ok(texts(sceneOf(experiment, still(2, "local"))).includes("60 groups: 3 means"));
  assert.ok(texts(sceneOf(experiment, still(2, "global"))).includes("60 groups"));
  const server = texts(sceneOf(experiment, still(2, "aggregation")));
  assert.ok(server.includes("sees means and counts of groups") && !server.includes("rows: by area"));
  assert.ok(server.includes("24 of 62 rows, 60 groups"));
});

test("rows behind groups are drawn as rows, and the frame says both, and whose colour they have", () => {
  const experiment = sampleExperiment({ groups: "behind rows" });
  const scene = sceneOf(experiment, still(2, "local"));
  for (const mark of marksOf(scene)) if (mark.kind === "points") assert.equal(mark.weights, null);
  const said = texts(scene);
  assert.ok(said.includes("60 rows, 60 groups: 2 means"));
  assert.ok(said.some((text) => /its groups of rows\. Rows have the colour of their own nearest/.test(text)));
  assert.ok(!said.includes("rows: by area"));
  const end = texts(sceneOf(experiment, still(3, "global")));
  assert.equal(end[end.indexOf("Scores") + 1], "of rows");
  const deployed = texts(sceneOf({ ...experiment, metricsOf: "groups" }, still(3, "global")));
  assert.equal(deployed[deployed.indexOf("Scores") + 1], "of groups");
  // Of rows that nothing stands for, nobody asks whose.
  const plain = texts(sceneOf(sampleExperiment(), still(3, "global")));
  assert.ok(!plain.some((text) => /group|Scores/.test(text)));
});

test("how large groups are is said as far as it is known", () => {
  const sizes = (groups: Experiment["groups"]) =>
    texts(sceneOf({ ...sampleExperiment({ groups: "drawn" }), groups }, still(2, "global")));
  for (const [groups, text] of [
    [{ count: 1200, least: 5, most: null }, "1,200 groups of at least 5 rows"],
    [{ count: null, least: 5, most: null }, "groups of at least 5 rows"],
    [{ count: 4, least: 10, most: 10 }, "4 groups of 10 rows"],
  ] as const) {
    assert.ok(
      sizes(groups).some((line) => line.endsWith(`·  ${text}`)),
      text,
    );
  }
});
