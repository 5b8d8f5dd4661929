import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSettings, UsageError } from "#src/errors.js";
import { configure } from "#src/experiment/configuration.js";
import { serverLogLines } from "#src/experiment/server-log.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { describeEvent } from "#src/federation/event-line.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import { describeNotice } from "#src/workflow/notice.js";
import { droppedIn, EVERY_RUN, eventsOf, serveInline } from "../support/federation.js";
import { gaussianClusters } from "../support/matrices.js";

const D = 3;
const CLASSES = ["x", "y"];
const PROTECTION = { mode: "groups", groupSize: 5, privacyThreshold: 1 } as const;

const CONFIGURATION = configure({ data: "in memory" });

/** A client of groups of five, whose rows are of three clusters and, in turn, of two classes. */
function clientOf(name: string, nRows: number): LocalClient {
  const rows = { data: gaussianClusters(name, nRows, D, 3), nRows, nColumns: D };
  const labels = Int32Array.from({ length: nRows }, (_, i) => i % 2);
  return bothClients(name, { rows, featureNames: null, labels, classes: CLASSES }, groupsPolicy(5)).points;
}

/** Many rows; too few for a group; for one; for two, which are fewer than the clusters. */
const SIZES = { a: 60, none: 4, one: 7, b: 80, two: 12 };
const everyClient = () => Object.entries(SIZES).map(([name, nRows]) => clientOf(name, nRows));

for (const options of EVERY_RUN.filter(({ asPublished }) => !asPublished)) {
  test(`clients of few rows take part with the points they have: ${JSON.stringify(options)}`, async () => {
    const all: Partial<ServerOptions> = {
      normalize: true,
      ...options,
      k: 3,
      protection: PROTECTION,
      minClients: 4,
    };
    const events = await serveInline(everyClient(), all);
    assert.deepEqual(droppedIn(events), []);
    const [{ agreement }] = eventsOf(events, "handshake");
    assert.deepEqual(
      agreement.clients.map(({ nSamples, nPoints }) => [nSamples, Math.min(nPoints, 3)]),
      [
        [60, 3],
        [0, 0],
        [7, 1],
        [80, 3],
        [12, 2],
      ],
    );
    const said = eventsOf(events, "notice").map(({ notice }) =>
      nameSettings(describeNotice(notice), (name) => name),
    );
    assert.match(said[0], /^159 rows as \d+ groups of 5 to \d \(groupSize 5; /);
    assert.equal(said[1], "1 client of fewer rows than a group took part with nothing");
    const points = new Map(agreement.clients.map(({ name, nPoints }) => [name, nPoints]));
    for (const event of eventsOf(events, "round")) {
      const { round } = event;
      if (round.locals.length > 0 && round.round > 0) {
        assert.match(describeEvent(event)!, /^round \d+: means moved by \S+, 4 clients$/);
        assert.match(serverLogLines(event, CONFIGURATION, null).at(-1)!, /: means moved by \S+, 4 clients$/);
      }
      for (const { client, clusters } of round.locals) {
        const filled = clusters.counts.filter((count) => count > 0);
        assert.ok(filled.length <= points.get(client)!, `${client}: ${filled.length} clusters`);
        const behind = filled.reduce((sum, count) => sum + count, 0);
        assert.equal(behind, client === "none" ? 0 : SIZES[client as keyof typeof SIZES], client);
      }
    }
    const [{ metrics }] = eventsOf(events, "evaluation");
    assert.deepEqual([metrics.nSamples, metrics.nSamplesInInertia, metrics.nSamplesWithheld], [159, 159, 0]);
    // Without the client that has nothing every figure is the same: those by its labels too.
    const others = everyClient().filter(({ name }) => name !== "none");
    const [without] = eventsOf(await serveInline(others, all), "evaluation");
    assert.deepEqual(metrics, without.metrics);
    assert.ok(metrics.adjustedRandIndex !== null && metrics.meanClientAdjustedRandIndex !== null);
  });
}

test("a client with nothing does not count among those that a run must have", async () => {
  await assert.rejects(
    serveInline(everyClient(), { k: 3, protection: PROTECTION, minClients: 5 }),
    (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(
        nameSettings(error.message, (name) => name),
        "the federation has 4 clients with rows enough for groupSize 5, and 1 without, minClients is 5",
      );
      return true;
    },
  );
});

test("a server's larger groups leave more clients with nothing, by the same rule", async () => {
  const protection = { ...PROTECTION, groupSize: 13 };
  const [{ agreement }] = eventsOf(await serveInline(everyClient(), { k: 3, protection }), "handshake");
  assert.deepEqual(
    agreement.clients.map(({ nSamples }) => nSamples),
    [60, 0, 0, 80, 0],
  );
  assert.ok(agreement.clients.every(({ nPoints, leastWeight }) => nPoints === 0 || leastWeight >= 13));
});
