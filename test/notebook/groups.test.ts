import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readMetrics } from "#src/directory/read-metrics.js";
import { configure } from "#src/experiment/configuration.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { writeFileAtomically } from "#src/files/atomic-write.js";
import * as fk from "#src/index.js";
import { livePicture } from "#src/notebook/live/live-picture.js";
import { liveState, observe, progressLine } from "#src/notebook/live/live-state.js";
import { contentOf } from "#src/notebook/output/display.js";
import { json } from "../support/experiment.js";
import { removedAfter } from "../support/temporary.js";

/* What a cell is shown of a run whose clients computed from groups of rows. */

const PENGUINS = join(process.cwd(), "data", "penguins");
const SETTINGS = { data: PENGUINS, labelColumn: "species", kGlobal: 3, carrier: "inline" } as const;

const logDir = removedAfter(after);
const events: RunEvent[] = [];
let result: fk.RunResult;
before(async () => {
  result = await fk.run({ ...SETTINGS, groupSize: 5, logDir }, { onEvent: (event) => events.push(event) });
});

test("history says whose the inertia is, and of groups nothing that is withheld", async () => {
  const rounds = fk.history(result);
  const { ofPoints } = readMetrics(result.experimentDir);
  assert.ok(rounds.every(({ inertiaOf }) => inertiaOf === "points"));
  assert.equal(rounds.at(-1)!.inertia, ofPoints!.inertia);
  assert.ok(rounds.every((round) => !("meansWithheld" in round)));
  const ofRows = await fk.run({ ...SETTINGS, groupSize: 1, logDir });
  assert.ok(fk.history(ofRows).every(({ inertiaOf }) => inertiaOf === "rows"));
  assert.equal(fk.history(ofRows).at(-1)!.inertia, ofRows.metrics.inertia);
  const filtered = await fk.run({ ...SETTINGS, privacy: "threshold", privacyThreshold: 8, logDir });
  assert.ok(fk.history(filtered).some(({ meansWithheld }) => meansWithheld! > 0));
});

test("local clusters count the rows of whole groups, and say nothing of withholding", () => {
  const clusters = fk.localClusters(result);
  for (const round of new Set(clusters.map((cluster) => cluster.round))) {
    const own = clusters.filter((cluster) => cluster.round === round);
    assert.equal(
      own.reduce((sum, { nSamples }) => sum + nSamples, 0),
      342,
    );
  }
  assert.ok(clusters.every(({ nSamples }) => nSamples >= 5));
  assert.ok(clusters.every((cluster) => !("isWithheld" in cluster)));
});

test("centroids count the rows nearest to them, and the rows of the nearest groups", () => {
  const { metrics, metricsOfPoints } = result;
  assert.deepEqual(
    fk.centroids(result).map(({ nSamples, nSamplesOfPoints }) => [nSamples, nSamplesOfPoints]),
    metrics.clusterSizes.map((size, c) => [size, metricsOfPoints!.clusterSizes[c]]),
  );
  assert.notDeepEqual(metrics.clusterSizes, metricsOfPoints!.clusterSizes);
});

test("an experiment that was opened shows the metrics of rows and of groups, and where rows are unknown of groups", async () => {
  const shown = contentOf(fk.open(result.experimentDir));
  assert.match(shown.text, /^completed, rounds 0 to \d+, 3 clients, 342 rows as \d+ groups · /);
  assert.match(shown.text, /^metric +of rows +of groups$/m);
  assert.match(shown.text, /^centroid +rows +rows of groups /m);
  // As a deployment writes it.
  const path = join(result.experimentDir, "federated_kmeans_metrics.json");
  const { schema_version, of_points, ...ofRows } = json(path);
  const unknown = Object.fromEntries(Object.keys(ofRows).map((name) => [name, null]));
  writeFileAtomically(path, JSON.stringify({ schema_version, ...unknown, of_points }));
  const deployed = contentOf(fk.open(result.experimentDir));
  assert.match(
    deployed.text,
    new RegExp(`^inertia +${of_points.inertia.toFixed(4).replace(".", "\\.")}$`, "m"),
  );
  assert.match(deployed.text, /^centroid +rows of groups /m);
  assert.ok(fk.centroids(result).every(({ nSamples }) => nSamples === null));
  // Before there are any.
  const going = fk.open(result.experimentDir);
  assert.match(
    contentOf({ ...going, metrics: null }).text,
    /^client +samples +groups$[\s\S]*^Biscoe +167 +\d+$/m,
  );
});

test("the live view names rows and groups, and at the end whose its figures are", () => {
  const state = liveState(configure({ ...SETTINGS, groupSize: 5 }));
  observe(state, events[0]);
  const nGroups = fk.open(result).clients.reduce((sum, { nPoints }) => sum + nPoints!, 0);
  assert.equal(progressLine(state), `3 clients, 342 rows as ${nGroups} groups`);
  for (const event of events.slice(1)) observe(state, event);
  assert.match(
    progressLine(state),
    new RegExp(`· of rows: inertia ${Number(result.metrics.inertia.toPrecision(5))} ·`),
  );
  const svg = livePicture(state);
  assert.match(svg, /rows of groups of each client, by cluster/);
  assert.doesNotMatch(svg, /withheld/);
  assert.match(state.notices[0], /^342 rows as \d+ groups of 5 to \d \(/);
  const end = events.at(-1) as Extract<RunEvent, { type: "evaluation" }>;
  observe(state, { ...end, metrics: end.ofPoints!, metricsOf: "points" });
  assert.match(progressLine(state), /· of groups: inertia /);
});
