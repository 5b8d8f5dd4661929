import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineMark } from "#src/scene/marks.js";
import { stageOf } from "#src/scene/stage.js";
import { clusterStyle } from "#src/scene/theme.js";
import { sampleExperiment, still } from "../support/sample.js";
import { at, marksOf, near, OPTIONS, sceneOf, symbols, texts } from "../support/scene.js";

test("the aggregation view draws local means with areas in proportion to their rows, each flowing into its mean", () => {
  const experiment = sampleExperiment();
  const { serverScale: scale } = stageOf(experiment, OPTIONS);
  const round = experiment.rounds[2];
  const scene = sceneOf(experiment, still(2, "aggregation"));
  const flows = marksOf(scene).filter((mark) => mark.kind === "flow");
  assert.equal(
    flows.length,
    round.locals.reduce((sum, { counts }) => sum + counts.length, 0),
  );
  const areas = round.locals.flatMap((local) =>
    local.targets.map((target, i) => {
      const x = scale.x(local.positions[2 * i]);
      const y = scale.y(local.positions[2 * i + 1]);
      const flow = flows.find((mark) => near(mark.x1, x) && near(mark.y1, y))!;
      assert.ok(near(flow.x2, scale.x(round.positions[2 * target])));
      assert.ok(near(flow.y2, scale.y(round.positions[2 * target + 1])));
      const { radius, fill } = symbols(scene).find(at(x, y))!;
      assert.equal(fill, clusterStyle(target).color);
      return radius ** 2 / local.counts[i];
    }),
  );
  for (const area of areas) assert.ok(near(area, areas[0]));
});

test("the aggregation view draws no row", () => {
  const scene = sceneOf(sampleExperiment(), still(2, "aggregation"));
  assert.equal(marksOf(scene).filter(({ kind }) => kind === "points").length, 0);
});

test("the aggregation view has an arrow for each mean that moved since the round before", () => {
  const experiment = sampleExperiment();
  const { serverScale: scale } = stageOf(experiment, OPTIONS);
  const [before, after] = experiment.rounds.slice(0, 2).map(({ positions }) => positions);
  const arrows = marksOf(sceneOf(experiment, still(1, "aggregation"))).filter(
    (mark): mark is LineMark => mark.kind === "line" && mark.head !== undefined,
  );
  assert.equal(arrows.length, 4);
  arrows.forEach(({ points }, cluster) => {
    assert.ok(
      near(points[0], scale.x(before[2 * cluster])) && near(points[1], scale.y(before[2 * cluster + 1])),
    );
    // It stops at the edge of the symbol, on the line to the new mean.
    const [dx, dy] = [points[2] - points[0], points[3] - points[1]];
    const [ex, ey] = [scale.x(after[2 * cluster]) - points[0], scale.y(after[2 * cluster + 1]) - points[1]];
    assert.ok(Math.abs(dx * ey - dy * ex) < 1e-6 * Math.hypot(ex, ey) ** 2);
  });
});

test("of local means that were not recorded nothing is said that nobody knows", () => {
  const sample = sampleExperiment();
  const rounds = sample.rounds.map((round) => ({ ...round, locals: [], areLocalsRecorded: false }));
  for (const round of [0, 1]) {
    const said = texts(sceneOf({ ...sample, rounds }, still(round, "aggregation")));
    assert.equal(said.filter((text) => text === "not recorded").length, sample.clients.length);
    assert.ok(said.some((text) => /what clients sent, which was not recorded/.test(text)));
    assert.ok(!said.some((text) => /sent nothing|of its own|^0 local/.test(text)));
  }
});
