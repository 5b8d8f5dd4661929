import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RunError } from "#src/errors.js";
import { readRowMap } from "#src/experiment/row-map.js";
import * as fk from "#src/index.js";
import { temporaryFolder } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const SETTINGS = { data: PENGUINS, labelColumn: "species", kGlobal: 3, carrier: "inline" } as const;

const joined = (parts: readonly Float64Array[]) => parts.flatMap((part) => [...part]);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => mean(values.map((value) => (value - mean(values)) ** 2));

test("rows lie on the run's principal components, each in the cluster that the run counted it in", async (t) => {
  const result = await fk.run({ ...SETTINGS, groupSize: 1, logDir: temporaryFolder(t) });
  const { clients, means, plane, of, without } = readRowMap(result);
  assert.deepEqual([of, without, plane.of], ["rows", [], "own components"]);
  assert.deepEqual(
    clients.map(({ name, x }) => [name, x.length]),
    [
      ["Biscoe", 167],
      ["Dream", 124],
      ["Torgersen", 51],
    ],
  );
  const clusters = clients.flatMap((client) => [...client.clusters]);
  assert.deepEqual(
    result.metrics.clusterSizes.map((_, c) => clusters.filter((one) => one === c).length),
    result.metrics.clusterSizes,
  );
  // Four standardized features have a variance of 4 in all, of which a component holds its share.
  for (const axis of ["x", "y"] as const) {
    const values = joined(clients.map((client) => client[axis]));
    const [share] = /\d+(?= %)/.exec(plane.names[axis === "x" ? 0 : 1])!;
    assert.ok(Math.abs(mean(values)) < 1e-9);
    assert.ok(Math.abs(variance(values) / 4 - Number(share) / 100) <= 0.005);
    // A mean is the mean of its rows, unless the run ended before it was.
    assert.equal(means[axis].length, 3);
  }
});

test("where no components are recorded, features of two and components of more are found", async (t) => {
  const logDir = temporaryFolder(t);
  const two = {
    a: [
      [1, 2],
      [3, 4],
      [9, 8],
      [7, 7],
    ],
    b: [
      [1, 1],
      [8, 9],
    ],
  };
  const flat = await fk.run({
    data: two,
    kGlobal: 2,
    groupSize: 1,
    normalize: false,
    logDir,
    carrier: "inline",
  });
  const { clients, plane } = readRowMap(flat);
  assert.deepEqual(plane.names, ["x0", "x1"]);
  assert.deepEqual(
    [[...clients[0].x], [...clients[0].y]],
    [
      [1, 3, 9, 7],
      [2, 4, 8, 7],
    ],
  );
  const result = await fk.run({ ...SETTINGS, groupSize: 1, logDir });
  const recorded = readRowMap(result);
  rmSync(join(result.experimentDir, "pca"), { recursive: true });
  const found = readRowMap(result);
  assert.deepEqual(found.plane.names, recorded.plane.names);
  found.clients.forEach(({ x }, c) => {
    x.forEach((value, i) => {
      assert.ok(Math.abs(value - recorded.clients[c].x[i]) < 1e-6);
    });
  });
});

test("groups are drawn where rows are not recorded, and without either the run says so", async (t) => {
  const result = await fk.run({ ...SETTINGS, groupSize: 5, logDir: temporaryFolder(t) });
  const data = join(result.experimentDir, "client_data");
  rmSync(join(data, "client_Dream.npy"));
  assert.deepEqual(readRowMap(result).without, ["Dream"]);
  rmSync(data, { recursive: true });
  const { of, clients } = readRowMap(result);
  assert.equal(of, "groups");
  assert.ok(clients[0].x.length <= 167 / 5);
  rmSync(join(result.experimentDir, "client_points"), { recursive: true });
  assert.throws(() => readRowMap(result), {
    name: RunError.name,
    message: /holds no rows: they stayed with/,
  });
});
