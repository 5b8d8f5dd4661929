import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { type OwnBudget, PrivateClient, withinBounds } from "#src/federation/client/private-client.js";
import { Refusal } from "#src/federation/client/refusal.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { type PrivatePolicy, privatePolicy } from "#src/privacy/policy.js";
import { floats, type Message } from "#src/workflow/message.js";
import type { PrivateTerms } from "#src/workflow/protection.js";
import { DEFAULTS, eventsOf, requestsOf, serveAll } from "../../support/federation.js";

const TERMS: PrivateTerms = { epsilon: 4, delta: 1e-6, declaredRows: 600 };
const POLICY: PrivatePolicy = {
  ...TERMS,
  epsilonLimit: 4,
  bounds: { features: ["x", "y"], low: Float64Array.of(0, -10), high: Float64Array.of(10, 10) },
};

/** 200 rows about (2, -5) and (8, 5), in columns that the bounds have in another order. */
function privateClient(name: string, own: Partial<PrivatePolicy> = {}, spends?: OwnBudget): PrivateClient {
  const data = Float64Array.from({ length: 400 }, (_, i) => {
    const [row, f] = [Math.floor(i / 2), i % 2];
    const jitter = ((row * 7) % 11) / 11 - 0.5;
    return f === 0 ? (row % 2 === 0 ? -5 : 5) + jitter : (row % 2 === 0 ? 2 : 8) + jitter;
  });
  const rows = { data, nRows: 200, nColumns: 2 };
  const policy = { ...POLICY, ...own };
  const partition = { rows, featureNames: ["y", "x"], labels: null, classes: [] };
  const budget = spends ?? { budget: new MemoryBudget(policy), run: "a" };
  return new PrivateClient(name, partition, privatePolicy(policy), budget);
}

const OPTIONS = {
  ...DEFAULTS,
  algorithm: "dp-lloyd" as const,
  k: 2,
  kLocal: 2,
  protection: { mode: "dp" as const, groupSize: 1, privacyThreshold: 1, privately: TERMS },
  privately: { ...TERMS, mu: muOf(TERMS.epsilon, TERMS.delta) },
};

/** A question as a server could send it. */
function question(scalars: Message["scalars"] = {}, arrays: Message["arrays"] = {}): Message {
  return {
    kind: "clustering/private_sums",
    scalars: {
      epsilon: 4,
      delta: 1e-6,
      declared_rows: 600,
      question: 0,
      share_count: 0.2,
      share_spread: 0.1,
      ...scalars,
    },
    arrays: {
      centres: floats(Float64Array.of(-0.5, -0.5, 0.5, 0.5), 2, 2),
      radii: floats(Float64Array.of(0.5, 0.5), 2),
      shares: floats(Float64Array.of(0.5, 0.5), 2),
      ...arrays,
    },
  };
}

test("a federation of private clients finds the clusters, and no number of a row leaves without noise", async () => {
  const clients = ["a", "b", "c"].map((name) => privateClient(name));
  const replies: Message[] = [];
  const seeing = clients.map((client) => ({
    name: client.name,
    answer(request: Message) {
      const reply = client.answer(request);
      replies.push(reply);
      return reply;
    },
  }));
  const events = await serveAll(inlineFederation(seeing), OPTIONS);
  const [{ finalMeans, metrics, metricsOf, noisySizes }] = eventsOf(events, "evaluation");
  const found = [...finalMeans.data].map((x) => Math.round(x));
  assert.deepEqual(found, [2, -5, 8, 5]);
  assert.equal(metricsOf, "none");
  assert.ok(Number.isNaN(metrics.inertia));
  assert.equal(noisySizes!.standardErrors.length, 2);
  for (const { kind, scalars, arrays } of replies) {
    const names = [...Object.keys(scalars), ...Object.keys(arrays)].join();
    if (kind === "handshake") {
      assert.doesNotMatch(names, /n_samples|n_points|weight/);
      continue;
    }
    assert.equal(kind, "clustering/private_sums");
    assert.equal(names, "spread,count_sigma,spread_sigma,counts,sums,sum_sigmas");
    assert.ok((scalars.count_sigma as number) > 0);
    // An integer of rows would be one without noise: by chance one in a million is.
    const whole = [...arrays.counts.data].filter((count) => Number.isInteger(count));
    assert.ok(whole.length <= 2, String(whole));
  }
});

test("nothing but questions is answered, whatever a server asks", async () => {
  const client = privateClient("a");
  for (const request of await requestsOf({ algorithm: "fkm" })) {
    if (request.kind === "handshake") continue;
    assert.throws(() => client.answer(request), /under the setting.privacy dp it answers no/, request.kind);
  }
  const { local } = client;
  assert.deepEqual([local.nSamples, local.nPoints, local.labels, local.weights], [0, 0, null, null]);
  assert.throws(() => local.raw(), /no rows can be seen/);
  assert.throws(() => local.assignment(2), /no rows can be seen/);
});

test("what would spend more than its owner allows is refused, and spends nothing", () => {
  const client = privateClient("a");
  const refused: [Message, RegExp][] = [
    [question({ epsilon: 4.1 }), /it holds to .*epsilon 4,.* the run wants .*epsilon 4.1/],
    [question({ delta: 2e-6 }), /the run wants .*delta 2e-6/],
    [question({ declared_rows: 601 }), /the run wants .*declaredRows 601/],
    [question({ question: 2 }), /question/],
    [question({ question: -1 }), /question/],
    [question({ share_count: 0 }), /share_count/],
    [question({ share_count: 0.9 }), /share_count/],
    [question({}, { shares: floats(Float64Array.of(0.6, 0.6), 2) }), /shares/],
    [question({}, { shares: floats(Float64Array.of(2, -1), 2) }), /shares/],
    [question({}, { shares: floats(Float64Array.of(Number.NaN, 0), 2) }), /shares/],
    [question({}, { radii: floats(Float64Array.of(0, 1), 2) }), /radii/],
    [question({}, { radii: floats(Float64Array.of(-1, 1), 2) }), /radii/],
    [question({}, { radii: floats(Float64Array.of(Number.NaN, 1), 2) }), /radii/],
    [question({}, { radii: floats(Float64Array.of(Infinity, 1), 2) }), /radii/],
    [question({}, { centres: floats(Float64Array.of(Number.NaN, 0, 0, 0), 2, 2) }), /centres/],
    [question({}, { centres: floats(Float64Array.of(3, 0, 0, 0), 2, 2) }), /centres/],
  ];
  for (const [request, message] of refused) assert.throws(() => client.answer(request), message);
  client.answer(question());
  // A server that divides the run anew, so that each question gets nearly all of it.
  const shares = floats(Float64Array.of(0.01, 0.99), 2);
  assert.throws(() => client.answer(question({ question: 1 }, { shares })), /has spent mu\^2/);
  // Another question under the same number, and one too many.
  const other = question({}, { radii: floats(Float64Array.of(0.25, 0.25), 2) });
  assert.throws(() => client.answer(other), Refusal);
  client.answer(question({ question: 1 }));
  const next = question({ question: 2 }, { shares: floats(Float64Array.of(0.3, 0.3, 0.3), 3) });
  assert.throws(() => client.answer(next), Refusal);
});

test("the same question has the same answer, which spends nothing; another client's has other noise", () => {
  const client = privateClient("a");
  const first = client.answer({ ...question(), exchange: 5 });
  const again = client.answer({ ...question(), exchange: 9 });
  assert.deepEqual([first.exchange, again.exchange], [5, 9]);
  assert.deepEqual(again.arrays, first.arrays);
  assert.deepEqual(again.scalars, first.scalars);
  const other = privateClient("a").answer(question());
  assert.notDeepEqual(other.arrays.counts.data, first.arrays.counts.data);
});

test("a client has no answer of another that was given the same budget by mistake", () => {
  const own = { budget: new MemoryBudget(POLICY), run: "a" };
  const [one, other] = ["one", "other"].map((name) => privateClient(name, {}, own));
  one.answer(question());
  assert.throws(() => other.answer(question()), /has been answered, and was another/);
});

test("a reply that is handed over to another thread takes no bounds with it, which clients share", () => {
  const request: Message = {
    kind: "handshake",
    scalars: {
      protocol: 2,
      protection: "dp",
      group_size: 1,
      privacy_threshold: 1,
      epsilon: 4,
      delta: 1e-6,
      declared_rows: 600,
    },
    arrays: {},
  };
  const first = privateClient("a").answer(request);
  structuredClone(first, {
    transfer: Object.values(first.arrays).map(({ data }) => data.buffer as ArrayBuffer),
  });
  const { low, high } = privateClient("b").answer(request).arrays;
  assert.deepEqual([[...low.data], [...high.data]], [[...POLICY.bounds.low], [...POLICY.bounds.high]]);
});

test("rows outside the bounds are counted for their owner alone", () => {
  const bounds = { features: ["x", "y"], low: Float64Array.of(0, -1), high: Float64Array.of(10, 10) };
  const client = privateClient("a", { bounds });
  assert.equal(client.nClipped, 100);
  const reply = client.answer({
    kind: "handshake",
    scalars: {
      protocol: 2,
      protection: "dp",
      group_size: 1,
      privacy_threshold: 1,
      epsilon: 4,
      delta: 1e-6,
      declared_rows: 600,
    },
    arrays: {},
  });
  assert.doesNotMatch(JSON.stringify(reply.scalars), /100|200/);
});

test("columns without names go by the order of the bounds, whose names may not say another", () => {
  const rows = { data: Float64Array.of(1, 2, 3, 4), nRows: 2, nColumns: 2 };
  const nameless = { rows, featureNames: null, labels: null, classes: [] };
  const bounds = (...features: string[]) => ({ ...POLICY.bounds, features });
  assert.deepEqual(withinBounds(nameless, bounds("height", "x1")).featureNames, ["height", "x1"]);
  assert.throws(() => withinBounds(nameless, bounds("x1", "x0")), /x0 expected at 1 in .*bounds, found x1$/);
});
