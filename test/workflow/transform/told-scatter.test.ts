import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { Client, LocalClient } from "#src/federation/client/client.js";
import { scatter } from "#src/numerics/scatter.js";
import { standardize } from "#src/numerics/transform.js";
import { groupsPolicy, type Policy, thresholdPolicy } from "#src/privacy/policy.js";
import { floats, type Message } from "#src/workflow/message.js";
import {
  answerMoments,
  combineNormalization,
  momentsRequest,
  readMoments,
} from "#src/workflow/transform/normalization.js";
import { normalizedScatter, readToldScatter } from "#src/workflow/transform/told-scatter.js";
import { localClient } from "../../support/clients.js";
import { droppedIn, eventsOf, serveAll } from "../../support/federation.js";
import { assertClose, gaussianClusters, rowsOf } from "../../support/matrices.js";

const D = 6;

/** Ordinary, far from 0, farther by less, tiny, huge and constant features, which go together. */
function rowsOfScales(name: string, n: number): number[][] {
  return rowsOf(gaussianClusters(name, n, D, 3), D).map(([a, b, c, d, e]) => [
    a,
    1e8 + b,
    1e8 + 1e-3 * (b + c),
    1e-120 * (a + d),
    1e120 * (c + e),
    0.1,
  ]);
}

function clientsUnder(policy: Policy): LocalClient[] {
  return [40, 23, 9, 150, 3].map((n, i) => {
    const rows = { data: Float64Array.from(rowsOfScales(`${i}`, n).flat()), nRows: n, nColumns: D };
    return bothClients(`${i}`, { rows, featureNames: null, labels: null, classes: [] }, policy).points;
  });
}

for (const [name, policy] of [
  ["rows", thresholdPolicy(1)],
  ["groups", groupsPolicy(5)],
] as const) {
  test(`what clients tell with their moments gives the scatter of their normalized points: ${name}`, () => {
    const all = clientsUnder(policy).map(({ local }) => {
      const reply = answerMoments(local, momentsRequest(0, true));
      const moments = readMoments(reply, D, local.nSamples);
      return { local, moments, told: readToldScatter(reply, D) };
    });
    const { mean, std } = combineNormalization(all.map(({ moments }) => moments));
    const normalization = { mean, scale: std };
    assert.deepEqual(
      Array.from(std, (one) => one > 0),
      [true, true, true, true, true, false],
    );
    let compared = 0;
    for (const { local, moments, told } of all) {
      const found = normalizedScatter(normalization, moments, told)!;
      assert.equal(found.nSamples, local.nSamples);
      if (local.nPoints === 0) {
        assert.ok([...found.mean, ...found.upper].every((value) => value === 0));
        continue;
      }
      const expected = scatter(standardize(normalization, local.raw()).data, D, local.weights);
      assertClose(found.mean, expected.mean, 1e-12, "mean");
      assertClose(
        found.upper.map((value) => value / found.nSamples),
        expected.upper.map((value) => value / found.nSamples),
        1e-11,
        "scatter",
      );
      // Of the constant feature, which is the last, to the bit.
      const ofConstant = [found.mean[D - 1], ...Array.from({ length: D }, (_, f) => found.upper[placeOf(f)])];
      assert.ok(ofConstant.every((value) => value === 0));
      compared += 1;
    }
    assert.equal(compared, name === "rows" ? 5 : 4);
  });
}

/** Where the upper triangle has a feature with the last one. */
function placeOf(feature: number): number {
  return feature * D - (feature * (feature - 1)) / 2 + (D - 1 - feature);
}

test("of a feature that two clients have alone, each all alike, what they tell is the way between them", () => {
  const rows = (value: number) => Array.from({ length: 5 }, (_, i) => [value, i, i % 2]);
  const all = [rows(1e8), rows(1e8 + 2 ** -20)].map((some, i) => {
    const reply = answerMoments(localClient(`${i}`, some).local, momentsRequest(0, true));
    return { moments: readMoments(reply, 3, 5), told: readToldScatter(reply, 3) };
  });
  const scale = Float64Array.of(2 ** -20, 1, 1);
  const normalization = { mean: Float64Array.of(1e8, 0, 0), scale };
  const offsets = all.map(({ moments, told }) => normalizedScatter(normalization, moments, told)!.mean[0]);
  assert.deepEqual(offsets, [0, 1]);
});

test("a scatter that is absurd for the standard deviations that were told leaves out its client alone", async () => {
  const clients = ["a", "b", "c"].map((name) =>
    localClient(
      name,
      rowsOf(gaussianClusters(name, 40, 3, 3), 3).map((row) => row.map((x) => 1e-12 * x)),
    ),
  );
  const liar: Client = {
    name: "c",
    answer(request): Message {
      const reply = clients[2].answer(request);
      if (reply.kind !== "normalization/moments") return reply;
      const absurd = floats(Float64Array.of(1e289, 0, 0, 1e289, 0, 1e289), 6);
      return { ...reply, arrays: { ...reply.arrays, scatter_upper: absurd } };
    },
  };
  const options = { privacyThreshold: 1, pcaComponents: 2 };
  const events = await serveAll(inlineFederation([clients[0], clients[1], liar]), options);
  assert.deepEqual(droppedIn(events), [
    "pca: c: its scatter is absurd for the standard deviations of all clients",
  ]);
  assert.ok(eventsOf(events, "pca")[0].pca.components.every(Number.isFinite));
  assert.equal(eventsOf(events, "evaluation").length, 1);
});
