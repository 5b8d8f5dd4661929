import assert from "node:assert/strict";
import { test } from "node:test";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { LocalClient } from "#src/federation/client/client.js";
import { randomStream } from "#src/numerics/random.js";
import { groupsPolicy, type Policy, thresholdPolicy } from "#src/privacy/policy.js";
import { answer, smallestLabelCount, smallestWeight } from "#src/workflow/answers.js";
import { floats, type Message } from "#src/workflow/message.js";
import { momentsRequest } from "#src/workflow/transform/normalization.js";
import { EVERY_RUN, requestsOf } from "../support/federation.js";

const N = 60;
const D = 3;

/** Sixty rows of which the classes are rare and common, as a policy has them stand for. */
function clientUnder(policy: Policy): LocalClient {
  const random = randomStream(11, "behind");
  const data = Float64Array.from({ length: N * D }, (_, i) => random.normal() + (i % 4));
  const labels = Int32Array.from({ length: N }, (_, i) => (i % 20 === 0 ? 0 : 1));
  const rows = { data, nRows: N, nColumns: D };
  return bothClients("a", { rows, featureNames: null, labels, classes: ["x", "y"] }, policy).points;
}

/** Rows behind the points nearest to each mean, and how many of them are of each class: all found by hand. */
function nearest({ local }: LocalClient, { arrays }: Message) {
  const { means } = arrays;
  const [k, d] = means.shape;
  const { data, nRows } = local.raw();
  const clusters = Array.from({ length: k }, () => [0, 0, 0]);
  for (let point = 0; point < nRows; point++) {
    const distances = Array.from({ length: k }, (_, c) =>
      Array.from({ length: d }, (_, f) => (data[point * d + f] - means.data[c * d + f]) ** 2).reduce(
        (sum, square) => sum + square,
      ),
    );
    const cluster = clusters[distances.indexOf(Math.min(...distances))];
    const weight = local.weights?.[point] ?? 1;
    const { classOf, pointOf, rows } = local.labels!;
    cluster[0] += weight;
    classOf.forEach((one, i) => {
      if ((pointOf?.[i] ?? i) === point) cluster[1 + one] += rows?.[i] ?? 1;
    });
  }
  return {
    counts: clusters.map(([count]) => count),
    cells: clusters.flatMap(([, ...ofClasses]) => ofClasses),
  };
}

const least = (sums: readonly number[]) => Math.min(...sums.filter((sum) => sum > 0));

const CENTRES = Float64Array.of(0, 0, 0, 1, 1, 1, 2.5, 2.5, 2.5, 4, 4, 4);
const FAR = CENTRES.map((value) => value * 9);
const MEANS = floats(CENTRES, 4, D);
const ask = (kind: string, more: Partial<Message["scalars"]> = {}): Message => ({
  kind,
  arrays: { means: MEANS, cluster_means: MEANS },
  scalars: {
    privacy_threshold: 0,
    with_dispersion: true,
    algorithm: "lloyd",
    local_iterations: 1,
    ...more,
  } as Message["scalars"],
});

for (const [name, policy] of [
  ["rows", thresholdPolicy(1)],
  ["groups", groupsPolicy(5)],
] as const) {
  test(`the fewest rows behind a number are those of the points it is computed from: ${name}`, () => {
    const client = clientUnder(policy);
    const behind = (request: Message) => smallestWeight(client.local, request, answer(client.local, request));
    const { counts, cells } = nearest(client, ask(""));
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      N,
    );
    assert.ok(new Set(counts).size > 1);
    assert.equal(behind(ask("clustering/update")), least(counts));
    assert.equal(behind(ask("evaluation/dispersion")), least(counts));
    assert.equal(behind(ask("evaluation/fit")), least(counts));
    assert.equal(smallestLabelCount(answer(client.local, ask("evaluation/fit"))), least(cells));
    assert.ok(least(cells) < least(counts), "a rare class");
    assert.equal(smallestLabelCount(answer(client.local, ask("evaluation/dispersion"))), null);
    const both = floats(Float64Array.of(...CENTRES, ...FAR), 2, 4, D);
    const starts = { ...ask("clustering/starts", { starts: 2 }), arrays: { means: both } };
    const far = nearest(client, { ...starts, arrays: { means: floats(FAR, 4, D) } });
    assert.equal(behind(starts), least([...counts, ...far.counts]));
    assert.equal(behind({ kind: "pca/scatter", arrays: {}, scalars: { privacy_threshold: 0 } }), N);
    assert.equal(behind(momentsRequest(0, true)), N);
  });
}

test("of groups no number of any reply of any run is of fewer rows than a group has", async () => {
  const client = clientUnder(groupsPolicy(5));
  let tried = 0;
  for (const options of EVERY_RUN) {
    for (const asked of await requestsOf(options)) {
      if (asked.scalars.as_published === true) continue;
      const wanted = { protection: "groups", group_size: 5 };
      const request =
        asked.kind === "handshake" ? { ...asked, scalars: { ...asked.scalars, ...wanted } } : asked;
      const found = smallestWeight(client.local, request, answer(client.local, request));
      assert.ok(found !== null && found >= 5 && found <= N, `${request.kind}: ${found}`);
      tried += 1;
    }
  }
  assert.ok(tried > 20);
});

test("what is withheld is of no rows, its count is of few; a mean as published is of one row", () => {
  const client = clientUnder(thresholdPolicy(N + 1));
  const behind = (request: Message) => smallestWeight(client.local, request, answer(client.local, request));
  assert.equal(behind(momentsRequest(0, true)), null);
  assert.equal(behind(ask("evaluation/dispersion")), null);
  assert.equal(behind(ask("clustering/update")), least(nearest(client, ask("")).counts));
  const published = clientUnder(thresholdPolicy(0));
  const request = ask("clustering/update", { algorithm: "fkm", as_published: true });
  assert.equal(smallestWeight(published.local, request, answer(published.local, request)), 1);
});

test("a count of labels is of its own rows: one row of a rare class among 40 is a count of one", () => {
  const random = randomStream(5, "rare class");
  const rows = { data: Float64Array.from({ length: 40 * D }, () => random.normal()), nRows: 40, nColumns: D };
  const labels = Int32Array.from({ length: 40 }, (_, i) => (i === 7 ? 1 : 0));
  const partition = { rows, featureNames: null, labels, classes: ["none", "hiv"] };
  const { local } = bothClients("a", partition, groupsPolicy(5)).points;
  const request = ask("evaluation/fit");
  const reply = answer(local, request);
  assert.ok(smallestWeight(local, request, reply)! >= 5);
  assert.equal(smallestLabelCount(reply), 1);
  const silent = bothClients("b", partition, { ...groupsPolicy(5), sharesLabels: false }).points.local;
  assert.equal(smallestLabelCount(answer(silent, request)), null);
});
