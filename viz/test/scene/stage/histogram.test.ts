import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientPoints, Experiment } from "#src/read/experiment.js";
import { binsOf, stackUp } from "#src/scene/stage/histogram.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { draws, sampleExperiment, still } from "../../support/sample.js";
import { near, OPTIONS, sceneOf, symbols, texts } from "../../support/scene.js";

function onLine(xs: readonly number[], weights: readonly number[] | null = null): ClientPoints {
  return {
    features: Float64Array.from(xs),
    positions: Float64Array.from(xs.flatMap((x) => [x, 0])),
    nPoints: xs.length,
    weights: weights && Float64Array.from(weights),
  };
}

test("the rows of a bin stand on one another, as high as there are; a group as high as its rows", () => {
  const bins = { low: 0, width: 1 };
  const rows = stackUp([onLine([0.1, 5, 0.9, 0.5]), onLine([0.2])], bins);
  assert.deepEqual([[...rows.heights], rows.most], [[0.5, 0.5, 1.5, 2.5, 3.5], 4]);
  const groups = stackUp([onLine([0.1, -7.5, 0.9], [5, 9, 6])], bins);
  assert.deepEqual([[...groups.heights], groups.most], [[2.5, 4.5, 8], 11]);
});

test("more rows are counted in finer bins, within limits", () => {
  const count = (nRows: number) => Math.round(10 / binsOf([0, 10], nRows).width);
  assert.deepEqual([1, 125, 1000, 1e6].map(count), [16, 20, 40, 80]);
});

/** The sample with its first feature alone. */
function lineSample(options: Parameters<typeof sampleExperiment>[0] = {}): Experiment {
  const sample = sampleExperiment(options);
  const flat = (positions: Float64Array) => positions.map((value, i) => (i % 2 === 0 ? value : 0));
  const firsts = (positions: Float64Array) => positions.filter((_, i) => i % 2 === 0);
  return {
    ...sample,
    nFeatures: 1,
    axes: ["width", ""],
    clients: sample.clients.map((client) => ({
      ...client,
      points: client.points && {
        ...client.points,
        features: firsts(client.points.positions),
        positions: flat(client.points.positions),
      },
    })),
    rounds: sample.rounds.map((round) => ({
      ...round,
      means: firsts(round.positions),
      positions: flat(round.positions),
      locals: round.locals.map((local) => ({ ...local, positions: flat(local.positions) })),
    })),
  };
}

test("rows of one feature are a histogram in every panel, on which its means lie", () => {
  const experiment = lineSample();
  const { panels, axes } = stageOf(experiment, OPTIONS);
  assert.deepEqual(axes, ["width", "rows per bin"]);
  const bins = binsOf(stageOf(experiment, OPTIONS).domain.x, 62);
  for (const [c, { points, scale }] of panels.entries()) {
    const { positions, nPoints } = experiment.clients[c].points!;
    const inBin = new Map<number, number>();
    for (let i = 0; i < nPoints; i++) {
      const bin = Math.floor((positions[2 * i] - bins.low) / bins.width);
      inBin.set(bin, (inBin.get(bin) ?? 0) + 1);
    }
    // The highest row of the fullest bin is half a row below the number that the axis says.
    const highest = Math.min(...points!.filter((_, i) => i % 2 === 1));
    assert.ok(Math.abs(highest - scale.y(Math.max(...inBin.values()) - 0.5)) < 1e-3);
  }
  const means = symbols(sceneOf(experiment, still(2, "global")));
  for (const { scale, plot } of panels) {
    const [x] = experiment.rounds[2].positions;
    const here = means.filter((mark) => near(mark.x, scale.x(x)) && near(mark.y, scale.y(0)));
    assert.ok(here.length >= 1 && here[0].y > plot.y && here[0].y < plot.y + plot.height);
  }
});

test("where there is one coordinate and no row, heights say nothing and no axis counts in them", () => {
  const experiment = lineSample({ withRows: false });
  const { panels, axes, serverScale, serverAxes } = stageOf(experiment, OPTIONS);
  assert.equal(axes[1], "");
  assert.ok(panels.every(({ scale }) => scale.yTicks.length === 0));
  for (const withRows of [true, false]) {
    const stage = stageOf(lineSample({ withRows }), OPTIONS);
    assert.deepEqual([stage.serverScale.yTicks, stage.serverAxes], [[], ["width", ""]]);
    assert.ok(!texts(sceneOf(lineSample({ withRows }), still(2, "aggregation"))).includes("rows per bin"));
  }
  assert.deepEqual([serverScale.yTicks.length, serverAxes[1]], [0, ""]);
});

test("clients that share a panel are one histogram, which does not make those of others low", () => {
  const few = stageOf(lineSample({ nClients: 12 }), OPTIONS);
  const many = stageOf(lineSample({ nClients: 40 }), OPTIONS);
  const heightOf = ({ scale, plot }: (typeof many.panels)[number]) => (scale.y(0) - scale.y(1)) / plot.height;
  assert.ok(heightOf(many.panels[0]) > 0.8 * heightOf(few.panels[0]));
  const others = many.panels.at(-1)!;
  assert.ok(heightOf(others) < heightOf(many.panels[0]) / 5);
  assert.ok(others.points!.every((value, i) => i % 2 === 0 || value >= others.plot.y));
});

test("the same rows give the same stacks", () => {
  const draw = draws(5);
  const xs = Array.from({ length: 300 }, draw);
  const bins = binsOf([0, 1], 300);
  assert.deepEqual(stackUp([onLine(xs)], bins), stackUp([onLine(xs)], bins));
});
