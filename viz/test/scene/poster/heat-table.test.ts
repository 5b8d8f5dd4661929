import assert from "node:assert/strict";
import { test } from "node:test";
import { assignRows } from "#src/read/assignment.js";
import type { Experiment } from "#src/read/experiment.js";
import { heatTable } from "#src/scene/poster/heat-table.js";
import { stageOf } from "#src/scene/stage/stage.js";
import { sampleExperiment } from "../../support/sample.js";
import { OPTIONS } from "../../support/scene.js";

const tableOf = (experiment: Experiment) => heatTable(stageOf(experiment, OPTIONS));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test("counts are a client's rows by their nearest final mean", () => {
  const experiment = sampleExperiment();
  const { rows, totals, basis, isDense } = tableOf(experiment);
  const { means, k } = experiment.rounds.at(-1)!;
  assert.deepEqual([basis, isDense], ["final", false]);
  for (const [client, { points }] of experiment.clients.entries()) {
    const nearest = assignRows(points!.features, 2, means);
    const expected = Array.from(
      { length: k },
      (_, cluster) => nearest.filter((one) => one === cluster).length,
    );
    assert.deepEqual(rows[client].counts, expected);
    assert.equal(rows[client].total, points!.nPoints);
  }
  assert.equal(sum(totals), sum(rows.map(({ total }) => total)));
});

test("a group counts as its rows", () => {
  const experiment = sampleExperiment({ groups: "drawn" });
  const weights = experiment.clients.map(({ points }) => sum([...points!.weights!]));
  assert.deepEqual(
    tableOf(experiment).rows.map(({ total }) => total),
    weights,
  );
});

test("without rows, the last round's local work counted, and what it withheld counts", () => {
  const experiment = sampleExperiment({ withRows: false });
  const { rows, basis } = tableOf(experiment);
  assert.equal(basis, "last round");
  // As the sample says: 4, 8, 12 of the clusters that were sent, one of that which was not; client 0 lacks the first.
  assert.deepEqual(
    rows.map(({ counts }) => counts),
    [
      [0, 8, 12, 1],
      [4, 8, 12, 1],
      [4, 8, 12, 1],
    ],
  );
  for (const { withheld } of rows) assert.deepEqual([...withheld], [3]);
});

test("of nothing recorded there are no counts", () => {
  const experiment = sampleExperiment({ withRows: false });
  const { rows, totals, basis } = tableOf({
    ...experiment,
    rounds: experiment.rounds.map((round) => ({ ...round, locals: [] })),
  });
  assert.equal(basis, null);
  assert.ok(rows.every(({ counts, total }) => counts === null && total === 0));
  assert.equal(sum(totals), 0);
});

test("many clients are lines, sorted by the cluster of most of their rows, and none is lost", () => {
  const experiment = sampleExperiment({ nClients: 60, rowsPerClient: 20 });
  const few = experiment.clients.map((client, i) => {
    // The rows of client i begin at another one, so that its largest cluster is another.
    const { features, positions } = client.points!;
    const part = { features: features.subarray(2 * (i % 7)), positions: positions.subarray(2 * (i % 7)) };
    return { ...client, points: { ...client.points!, ...part, nPoints: 20 - (i % 7) } };
  });
  const { rows, totals, isDense } = tableOf({ ...experiment, clients: few });
  assert.ok(isDense);
  assert.equal(rows.length, 60);
  assert.equal(sum(totals), sum(few.map(({ points }) => points.nPoints)));
  const largest = rows.map(({ counts }) => counts!.indexOf(Math.max(...counts!)));
  assert.deepEqual(
    largest,
    largest.toSorted((a, b) => a - b),
  );
  assert.ok(new Set(largest).size > 1);
});

test("clients beyond what a page has room for share the last line", () => {
  const experiment = sampleExperiment({ nClients: 450, rowsPerClient: 8 });
  const { rows, totals } = tableOf(experiment);
  assert.equal(rows.length, 400);
  assert.equal(sum(totals), 450 * 8);
  assert.equal(rows.filter(({ title }) => title === "51 more clients").length, 1);
});
