import assert from "node:assert/strict";
import { test } from "node:test";
import type { View } from "#src/scene/frames/frame.js";
import { createComposer } from "#src/scene/scene.js";
import { layoutOf } from "#src/scene/stage/layout.js";
import { domainOf, scaleOf } from "#src/scene/stage/scale.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment, still } from "../../support/sample.js";
import { inside, near, OPTIONS, symbols, texts } from "../../support/scene.js";

test("axes are the same in every panel and every frame, and hold every mean", () => {
  const experiment = sampleExperiment({ nClients: 5 });
  const compose = createComposer(experiment, OPTIONS);
  const { panels, serverPlot } = stageOf(experiment, OPTIONS);
  const grids = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const [layer] = compose(still(round, "local")).layers;
    grids.add(JSON.stringify(layer.marks));
    for (const view of ["local", "aggregation", "global"] as View[]) {
      const plots = view === "aggregation" ? [serverPlot] : panels.map(({ plot }) => plot);
      const { sidebar, senders } = layoutOf(1280, 720, 5, 1);
      for (const mark of symbols(compose(still(round, view)))) {
        assert.ok(
          [...plots, sidebar, senders].some((area) => inside(mark, area)),
          `${view} of round ${round}`,
        );
      }
    }
  }
  assert.equal(grids.size, 1);
});

test("axes keep nearly one unit, so that distances look nearly as they are, until spans differ too much", () => {
  const area = { x: 0, y: 0, width: 900, height: 300 };
  const square = scaleOf({ x: [0, 1], y: [0, 1] }, area, null);
  assert.ok(near(square.y(0) - square.y(1), 300));
  assert.ok(near(square.x(1) - square.x(0), 450));
  const grams = scaleOf({ x: [0, 1], y: [0, 5000] }, area, null);
  assert.ok(near(grams.x(1) - grams.x(0), 900));
  assert.ok(near(grams.y(0) - grams.y(5000), 300));
});

test("a few outliers among many rows do not widen the axes; a mean always does", () => {
  const experiment = sampleExperiment({ nClients: 1, rowsPerClient: 5000 });
  const { points } = experiment.clients[0];
  const features = points!.features.slice();
  features[0] = 1e6;
  const spoilt = { ...experiment.clients[0], points: { ...points!, features, positions: features } };
  assert.ok(domainOf({ ...experiment, clients: [spoilt] }).x[1] < 10);
  const means = experiment.rounds[0].means.slice();
  means[0] = 50;
  const rounds = [{ ...experiment.rounds[0], means, positions: means }];
  assert.ok(domainOf({ ...experiment, rounds }).x[1] > 50);
});

test("grid lines are at round numbers inside the panel", () => {
  const { xTicks } = scaleOf({ x: [-3.2, 7.9], y: [0, 10] }, { x: 0, y: 0, width: 500, height: 450 }, null);
  assert.ok(xTicks.length >= 4);
  for (const tick of xTicks) assert.equal(tick, Math.round(tick));
});

test("axes in original units have round numbers there, at the same places, and the features' names", () => {
  const experiment = sampleExperiment();
  const stage = stageOf(experiment, { ...OPTIONS, scale: "original" });
  const asClustered = stageOf(experiment, OPTIONS);
  assert.deepEqual(stage.axes, ["width", "height"]);
  assert.deepEqual(asClustered.axes, ["width (standardized)", "height (standardized)"]);
  for (const { scale } of [...stage.panels, { scale: stage.serverScale }]) {
    assert.ok(scale.xTicks.length >= 2 && scale.yTicks.length >= 2);
    for (const tick of scale.xTicks) assert.ok(near(Number(scale.xText(tick)), 10 * tick + 100));
    for (const tick of scale.yTicks) assert.ok(near(Number(scale.yText(tick)), 0.5 * tick + 3));
  }
  assert.equal(stage.serverScale.x(1.5), asClustered.serverScale.x(1.5));
  const said = texts(createComposer(experiment, { ...OPTIONS, scale: "original" })(still(1, "aggregation")));
  assert.ok(said.includes("width") && said.includes("100"));
});
