import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { haveGroups } from "#src/directory/clients.js";
import { layoutOf } from "#src/directory/layout.js";
import { writeNpy } from "#src/directory/npy.js";
import { readPoints } from "#src/directory/read-points.js";
import { readSummary } from "#src/directory/read-summary.js";
import { run } from "#src/experiment/run.js";
import { json } from "../support/experiment.js";
import { removedAfter } from "../support/temporary.js";

const logDir = removedAfter(after);
let directory: string;
before(async () => {
  const settings = { data: "data/penguins", labelColumn: "species", carrier: "inline" } as const;
  directory = (await run({ ...settings, groupSize: 5, logDir })).experimentDir;
});

test("a client's points are read with the rows behind each, all of its rows in all", () => {
  const { clients } = readSummary(directory);
  assert.ok(haveGroups(clients));
  for (const { name, n_points, n_samples } of clients) {
    const { points, weights } = readPoints(layoutOf(directory), name, 4);
    assert.deepEqual([points.nRows, weights.length], [n_points, n_points]);
    assert.equal(
      weights.reduce((sum, weight) => sum + weight, 0),
      n_samples,
    );
    assert.ok(weights.every((weight) => weight >= 5 && weight <= 9));
  }
});

test("points and weights that do not fit together are refused by file", () => {
  const layout = layoutOf(directory);
  const weights = layout.clientWeights("Dream");
  const { nRows } = readPoints(layout, "Dream", 4).points;
  const write = (values: Float64Array) =>
    writeFileSync(weights, writeNpy({ data: values, shape: [values.length] }));
  for (const [values, found] of [
    [new Float64Array(nRows - 1).fill(5), `(${nRows - 1})`],
    [new Float64Array(nRows).fill(5.5), "5.5"],
    [new Float64Array(nRows), "0"],
    [new Float64Array(nRows).fill(Number.NaN), "NaN"],
  ] as const) {
    write(values);
    assert.throws(
      () => readPoints(layout, "Dream", 4),
      (error: Error) => {
        assert.match(error.message, /^.*client_Dream_weights\.npy: .* expected, found /);
        return error.message.endsWith(`found ${found}`);
      },
    );
  }
  assert.throws(() => readPoints(layout, "Biscoe", 3), /client_Biscoe\.npy: shape \(rows, 3\) expected/);
  rmSync(weights);
  assert.throws(() => readPoints(layout, "Dream", 4), /client_Dream_weights\.npy/);
});

test("what a client holds to is read as written, and refused by name where it is no number", () => {
  const { clients } = readSummary(directory);
  const { labels, client_data, ...privacy } = clients[0].privacy!;
  assert.deepEqual(privacy, { mode: "groups", group_size: 5, privacy_threshold: 1, group_scale: "std" });
  assert.deepEqual([typeof labels, client_data], ["boolean", true]);
  const path = join(directory, "experiment_summary.json");
  const summary = json(path);
  summary.clients[1].privacy.group_size = "five";
  writeFileSync(path, JSON.stringify(summary));
  assert.throws(
    () => readSummary(directory),
    /experiment_summary\.json: clients.*privacy: group_size: .* expected, found "five"/,
  );
});
