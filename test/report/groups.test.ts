import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { layoutOf } from "#src/directory/layout.js";
import { readNpy, toFloat64 } from "#src/directory/npy.js";
import { readPoints } from "#src/directory/read-points.js";
import { open } from "#src/experiment/open.js";
import { recordedTransform } from "#src/experiment/recorded-transform.js";
import * as fk from "#src/index.js";
import type { Table } from "#src/markup/text-table.js";
import { contentOf } from "#src/notebook/output/display.js";
import { applyTransform } from "#src/numerics/transform.js";
import { centroidTable, clientTable, metricTable, runJson, runReport } from "#src/report/run-report.js";
import { twinTables } from "#src/report/twin-tables.js";
import { json } from "../support/experiment.js";
import { removedAfter } from "../support/temporary.js";

const PENGUINS = join(process.cwd(), "data", "penguins");
const ISLANDS = ["Biscoe", "Dream", "Torgersen"];
const SIZES = [167, 124, 51];
const SETTINGS = { data: PENGUINS, labelColumn: "species", kGlobal: 3, carrier: "inline" } as const;

const logDir = removedAfter(after);
let grouped: fk.RunResult;
let ofRows: fk.RunResult;
let filtered: fk.RunResult;
before(async () => {
  grouped = await fk.run({ ...SETTINGS, groupSize: 5, twin: true, saveLabels: true, logDir });
  ofRows = await fk.run({ ...SETTINGS, groupSize: 1, twin: true, logDir });
  filtered = await fk.run({ ...SETTINGS, privacy: "threshold", privacyThreshold: 8, logDir });
});

/** The row labels that clients wrote, client by client. */
function savedLabels(directory: string): number[][] {
  const layout = layoutOf(directory);
  return ISLANDS.map((client) => {
    const path = layout.clientLabels(client);
    return [...toFloat64(readNpy(readFileSync(path), path), path)];
  });
}

function columnOf({ header, rows }: Table, name: string): string[] {
  assert.ok(header.includes(name), `${name} among ${header}`);
  return rows.map((row) => row[header.indexOf(name)]);
}

/** Rows behind the points that are nearest to each mean, worked out from the files alone. */
function rowsOfGroups(directory: string): number[] {
  const run = open(directory);
  const means = run.rounds[run.finalRound!].means;
  const sizes = new Array<number>(means.nRows).fill(0);
  for (const client of ISLANDS) {
    const { points, weights } = readPoints(layoutOf(directory), client, means.nColumns);
    for (let i = 0; i < points.nRows; i++) {
      const distances = sizes.map((_, c) =>
        Math.hypot(
          ...Array.from(
            { length: means.nColumns },
            (_, f) => points.data[i * points.nColumns + f] - means.data[c * means.nColumns + f],
          ),
        ),
      );
      sizes[distances.indexOf(Math.min(...distances))] += weights[i];
    }
  }
  return sizes;
}

test("clients are listed with their groups, or with the means a threshold withheld, and with neither of rows", () => {
  const table = clientTable(grouped);
  assert.deepEqual(table.header, ["client", "samples", "groups", "clusters held"]);
  assert.deepEqual(columnOf(table, "samples"), SIZES.map(String));
  const layout = layoutOf(grouped.experimentDir);
  const groups = ISLANDS.map((client) => readPoints(layout, client, 4).points.nRows);
  assert.deepEqual(columnOf(table, "groups"), groups.map(String));
  assert.deepEqual(clientTable(ofRows).header, ["client", "samples", "clusters held"]);
  assert.deepEqual(clientTable(filtered).header, ["client", "samples", "clusters held", "means withheld"]);
  assert.ok(filtered.clients.some(({ meansWithheld }) => meansWithheld > 0));
});

test("a client holds the clusters that its rows are nearest to, whatever its groups are", () => {
  const held = savedLabels(grouped.experimentDir).map((labels) => `${new Set(labels).size} of 3`);
  assert.deepEqual(columnOf(clientTable(grouped), "clusters held"), held);
});

test("a client of fewer rows than a group is listed with none, and holds no cluster", async () => {
  const rows = (n: number, at: number) =>
    Array.from({ length: n }, (_, i) => [at + Math.sin(i), Math.cos(2 * i)]);
  const data = { north: rows(30, 0), south: rows(30, 5), west: rows(3, 2) };
  const result = await fk.run({ data, kGlobal: 2, groupSize: 5, carrier: "inline", logDir });
  const [, , west] = clientTable(result).rows;
  assert.deepEqual(west, ["west", "0", "0", "-"]);
});

test("metrics of rows stand before those of groups, and alone where rows are computed from", () => {
  const table = metricTable(grouped, 342);
  assert.deepEqual(table.header, ["metric", "of rows", "of groups"]);
  const written = json(grouped.experimentDir, "federated_kmeans_metrics.json");
  const close = (shown: string, value: number) => assert.ok(Math.abs(Number(shown) - value) < 1e-4 * value);
  close(columnOf(table, "of rows")[0], written.inertia);
  close(columnOf(table, "of groups")[0], written.of_points.inertia);
  assert.ok(written.of_points.inertia < written.inertia);
  close(columnOf(table, "of rows")[3], written.adjusted_rand_index);
  close(columnOf(table, "of groups")[3], written.of_points.adjusted_rand_index);
  assert.deepEqual(metricTable(ofRows, 342).header, ["metric", "value"]);
});

test("where rows are not known, their metrics are not shown, and centroids count the rows of groups alone", () => {
  const points = grouped.metricsOfPoints!;
  const deployed = { ...grouped, metrics: points, metricsOf: "points" } as const;
  const table = metricTable(deployed, 342);
  assert.deepEqual(table.header, ["metric", "of groups"]);
  const known = columnOf(metricTable(grouped, 342), "of groups").filter((value) => value !== "-");
  assert.ok(known.length > 5);
  assert.deepEqual(columnOf(table, "of groups"), known);
  const { header } = centroidTable(deployed);
  assert.deepEqual(header.slice(0, 2), ["centroid", "rows of groups"]);
});

test("centroids count the rows that are nearest to them, and beside them the rows of the nearest groups", () => {
  const table = centroidTable(grouped);
  assert.deepEqual(table.header.slice(0, 3), ["centroid", "rows", "rows of groups"]);
  const labels = savedLabels(grouped.experimentDir).flat();
  const counts = [0, 1, 2].map((cluster) => labels.filter((label) => label === cluster).length);
  assert.deepEqual(columnOf(table, "rows").map(Number), counts);
  const ofGroups = rowsOfGroups(grouped.experimentDir);
  assert.deepEqual(columnOf(table, "rows of groups").map(Number), ofGroups);
  // Else the test could not tell one from the other.
  assert.notDeepEqual(counts, ofGroups);
});

test("labels are of each row's own nearest mean, and those that predict gives", async () => {
  const { labels } = await fk.predict(grouped, PENGUINS);
  const saved = savedLabels(grouped.experimentDir).flat();
  assert.deepEqual([...labels], saved);
  const { finalMeans } = grouped;
  const transform = recordedTransform(open(grouped));
  const means = applyTransform(transform, finalMeans);
  const rows = (await fk.rows(await fk.load(PENGUINS, { labelColumn: "species" }))).map((row) =>
    Float64Array.from(Object.values(row).slice(2) as number[]),
  );
  rows.forEach((row, i) => {
    const { data } = applyTransform(transform, { data: row, nRows: 1, nColumns: 4 });
    const distance = (c: number) => Math.hypot(...data.map((value, f) => value - means.data[4 * c + f]));
    for (const c of [0, 1, 2]) assert.ok(distance(saved[i]) <= distance(c) + 1e-9);
  });
});

test("the twin's tables set the cost of groups and of federation apart, and together they are the whole", () => {
  const [[, pooled], [caption, cost]] = twinTables(grouped);
  assert.match(caption, /rows against rows/);
  assert.deepEqual(
    pooled.rows.map(([name]) => name),
    [
      "rows, from the same start",
      "rows, best of 10 starts",
      "groups, from the same start",
      "groups, best of 10 starts",
    ],
  );
  const factors = columnOf(cost, "inertia: worse by").map((text) => 1 + Number(text.replace(" %", "")) / 100);
  const gains = columnOf(cost, "adjusted Rand index: more by").map(Number);
  for (const start of [0, 3]) {
    assert.ok(Math.abs(factors[start] * factors[start + 1] - factors[start + 2]) < 3e-5);
    assert.ok(Math.abs(gains[start] + gains[start + 1] - gains[start + 2]) < 3e-4);
  }
  // Of the best start: the run, the pooled rows and the pooled groups, as their scores have it.
  const [, best, , ofGroups] = columnOf(pooled, "inertia").map(Number);
  assert.ok(Math.abs(ofGroups / best - factors[3]) < 1e-4);
  assert.ok(Math.abs(grouped.metrics.inertia / ofGroups - factors[4]) < 1e-4);
  assert.deepEqual(
    twinTables(ofRows).map(([title]) => title),
    ["what federation cost"],
  );
  assert.deepEqual(twinTables(filtered), []);
});

test("the report has all of it, and of groups nothing that is withheld", () => {
  const report = runReport(grouped);
  for (const word of ["of rows", "of groups", "rows of groups", "of federation, best of 10 starts"]) {
    assert.match(report, new RegExp(` ${word}|^${word}`, "m"));
  }
  assert.doesNotMatch(report, /withheld/);
  const shown = contentOf(grouped);
  for (const form of [shown.html!, shown.text]) assert.doesNotMatch(form, /withheld/);
  assert.match(shown.html!, /<th>of rows<\/th><th[^>]*>of groups<\/th>/);
  const said = JSON.parse(runJson(grouped));
  assert.deepEqual([said.metrics.inertia, said.metrics_of], [grouped.metrics.inertia, "rows"]);
  assert.equal(said.metrics_of_points.inertia, grouped.metricsOfPoints!.inertia);
  assert.ok(!("metrics_of_points" in JSON.parse(runJson(ofRows))));
});
