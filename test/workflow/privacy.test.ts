import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import { answer } from "#src/workflow/answers.js";
import { answerStart, startRequest } from "#src/workflow/clustering/fkm.js";
import { readLocalClusters } from "#src/workflow/clustering/local-clusters.js";
import { updateRequest } from "#src/workflow/clustering/update.js";
import { answerDispersion, answerFit, fitRequest } from "#src/workflow/evaluation.js";
import type { Message } from "#src/workflow/message.js";
import { answerMoments, momentsRequest } from "#src/workflow/transform/normalization.js";
import { answerScatter, scatterRequest } from "#src/workflow/transform/pca.js";
import { localClient, overheard } from "../support/clients.js";
import { NO_TRANSFORM, serveInline } from "../support/federation.js";
import { gaussianClusters, rowsOf } from "../support/matrices.js";

/** Ways to run a federation that together make clients send everything they ever send. */
const RUNS: Partial<ServerOptions>[] = [
  { algorithm: "fkm", normalize: true, pcaComponents: 2, localIterations: 3 },
  { algorithm: "fkm", normalize: false, dropEmpty: false },
  { algorithm: "lloyd", normalize: true, start: "random" },
];

/** Every reply of every phase of a run, of one client of the given rows among two others. */
async function everyReply(rows: number[][], threshold: number): Promise<Message[]> {
  const heard: Message[] = [];
  const labels = rows.map((_, i) => (i % 2 === 0 ? "even" : "odd"));
  for (const options of RUNS) {
    const { client, replies } = overheard(localClient("watched", rows, { threshold, labels }));
    const others = ["a", "b"].map((name) =>
      localClient(name, rowsOf(gaussianClusters(`others ${name}`, 40, 3, 4), 3), {
        labels: labels.slice(0, 40).concat(new Array(Math.max(0, 40 - labels.length)).fill("odd")),
      }),
    );
    await serveInline([others[0], client, others[1]], { k: 4, maxIterations: 5, minClients: 3, ...options });
    heard.push(...replies);
  }
  return heard;
}

const kindsOf = (replies: Message[]) => [...new Set(replies.map(({ kind }) => kind))].sort();

const EVERY_KIND = [
  "clustering/local_means",
  "clustering/local_sums",
  "evaluation/dispersion",
  "evaluation/fit",
  "handshake",
  "normalization/moments",
  "pca/scatter",
];

test("no reply of any phase has room for the client's rows, nor a value of one", async () => {
  const rows = rowsOf(gaussianClusters("watched", 97, 3, 4), 3);
  const replies = await everyReply(rows, 2);
  assert.deepEqual(kindsOf(replies), EVERY_KIND);
  const values = new Set(rows.flat());
  for (const { kind, arrays, scalars } of replies) {
    for (const [name, array] of Object.entries(arrays)) {
      assert.ok(!array.shape.includes(97), `${kind}, ${name}: (${array.shape})`);
      assert.ok(array.data.length < 97, `${kind}, ${name}: ${array.data.length} elements`);
      assert.ok(
        !Array.from(array.data).some((value) => values.has(value)),
        `${kind}, ${name}: a value of a row`,
      );
    }
    for (const [name, scalar] of Object.entries(scalars)) {
      assert.ok(!values.has(scalar as number), `${kind}, ${name}`);
      if (Array.isArray(scalar)) assert.ok(scalar.length <= 3, `${kind}, ${name}`);
    }
  }
});

test("a client of fewer rows than its threshold sends zeros for all sums, and counts", async () => {
  const rows = rowsOf(gaussianClusters("small", 7, 3, 2), 3);
  const replies = await everyReply(rows, 8);
  assert.deepEqual(kindsOf(replies), EVERY_KIND);
  for (const { kind, arrays, scalars } of replies) {
    for (const [name, array] of Object.entries(arrays)) {
      if (array.dtype === "int32") continue;
      // Clusters without any of the client's rows are at the server's own means, where they are kept.
      const echoes =
        kind === "clustering/local_means" ? arrays.sent.data.filter((sent) => sent === 1).length : 0;
      if (echoes > 0) {
        const kept = arrays.counts.data.filter((_, c) => arrays.sent.data[c] === 1);
        assert.ok(kept.every((count) => count === 0));
      } else
        assert.ok(
          array.data.every((value) => value === 0),
          `${kind}, ${name}: ${array.data}`,
        );
    }
    for (const name of ["inertia", "simplified_silhouette_sum"]) {
      if (name in scalars) assert.equal(scalars[name], 0, `${kind}, ${name}`);
    }
    if (kind.startsWith("clustering") || kind === "evaluation/fit") {
      assert.equal(
        Array.from(arrays.counts.data).reduce((a, b) => a + b),
        7,
        kind,
      );
    }
    const nSamples = { handshake: 7, "normalization/moments": 0, "pca/scatter": 0, "evaluation/fit": 0 }[
      kind
    ];
    if (nSamples !== undefined) assert.equal(scalars.n_samples, nSamples, kind);
  }
});

/*
 * A row that is a power of two shows in every sum it is part of: the binary digits of the sum are the rows.
 */

/** How many rows a sum of distinct powers of two is the sum of. */
function rowsBehind(sum: number): number {
  return BigInt(Math.round(sum)).toString(2).replaceAll("0", "").length;
}

const scenario = fc
  .record({
    exponents: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 25 }),
    means: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 }),
    own: fc.integer({ min: 1, max: 7 }),
    server: fc.integer({ min: 0, max: 9 }),
    localIterations: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(100),
  })
  .map(({ exponents, means, ...rest }) => ({
    ...rest,
    rows: exponents.map((e) => [2 ** e]),
    // Not a mean of rows, so that an echo of the server's own mean cannot be mistaken for one.
    means: { data: Float64Array.from(means, (e) => 2 ** e + 0.3), nRows: means.length, nColumns: 1 },
  }));

test("no mean or sum of clustering is of fewer rows than the stricter threshold, and every count is there", () => {
  let [sent, withheld] = [0, 0];
  fc.assert(
    fc.property(scenario, ({ rows, means, own, server, localIterations, seed }) => {
      const client = localClient("a", rows, { threshold: own });
      const threshold = Math.max(own, server);
      const options = { localIterations, privacyThreshold: server, asPublished: false };
      const updates = [
        { algorithm: "fkm", dropEmpty: true },
        { algorithm: "fkm", dropEmpty: false },
        { algorithm: "lloyd", dropEmpty: true },
      ] as const;
      const replies = [
        answerStart(
          client.local,
          startRequest(NO_TRANSFORM, { ...options, kLocal: 6, randomState: seed, restarts: 10 }),
        ),
        ...updates.map((update) =>
          answer(client.local, updateRequest(NO_TRANSFORM, means, { ...options, ...update })),
        ),
      ];
      for (const reply of replies) {
        const clusters = readLocalClusters(reply, 1, reply === replies[0] ? 0 : means.nRows);
        const { counts, sent: mayLeave } = clusters.beforeFilter;
        assert.equal(
          counts.reduce((a, b) => a + b),
          rows.length,
        );
        for (const [c, count] of clusters.counts.entries()) {
          if (count === 0) {
            assert.equal(reply, replies[2]);
            assert.ok(
              means.data.includes(clusters.means.data[c]),
              "an empty cluster is the server's own mean",
            );
            continue;
          }
          assert.ok(count >= threshold);
          assert.equal(rowsBehind(clusters.sums[c]), count);
        }
        for (const [c, count] of counts.entries())
          if (count > 0) assert.equal(mayLeave[c] === 1, count >= threshold);
        assert.equal(reply.arrays.values.shape[0], mayLeave.filter((flag) => flag === 1).length);
        if (rows.length < threshold) assert.equal(clusters.inertia, 0);
        sent += clusters.counts.length;
        withheld += counts.length - clusters.counts.length;
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(sent > 300 && withheld > 300, "both kinds were seen");
});

test("no sum of normalization, PCA or evaluation is of fewer rows than the stricter threshold", () => {
  let [sent, withheld] = [0, 0];
  fc.assert(
    fc.property(scenario, ({ rows, means, own, server }) => {
      const client = localClient("a", rows, {
        threshold: own,
        labels: rows.map(([value]) => String(value % 3)),
      });
      const threshold = Math.max(own, server);
      const n = rows.length;

      const moments: Message = answerMoments(client.local, momentsRequest(server, true));
      const scatter = answerScatter(client.local, scatterRequest(server));
      for (const reply of [moments, scatter]) assert.equal(reply.scalars.n_samples, n >= threshold ? n : 0);
      assert.equal(rowsBehind(moments.arrays.sums.data[0]), n >= threshold ? n : 0);
      assert.equal(rowsBehind(scatter.arrays.mean.data[0] * n), n >= threshold ? n : 0);
      if (n < threshold) {
        assert.deepEqual(
          [
            moments.arrays.centered_squared_sums.data[0],
            moments.arrays.scatter_upper.data[0],
            scatter.arrays.scatter_upper.data[0],
          ],
          [0, 0, 0],
        );
      }

      const request = fitRequest(NO_TRANSFORM, means, server, true);
      const { arrays, scalars } = answerFit(client.local, request);
      const counts = Array.from(arrays.counts.data);
      assert.equal(
        counts.reduce((a, b) => a + b),
        n,
      );
      assert.equal(
        Array.from(arrays.contingency.data).reduce((a, b) => a + b),
        n,
      );
      if (n < threshold)
        assert.deepEqual([scalars.n_samples, scalars.inertia, scalars.simplified_silhouette_sum], [0, 0, 0]);
      else assert.ok(scalars.inertia > 0 && scalars.n_samples === n);
      // About the origin, a sum of distances is the sum of the rows.
      const aboutZero = {
        data: new Float64Array(means.nRows),
        shape: [means.nRows, 1],
        dtype: "float64",
      } as const;
      const dispersion = answerDispersion(client.local, {
        ...request,
        arrays: { ...request.arrays, cluster_means: aboutZero },
      });
      for (const [c, count] of counts.entries()) {
        const leaves = count > 0 && count >= threshold;
        assert.equal(arrays.sent.data[c], leaves ? 1 : 0);
        assert.equal(rowsBehind(arrays.sums.data[c]), leaves ? count : 0);
        assert.equal(rowsBehind(dispersion.arrays.distance_sums.data[c]), leaves ? count : 0);
        assert.equal(dispersion.arrays.squared_distance_sums.data[c] > 0, leaves);
        if (leaves) sent += 1;
        else if (count > 0) withheld += 1;
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(sent > 50 && withheld > 50, "both kinds were seen");
});

test("a server that asks for a threshold of 0, or below, does not lower the client's own", () => {
  const random = randomStream(0, "lax");
  const client = localClient(
    "a",
    Array.from({ length: 30 }, () => [random.normal()]),
    { threshold: 31 },
  );
  for (const asked of [1, 0, -1e9, 2 ** -40]) {
    const means = { data: Float64Array.of(0, 1), nRows: 2, nColumns: 1 };
    const request = updateRequest(NO_TRANSFORM, means, {
      algorithm: "lloyd",
      localIterations: 1,
      dropEmpty: true,
      asPublished: false,
      privacyThreshold: asked,
    });
    assert.deepEqual(Array.from(answer(client.local, request).arrays.sent.data), [0, 0]);
    assert.equal(answerMoments(client.local, momentsRequest(asked, true)).scalars.n_samples, 0);
    assert.equal(answerFit(client.local, fitRequest(NO_TRANSFORM, means, asked, true)).scalars.n_samples, 0);
  }
  // One that names none at all, or no number, gets no answer.
  for (const scalars of [{}, { privacy_threshold: NaN }, { privacy_threshold: "0" }]) {
    const request = { kind: "normalization/moments", arrays: {}, scalars };
    assert.throws(
      () => answerMoments(client.local, request),
      /^RunError: message "normalization\/moments", scalar "privacy_threshold"/,
    );
  }
});
