import assert from "node:assert/strict";
import { test } from "node:test";
import { packRun, unpackRun } from "#src/page/packed-run.js";
import type { ClientFacts, Experiment } from "#src/read/experiment.js";
import { labeller } from "#src/read/labels.js";
import { VIEWS } from "#src/scene/frames/frame.js";
import type { Scene } from "#src/scene/marks/marks.js";
import { createComposer } from "#src/scene/scene.js";
import { domainOf } from "#src/scene/stage/scale.js";
import { moving, type SampleOptions, sampleExperiment, still } from "../support/sample.js";
import { OPTIONS } from "../support/scene.js";

const ALL = { rounds: null, clients: null, scale: "clustered" } as const;

const SAMPLES: readonly SampleOptions[] = [
  {},
  { withRows: false },
  { groups: "drawn" },
  { groups: "behind rows", clientStart: true },
  { nClients: 14, k: 9 },
];

/** The experiment with rows where another has them, and everything else its own. */
function withRowsOf(experiment: Experiment, other: Experiment): Experiment {
  const clients = experiment.clients.map((client, i): ClientFacts => {
    const points = client.points && { ...client.points, positions: other.clients[i].points!.positions };
    return { ...client, points };
  });
  return { ...experiment, clients };
}

test("the scenes of a packed run are those of the run, with its rows where they are rounded to", () => {
  for (const sample of SAMPLES) {
    const experiment = sampleExperiment(sample);
    const run = unpackRun(packRun(experiment, ALL, []));
    const expected = createComposer(withRowsOf(experiment, run.experiment), OPTIONS);
    const found = createComposer(run.experiment, OPTIONS, run.labelsOf);
    const frames = [
      ...[3, 0, 2].flatMap((round) => VIEWS.map((view) => still(round, view))),
      moving(2, "update", 0.3),
      moving(2, "aggregate", 0.7),
      moving(3, "broadcast", 1),
    ];
    for (const frame of frames) assert.deepEqual(unnamed(found(frame)), unnamed(expected(frame)));
  }
});

/** A scene without the folder's name: a page keeps the last part of its path. */
function unnamed(scene: Scene): unknown {
  return scene.layers.map(({ marks, opacity }) => ({ marks, opacity }));
}

test("rows are where they were, to the 20,000th part of an axis", () => {
  const experiment = sampleExperiment({ rowsPerClient: 500 });
  const { x, y } = domainOf(experiment);
  const { experiment: found } = unpackRun(packRun(experiment, ALL, []));
  for (const [i, { points }] of experiment.clients.entries()) {
    const rounded = found.clients[i].points!.positions;
    for (const [j, at] of points!.positions.entries()) {
      const [low, high] = j % 2 === 0 ? x : y;
      assert.ok(Math.abs(rounded[j] - at) < (high - low) / 20_000);
    }
  }
});

test("labels are those of the nearest means in whatever order rounds are asked for", () => {
  const experiment = sampleExperiment({ nRounds: 6, rowsPerClient: 300 });
  const { labelsOf } = unpackRun(packRun(experiment, ALL, []));
  const expected = labeller(experiment);
  const kept = labelsOf(1, 0)!.slice();
  const first = labelsOf(1, 0)!;
  for (const round of [5, 0, 3, 2, 2, 5, 1, 4, 0]) {
    for (const client of [0, 2, 1]) assert.deepEqual(labelsOf(client, round), expected(client, round));
  }
  assert.deepEqual(first, kept);
});

test("means keep all their digits, and rows beyond the axes stay beyond them", () => {
  const experiment = sampleExperiment();
  const { positions } = experiment.clients[0].points!;
  positions[0] = 1e9;
  positions[1] = -1e9;
  const { experiment: found } = unpackRun(packRun(experiment, ALL, []));
  assert.deepEqual(
    found.rounds.map((round) => round.positions),
    experiment.rounds.map((round) => round.positions),
  );
  assert.ok(found.clients[0].points!.positions[0] > 10 && found.clients[0].points!.positions[1] < -10);
});

test("neither features, nor where the directory was, nor rows of clients that are not shown are packed", () => {
  const experiment = { ...sampleExperiment(), directory: "/home/somebody/logs/experiment_1" };
  const packed = packRun(experiment, { ...ALL, clients: ["client 0"] }, []);
  assert.ok(!Buffer.from(packed).includes("somebody"));
  const { experiment: found } = unpackRun(packed);
  assert.equal(found.directory, "experiment_1");
  assert.deepEqual(
    found.clients.map(({ points }) => points?.nPoints ?? null),
    [60, null, null],
  );
  assert.equal(found.clients[0].points!.features.length, 0);
});

test("how far a mean moved is said as it was clustered, in four digits", () => {
  const { moves } = unpackRun(packRun(sampleExperiment(), ALL, []));
  // Means of the sample go from 1.5 to 0.75 to 0.5 beside their centres, on both axes.
  assert.deepEqual(moves.slice(0, 3), [null, Array(4).fill(1.061), Array(4).fill(0.3536)]);
});
