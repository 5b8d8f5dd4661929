import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalClient } from "#src/federation/client/client.js";
import { groupsPolicy, type Policy } from "#src/privacy/policy.js";
import { startRequest } from "#src/workflow/clustering/fkm.js";
import {
  type Ask,
  type FoundPoint,
  labelsByContingency,
  pointsByCounts,
  pointsBySums,
  pointsByTransforms,
} from "../support/attacks/active.js";
import { clientUnder } from "../support/attacks/conversation.js";
import { type AttackedClient, type AttackedData, attackedData } from "../support/attacks/data.js";
import { leastSum } from "../support/attacks/span.js";
import { functionalOf, taggedClient } from "../support/attacks/tagged.js";
import { NO_TRANSFORM } from "../support/federation.js";

/*
 * A malicious server: any request, in any order. It ends with the points and weights that a client computes from, all of
 * them and exactly, which is what clients are made to stand; and with nothing beside.
 */

const SIZES = [1, 2, 5, 10];

/** Every attack that ends with points, of a client of rows that lie within `reach` of the origin. */
const ATTACKS: Record<
  string,
  (ask: Ask, of: { nColumns: number; reach: number; least: number }) => FoundPoint[]
> = {
  sums: pointsBySums,
  transforms: pointsByTransforms,
  /** More local clusters than there can be points: each is one of them. */
  start(ask, { nColumns: d }) {
    const options = { localIterations: 1, asPublished: false, randomState: 0, privacyThreshold: 0 };
    const { counts, values } = ask(
      startRequest(NO_TRANSFORM, { kLocal: 1e6, restarts: 1, ...options }),
    ).arrays;
    return Array.from(counts.data, (rows, i) => ({
      rows,
      values: Array.from(values.data.subarray(i * d, (i + 1) * d)),
    }));
  },
};

/** What a client computes from: as the test knows, and no attack is told. */
function truePoints(client: LocalClient): FoundPoint[] {
  const { data, nRows, nColumns: d } = client.local.raw();
  const { weights } = client.local;
  return Array.from({ length: nRows }, (_, g) => ({
    values: Array.from(data.subarray(g * d, (g + 1) * d)),
    rows: weights === null ? 1 : weights[g],
  }));
}

/** Rows behind each place: points that lie in one cannot be told apart. */
function byPlace(points: readonly FoundPoint[], scale: readonly number[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const { values, rows } of points) {
    const place = values.map((x, j) => Math.round((x / scale[j]) * 1e3 + 0.1) + 0).join();
    places.set(place, (places.get(place) ?? 0) + rows);
  }
  return places;
}

const reachOf = ({ rows }: AttackedClient) => 1 + Math.max(...rows.map((row) => Math.hypot(...row)));

function askOf(client: LocalClient): Ask {
  return (request) => client.answer(request);
}

for (const [name, attack] of Object.entries(ATTACKS)) {
  test(`by ${name} a server gets all points that a client computes from, and no others`, () => {
    for (const { name: of, clients, columns } of attackedData()) {
      const scale = columns.map(({ step }) => step);
      for (const attacked of clients) {
        for (const size of SIZES) {
          const client = clientUnder(groupsPolicy(size), attacked);
          if (client.local.nPoints === 0) continue;
          const asked = { nColumns: columns.length, reach: reachOf(attacked), least: size };
          const found = attack(askOf(client), asked);
          assert.deepEqual(
            [...byPlace(found, scale)].sort(),
            [...byPlace(truePoints(client), scale)].sort(),
            `${of}, ${attacked.name}, groups of ${size}`,
          );
          for (const { rows } of found) assert.ok(rows >= size);
        }
      }
    }
  });
}

test("by counts a server places every point on a lattice, and of rows that lie on it finds each", () => {
  for (const { name, clients, columns } of attackedData()) {
    for (const attacked of clients) {
      const lattice = columns.map(({ low, step, high }, j) => ({
        low,
        step,
        high: high === Infinity ? Math.max(...attacked.rows.map((row) => row[j])) : high,
      }));
      for (const size of SIZES) {
        const client = clientUnder(groupsPolicy(size), attacked);
        if (client.local.nPoints === 0) continue;
        const found = pointsByCounts(askOf(client), lattice);
        const truth = truePoints(client);
        assert.equal(
          found.reduce((sum, { rows }) => sum + rows, 0),
          truth.reduce((sum, { rows }) => sum + rows, 0),
        );
        if (size > 1) continue;
        const scale = columns.map(({ step }) => step);
        assert.deepEqual([...byPlace(found, scale)].sort(), [...byPlace(truth, scale)].sort(), name);
      }
    }
  }
});

test("knowing which rows are in which point, no sum of fewer rows follows from all that attacks get; of rows, each does", () => {
  const tagged = taggedClient("tagged", 40);
  for (const size of SIZES) {
    for (const attack of Object.values(ATTACKS)) {
      const client = clientUnder(groupsPolicy(size), tagged);
      const asked = { nColumns: tagged.rows[0].length, reach: reachOf(tagged), least: size };
      const found = attack(askOf(client), asked);
      const functionals = found.map(({ values, rows }) => functionalOf(values.map((x) => x * rows)));
      assert.equal(leastSum(functionals, Math.max(2, size))?.length ?? null, size === 1 ? 1 : null);
      assert.equal(functionals.length, client.local.nPoints);
    }
  }
});

test("a client of fewer rows than a group says nothing of them", () => {
  const [few] = attackedData().find(({ name }) => name === "tiny")!.clients;
  const client = clientUnder(groupsPolicy(5), few);
  assert.deepEqual(ATTACKS.start(askOf(client), { nColumns: 2, reach: 100, least: 5 }), []);
  assert.deepEqual(pointsBySums(askOf(client), { nColumns: 2, reach: 100, least: 5 }), []);
});

/** Labels that a server proves of single rows: of points whose rows are of one class, or that are one row. */
function labelled(data: AttackedData, policy: Policy): { told: number; ofRows: number } {
  const sum = { told: 0, ofRows: 0 };
  for (const attacked of data.clients) {
    const client = clientUnder(policy, attacked);
    if (client.local.nPoints === 0) continue;
    const ask = askOf(client);
    const points = ATTACKS.start(ask, { nColumns: data.columns.length, reach: 0, least: 1 });
    const counts = labelsByContingency(ask, points);
    sum.told += counts.length;
    for (const [p, classes] of counts.entries()) {
      const rows = Object.values(classes).reduce((total, count) => total + count, 0);
      if (rows === 1 && points[p].rows === 1) sum.ofRows += 1;
    }
  }
  return sum;
}

test("labels of rows are read where rows are computed from and labels shared; of groups their counts, where shared; else none", () => {
  for (const data of attackedData()) {
    const nRows = data.clients.reduce((sum, { rows }) => sum + rows.length, 0);
    assert.ok(labelled(data, groupsPolicy(1)).ofRows > 0, data.name);
    if (data.name === "penguins") assert.equal(labelled(data, groupsPolicy(1)).ofRows, nRows);
    for (const size of [2, 5, 10]) {
      const shared = labelled(data, groupsPolicy(size));
      assert.ok(shared.told > 0 && shared.ofRows === 0);
      const kept = labelled(data, { ...groupsPolicy(size), sharesLabels: false });
      assert.deepEqual(kept, { told: 0, ofRows: 0 });
    }
  }
});
