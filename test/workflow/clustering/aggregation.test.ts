import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RunError } from "#src/errors.js";
import { kMeans } from "#src/numerics/k-means.js";
import { randomStream } from "#src/numerics/random.js";
import { convergenceChange } from "#src/workflow/clustering/aggregation.js";
import { aggregateFkm } from "#src/workflow/clustering/fkm.js";
import { randomStart } from "#src/workflow/clustering/given-start.js";
import { aggregateLloyd } from "#src/workflow/clustering/lloyd.js";
import type { LocalClusters } from "#src/workflow/clustering/local-clusters.js";
import { localClient } from "../../support/clients.js";
import { eventsOf, serveInline } from "../../support/federation.js";
import { assertClose, flat, gaussianClusters, rowsOf } from "../../support/matrices.js";
import { askPython, skipWithoutPython } from "../../support/python.js";

function matrix(rows: number[][]) {
  return { data: flat(rows), nRows: rows.length, nColumns: rows[0].length };
}

/** What a client reported: the mean, the count and the origin of each of its clusters. */
function reported(clusters: [mean: number[], count: number, origin?: number][], nColumns = 2): LocalClusters {
  const counts = Int32Array.from(clusters, ([, count]) => count);
  const origins = Int32Array.from(clusters, ([, , origin]) => origin ?? -1);
  const means = { data: flat(clusters.map(([mean]) => mean)), nRows: clusters.length, nColumns };
  return {
    means,
    sums: means.data.map((value, i) => value * counts[Math.floor(i / nColumns)]),
    counts,
    origins,
    beforeFilter: { counts, sent: counts.map(() => 1), origins },
    inertia: 0,
  };
}

const stream = (seed = 0) => randomStream(seed, "aggregation");

test("weighted, a global mean is the mean of the rows behind it; unweighted, of the means", async () => {
  const locals = [
    reported([
      [[0, 0], 3],
      [[10, 0], 1],
    ]),
    reported([
      [[4, 0], 1],
      [[10, 8], 7],
    ]),
  ];
  const previous = matrix([
    [2, 0],
    [10, 4],
  ]);
  const weighted = await aggregateFkm(locals, 2, true, previous, stream());
  assert.deepEqual(rowsOf(weighted.means.data, 2), [
    [1, 0],
    [10, 7],
  ]);
  assert.deepEqual(Array.from(weighted.sizes!), [4, 8]);
  const unweighted = await aggregateFkm(locals, 2, false, previous, stream());
  assert.deepEqual(rowsOf(unweighted.means.data, 2), [
    [2, 0],
    [10, 4],
  ]);
  assert.deepEqual(Array.from(unweighted.sizes!), [4, 8]);
});

test("fkm finds what scikit-learn's KMeans finds over the local means with their counts as weights", {
  skip: skipWithoutPython,
}, async () => {
  const problems = [0, 1, 2, 3].flatMap((seed) => {
    const random = randomStream(seed, "local means");
    const means = rowsOf(gaussianClusters(`local means ${seed}`, 60, 3, 6, 5), 3);
    return [true, false].map((weighted) => ({
      means,
      counts: means.map(() => 1 + random.integer(40)),
      weighted,
    }));
  });
  const expected = askPython<{ means: number[][]; sizes: number[] }[]>(
    `
from sklearn.cluster import KMeans
def solve(case):
    weights = np.array(case["counts"], float)
    found = KMeans(6, n_init=10, random_state=0).fit(case["means"], sample_weight=weights if case["weighted"] else None)
    order = np.lexsort(found.cluster_centers_.T[::-1])
    return {"means": found.cluster_centers_[order], "sizes": np.bincount(found.labels_, weights)[order]}
answer([solve(case) for case in cases])
`,
    problems,
  );
  for (const [i, { means, counts, weighted }] of problems.entries()) {
    const pairs = means.map((mean, j): [number[], number] => [mean, counts[j]]);
    const locals = [
      reported(pairs.slice(0, 7), 3),
      reported(pairs.slice(7, 50), 3),
      reported(pairs.slice(50), 3),
    ];
    // Without a round before, clusters are numbered by their coordinates.
    const found = await aggregateFkm(locals, 6, weighted, null, stream(i));
    assertClose(found.means.data, expected[i].means.flat(), 1e-10, `problem ${i}: means`);
    assertClose(found.sizes!, expected[i].sizes, 1e-12, `problem ${i}: sizes`);
    assert.deepEqual(found.carriedOver, []);
  }
});

test("the server's k-means has as many restarts as asked for", async () => {
  const rows = gaussianClusters("server restarts", 300, 2, 9, 2);
  const counts = Int32Array.from({ length: 300 }, (_, i) => 1 + (i % 5));
  const locals = [reported(rowsOf(rows, 2).map((mean, i): [number[], number] => [mean, counts[i]]))];
  const effort = { maxIterations: 300, tolerance: 1e-4 };
  for (const restarts of [1, 4]) {
    const found = await aggregateFkm(locals, 9, true, null, stream(), { restarts });
    const { means } = kMeans(rows, 2, 9, Float64Array.from(counts), { ...effort, restarts }, stream());
    const sorted = (values: Float64Array) => rowsOf(values, 2).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    assert.deepEqual(sorted(found.means.data), sorted(means));
  }
});

test("clusters keep their numbers, whatever order the server's k-means finds them in", async () => {
  const centers = [
    [0, 0],
    [10, 0],
    [0, 10],
    [10, 10],
    [5, 20],
  ];
  const scenario = fc.record({
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    seed: fc.nat(1000),
    shifts: fc.array(fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 })), {
      minLength: 10,
      maxLength: 10,
    }),
    clientOrder: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ order, seed, shifts, clientOrder }) => {
      // Round before: the centres in some order. Now two clients report each centre, moved by at most 1.
      const previous = matrix(order.map((c) => centers[c]));
      const moved = shifts.map(([x, y], i) => [centers[i % 5][0] + x, centers[i % 5][1] + y]);
      const pairs = clientOrder.map((i): [number[], number] => [moved[i], 1 + (i % 3)]);
      const locals = [reported(pairs.slice(0, 5)), reported(pairs.slice(5))];
      const { means, sizes, carriedOver } = await aggregateFkm(locals, 5, false, previous, stream(seed));
      const expected = order.map((c) => [0, 1].map((f) => (moved[c][f] + moved[c + 5][f]) / 2));
      assertClose(means.data, expected.flat(), 1e-14, "means");
      assert.deepEqual(
        Array.from(sizes!),
        order.map((c) => 1 + (c % 3) + 1 + ((c + 5) % 3)),
      );
      assert.deepEqual(carriedOver, []);
    }),
  );
});

test("a cluster nobody reports keeps its mean and number with size 0, and is named", async () => {
  const previous = matrix([
    [7, -3],
    [10, 10],
    [20, 0],
    [-5, 5],
  ]);
  const carried = [
    [7, -3],
    [-5, 5],
  ];
  const locals = [reported([[[11, 10], 4, 1]]), reported([[[21, 0], 5, 2]])];
  for (const found of [
    await aggregateFkm(locals, 4, true, previous, stream()),
    aggregateLloyd(locals, previous),
  ]) {
    assert.deepEqual(rowsOf(found.means.data, 2), [carried[0], [11, 10], [21, 0], carried[1]]);
    assert.deepEqual(Array.from(found.sizes!), [0, 4, 5, 0]);
    assert.deepEqual(found.carriedOver, [0, 3]);
  }
});

test("however few means are reported, all global means are finite and none is at the origin", async () => {
  const mean = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  const cluster = fc.record({ mean, count: fc.integer({ min: 1, max: 5 }), origin: fc.nat(5) });
  const clients = fc.array(fc.uniqueArray(cluster, { maxLength: 6, selector: ({ origin }) => origin }), {
    minLength: 1,
    maxLength: 4,
  });
  const before = fc.array(mean, { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      clients,
      before,
      fc.boolean(),
      fc.nat(99),
      async (perClient, previousMeans, weighted, seed) => {
        fc.pre(perClient.some((clusters) => clusters.length > 0));
        const locals = perClient.map((clusters) =>
          reported(clusters.map((c) => [c.mean, c.count, c.origin])),
        );
        const previous = matrix(previousMeans);
        const nRows = perClient.flat().reduce((sum, { count }) => sum + count, 0);
        for (const found of [
          await aggregateFkm(locals, 6, weighted, previous, stream(seed)),
          aggregateLloyd(locals, previous),
        ]) {
          assert.equal(found.means.nRows, 6);
          assert.ok(found.means.data.every((value) => value >= 1 - 1e-12 && value <= 9 + 1e-12));
          assert.equal(
            found.sizes!.reduce((a, b) => a + b),
            nRows,
          );
          for (const c of found.carriedOver) {
            assert.deepEqual(rowsOf(found.means.data, 2)[c], [...previousMeans[c]]);
            assert.equal(found.sizes![c], 0);
          }
        }
      },
    ),
  );
});

test("lloyd adds up sums and counts by the number of the global mean", () => {
  const locals = [
    reported([
      [[1, 2], 3, 2],
      [[5, 5], 1, 0],
    ]),
    reported([[[4, 8], 1, 2]]),
  ];
  const found = aggregateLloyd(
    locals,
    matrix([
      [0, 0],
      [9, 9],
      [3, 3],
    ]),
  );
  assert.deepEqual(rowsOf(found.means.data, 2), [
    [5, 5],
    [9, 9],
    [7 / 4, 14 / 4],
  ]);
  assert.deepEqual(Array.from(found.sizes!), [1, 0, 4]);
});

test("a round in which nobody reports a mean ends the run and says what to do", async () => {
  const nothing = [reported([]), reported([])];
  const message =
    /^no client reported a single mean: .* privacy threshold; lower the setting\skGlobal or the threshold/;
  const previous = matrix([
    [1, 1],
    [2, 2],
  ]);
  await assert.rejects(aggregateFkm(nothing, 2, true, previous, stream()), { name: "RunError", message });
  await assert.rejects(aggregateFkm(nothing, 2, true, null, stream()), { name: "RunError", message });
  assert.throws(() => aggregateLloyd(nothing, previous), { name: "RunError", message });
});

test("at the start fewer distinct means give fewer clusters, and a single one is refused", async () => {
  const locals = [
    reported([
      [[2, 1], 4],
      [[1, 9], 2],
    ]),
    reported([
      [[2, 1], 4],
      [[1, 3], 2],
    ]),
  ];
  const found = await aggregateFkm(locals, 5, true, null, stream());
  assert.deepEqual(rowsOf(found.means.data, 2), [
    [1, 3],
    [1, 9],
    [2, 1],
  ]);
  const equal = [
    [[2, 1], 4],
    [[2, 1], 3],
  ] as [number[], number][];
  await assert.rejects(aggregateFkm([reported(equal)], 2, true, null, stream()), RunError);
  const single = await aggregateFkm([reported([[[2, 1], 4]])], 1, true, null, stream());
  assert.equal(single.means.nRows, 1);
});

test("a random start is normal with the standard deviation of each coordinate", () => {
  const scale = Float64Array.of(1, 3, 0);
  const { data, nRows, nColumns } = randomStart(20_000, scale, stream());
  assert.deepEqual([nRows, nColumns], [20_000, 3]);
  for (const f of [0, 1, 2]) {
    const column = rowsOf(data, 3).map((row) => row[f]);
    const mean = column.reduce((a, b) => a + b) / nRows;
    const variance = column.reduce((sum, value) => sum + value ** 2, 0) / nRows;
    // 3.3 standard errors.
    assert.ok(Math.abs(mean) <= (3.3 * scale[f]) / Math.sqrt(nRows));
    assert.ok(Math.abs(variance - scale[f] ** 2) <= 3.3 * scale[f] ** 2 * Math.sqrt(2 / nRows));
  }
});

test("the convergence change is the Frobenius norm of the step", () => {
  assert.equal(
    convergenceChange(
      matrix([
        [1, 1],
        [2, 2],
      ]),
      matrix([
        [1, 3],
        [4, 1],
      ]),
    ),
    3,
  );
  assert.equal(convergenceChange(matrix([[1, 1]]), matrix([[1, 1]])), 0);
});

test("over a whole run of fkm, clusters far apart keep their numbers from round to round", async () => {
  const centers = [
    [0, 0],
    [40, 0],
    [0, 40],
    [40, 40],
  ];
  const clients = [0, 1, 2].map((c) => {
    const noise = rowsOf(gaussianClusters(`numbers ${c}`, 80, 2, 1, 0), 2);
    return localClient(
      `${c}`,
      noise.map(([x, y], i) => [x + centers[i % 4][0], y + centers[i % 4][1]]),
    );
  });
  const start = matrix([
    [35, 35],
    [5, 35],
    [5, 5],
    [35, 5],
  ]);
  const events = await serveInline(clients, { k: 4, start, maxIterations: 6, tolerance: -1 });
  const rounds = eventsOf(events, "round").slice(1);
  assert.equal(rounds.length, 6);
  for (const { round } of rounds) {
    assertClose(round.global.means.data, [40, 40, 0, 40, 0, 0, 40, 0], 0.5 / 40, `round ${round.round}`);
    assert.deepEqual(Array.from(round.global.sizes!), [60, 60, 60, 60]);
  }
});
