import assert from "node:assert/strict";
import { test } from "node:test";
import type { Partition } from "#src/data/partitions/partition.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import { RecordingClient } from "#src/federation/client/recording-client.js";
import { groupsPolicy, thresholdPolicy } from "#src/privacy/policy.js";
import { fitRequest } from "#src/workflow/evaluation.js";
import { handshakeRequest } from "#src/workflow/handshake.js";
import { clientNotices, describeNotice } from "#src/workflow/notice.js";
import { ROWS } from "#src/workflow/protection.js";
import { wideMomentsRequest } from "#src/workflow/transform/wide-pca.js";
import { EVERY_RUN, NO_TRANSFORM, requestsOf } from "../../support/federation.js";
import { gaussianClusters } from "../../support/matrices.js";

const D = 3;
const N = 60;
const FIVE = { mode: "groups", groupSize: 5, privacyThreshold: 1 } as const;

function partitionOf(): Partition {
  return {
    rows: { data: gaussianClusters("both", N, D, 3), nRows: N, nColumns: D },
    featureNames: ["x", "y", "z"],
    labels: Int32Array.from({ length: N }, (_, i) => i % 2),
    classes: ["low", "high"],
  };
}

test("where rows are what is computed from, a party's rows and points are one client", () => {
  for (const policy of [groupsPolicy(1), thresholdPolicy(2)]) {
    const { points, rows } = bothClients("b", partitionOf(), policy);
    assert.equal(points, rows);
  }
});

test("a party of groups answers a server from its points, and a simulation from its rows", () => {
  const { points, rows } = bothClients("b", partitionOf(), groupsPolicy(5));
  assert.deepEqual([rows.local.nPoints, rows.local.nSamples, rows.weights], [N, N, null]);
  assert.deepEqual([points.nSamples, points.nFeatures], [N, D]);
  assert.ok(points.local.nPoints <= N / 5);
  assert.deepEqual(rows.raw().data, partitionOf().rows.data);
  assert.equal(rows.answer(handshakeRequest(ROWS)).scalars.n_points, N);
  assert.equal(points.answer(handshakeRequest(ROWS)).scalars.n_points, points.local.nPoints);
});

test("clients of fewer rows than a group say so in the same words, which are one note of a simulation", () => {
  const said = new Map(
    [4, 3, 40].map((nRows): [string, readonly string[]] => {
      const rows = { data: gaussianClusters("few", nRows, D, 3), nRows, nColumns: D };
      const partition = { ...partitionOf(), rows, labels: null };
      return [`p${nRows}`, bothClients(`p${nRows}`, partition, groupsPolicy(5)).notices];
    }),
  );
  assert.deepEqual(clientNotices(said).map(describeNotice), [
    "clients p4, p3: fewer rows than a group of 5: none of them takes part",
  ]);
});

test("a party with a rare row that could be proven is told so once, and where to look", () => {
  const data = Float64Array.from({ length: 2 * N }, (_, at) =>
    at % 2 === 0 ? (at / 2) % 2 : Number(at === 15),
  );
  const partition = {
    ...partitionOf(),
    rows: { data, nRows: N, nColumns: 2 },
    featureNames: ["retired", "smoker"],
  };
  assert.deepEqual(bothClients("b", partition, groupsPolicy(5)).notices, [
    `1 of ${N} rows could be proven to be there from the means of groups, though few others are like them ` +
      "(fedkmeans preview names the columns to leave out)",
  ]);
});

test("rows that are standardized where they lie leave the points as they are, and the points the rows", async () => {
  const { points, rows } = bothClients("b", partitionOf(), groupsPolicy(5), true);
  const before = points.raw().data.slice();
  const normalization = { mean: Float64Array.of(1, 2, 3), scale: Float64Array.of(2, 4, 5) };
  rows.transformed({ normalization, projection: null });
  assert.deepEqual(points.raw().data, before);
  const standardized = rows.lastPoints!.data.slice();
  points.transformed({ normalization, projection: null });
  assert.deepEqual(rows.lastPoints!.data, standardized);
  assert.deepEqual(
    points.lastPoints!.data,
    before.map((value, i) => (value - normalization.mean[i % D]) / normalization.scale[i % D]),
  );
});

test("a server's answers are the same bytes whatever a simulation asks of the rows in between", async () => {
  for (const options of EVERY_RUN.filter(({ asPublished }) => !asPublished)) {
    const requests = await requestsOf({ ...options, privacyThreshold: 1, protection: FIVE });
    const { points, rows } = bothClients("b", partitionOf(), groupsPolicy(5));
    const party = new RecordingClient("b", partitionOf(), groupsPolicy(5));
    for (const request of requests) {
      const ofRows = request.kind === "handshake" ? handshakeRequest(ROWS) : request;
      assert.deepEqual(party.answerOfRows(ofRows), rows.answer(ofRows), `${request.kind} of rows`);
      assert.deepEqual(party.answer(request), points.answer(request), request.kind);
    }
  }
});

test("a client of fewer rows than a group tells of no labels, and its points are never made anew", () => {
  const labelled = {
    rows: { data: Float64Array.of(1, 2, 3), nRows: 3, nColumns: 1 },
    featureNames: null,
    labels: Int32Array.of(0, 1, 0),
    classes: ["HIV+", "cancer"],
    labelColumn: "dx",
  };
  const { points } = bothClients("a", labelled, groupsPolicy(5), true);
  const means = { data: Float64Array.of(1, 2), nRows: 2, nColumns: 1 };
  for (const request of [handshakeRequest(FIVE), fitRequest(NO_TRANSFORM, means, 0, true)]) {
    assert.doesNotMatch(JSON.stringify(points.answer(request)), /HIV|cancer|dx|"has_labels":true/);
  }
  const grouped = bothClients("a", partitionOf(), groupsPolicy(5), true).points;
  const scaled = (scale: number) => ({ mean: new Float64Array(D), scale: new Float64Array(D).fill(scale) });
  for (const scale of [1, 2, 3]) {
    const request = wideMomentsRequest(scaled(scale), 0);
    assert.ok(grouped.has(request), "as another normalization leaves them");
    grouped.answer(request);
  }
});
