import assert from "node:assert/strict";
import { test } from "node:test";
import type { Partition } from "#src/data/partitions/partition.js";
import { RunError } from "#src/errors.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import { LocalClient } from "#src/federation/client/client.js";
import { type ClientPoints, rowsAsPoints } from "#src/federation/client/points.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { groupsPolicy, NO_POLICY, type Policy } from "#src/privacy/policy.js";
import { fitRequest } from "#src/workflow/evaluation.js";
import { handshakeRequest, PROTOCOL } from "#src/workflow/handshake.js";
import type { Message } from "#src/workflow/message.js";
import { type Protection, ROWS } from "#src/workflow/protection.js";
import { labelledClients } from "../../support/clients.js";
import { EVERY_RUN, eventsOf, requestsOf, serveAll } from "../../support/federation.js";
import { assertClose, gaussianClusters } from "../../support/matrices.js";

const IDENTITY = { name: "b", featureNames: null, labelColumn: null };
const D = 3;
const WIDE = 401;
const MEANS = { data: Float64Array.of(1, 3), nRows: 2, nColumns: 1 };

const ofGroups = (groupSize: number): Protection => ({ mode: "groups", groupSize, privacyThreshold: 1 });

/** What clients of so many features are asked in a run, in order. */
interface Asked {
  readonly nFeatures: number;
  readonly requests: readonly Message[];
}

/** Everything that clients are asked in runs of three clusters under groups of a size. */
async function everyRun(groupSize: number): Promise<Asked[]> {
  const protection = ofGroups(groupSize);
  const runs: [number, Partial<ServerOptions>][] = [
    // As published single rows are sent, which groups refuse.
    ...EVERY_RUN.filter(({ asPublished }) => groupSize === 1 || !asPublished).map(
      (options): [number, Partial<ServerOptions>] => [D, options],
    ),
    [WIDE, { algorithm: "lloyd", pcaComponents: 2 }],
  ];
  const all: Asked[] = [];
  for (const [nFeatures, options] of runs) {
    const requests = await requestsOf({ ...options, privacyThreshold: 1, protection }, nFeatures);
    all.push({ nFeatures, requests });
  }
  return all;
}

/** What a client answers in each of these runs, begun anew. */
function answersOf(clientOf: (nFeatures: number) => LocalClient, runs: readonly Asked[]): Message[][] {
  return runs.map(({ nFeatures, requests }) => {
    const client = clientOf(nFeatures);
    return requests.map((request) => client.answer(request));
  });
}

function partitionOf(data: Float64Array, nColumns: number): Partition {
  const nRows = data.length / nColumns;
  return {
    rows: { data, nRows, nColumns },
    featureNames: null,
    labels: Int32Array.from({ length: nRows }, (_, i) => i % 2),
    classes: ["x", "y"],
  };
}

test("points of weight one answer every request of every algorithm with the bytes of rows", async () => {
  const runs = await everyRun(1);
  const partition = (nFeatures: number) =>
    partitionOf(gaussianClusters("weights", 30, nFeatures, 3), nFeatures);
  const clientOver = (points: ClientPoints) => new LocalClient(IDENTITY, points, NO_POLICY);
  const ofRows = answersOf((d) => clientOver(rowsAsPoints(partition(d))), runs);
  const ofWeights = answersOf((d) => {
    const points = rowsAsPoints(partition(d));
    const ones = new Float64Array(30).fill(1);
    const pointOf = Int32Array.from(ones.keys());
    return clientOver({ ...points, weights: ones, labels: { ...points.labels!, pointOf, rows: ones } });
  }, runs);
  assert.ok(new Set(ofRows.flat().map(({ kind }) => kind)).size > 9);
  assert.deepEqual(ofWeights, ofRows);
});

/** Heaps of four integer rows with the heap's centre for a mean; how far rows lie from it is the caller's. */
function heaps(offsets: readonly (readonly number[])[], nFeatures: number): Float64Array {
  const rows: number[] = [];
  for (let heap = 0; heap < 24; heap++) {
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < nFeatures; j++) {
        const center = 1024 * ((heap * (7 + 2 * j) + j * j) % 53);
        rows.push(center + offsets[(heap + j) % offsets.length][i]);
      }
    }
  }
  return Float64Array.from(rows);
}

test("an answer is a function of points, weights and labels: other rows behind them give the same bytes", async () => {
  const runs = await everyRun(4);
  const some = [
    [1, -1, 2, -2],
    [0, 0, 3, -3],
  ];
  const others = [
    [4, -5, 3, -2],
    [6, -6, 1, -1],
  ];
  const clientOf = (offsets: number[][]) => (d: number) =>
    bothClients("b", partitionOf(heaps(offsets, d), d), groupsPolicy(4));
  for (const nFeatures of [D, WIDE]) {
    const [one, other] = [some, others].map((offsets) => clientOf(offsets)(nFeatures));
    assert.deepEqual(one.points.raw(), other.points.raw());
    assert.deepEqual(one.points.local.spreads, other.points.local.spreads);
    assert.notDeepEqual(one.rows.raw(), other.rows.raw());
    assert.equal(one.points.local.nPoints, 24);
  }
  const answers = answersOf((d) => clientOf(some)(d).points, runs);
  assert.deepEqual(
    answersOf((d) => clientOf(others)(d).points, runs),
    answers,
  );
  // The rows themselves answer otherwise, so that what was compared could have differed.
  const asRows = (offsets: number[][]) => answersOf((d) => clientOf(offsets)(d).rows, runs);
  assert.notDeepEqual(asRows(some), asRows(others));
});

test("rows that come T times each, in groups of equals, come to what rows come to", async () => {
  const size = 4;
  const clientsOf = (policy: Policy, times: number) =>
    ["a", "b", "c"].map((name) => {
      // Of few digits, which points keep.
      const distinct = gaussianClusters(`repeated at ${name}`, 40, D, 3).map((x) => Math.round(64 * x) / 64);
      const data = Float64Array.from(
        { length: times * distinct.length },
        (_, i) => distinct[i % distinct.length],
      );
      return bothClients(name, partitionOf(data, D), policy).points;
    });
  const start = { data: gaussianClusters("start", 3, D, 3), nRows: 3, nColumns: D };
  for (const algorithm of ["fkm", "lloyd"] as const) {
    const outcome = async (policy: Policy, times: number) => {
      const protection = ofGroups(policy.groupSize);
      const options = {
        algorithm,
        start,
        normalize: false,
        maxIterations: 6,
        privacyThreshold: 1,
        protection,
      };
      const [evaluation] = eventsOf(
        await serveAll(inlineFederation(clientsOf(policy, times)), options),
        "evaluation",
      );
      return evaluation;
    };
    const grouped = await outcome(groupsPolicy(size), size);
    const once = await outcome(NO_POLICY, 1);
    assertClose(grouped.finalMeans.data, once.finalMeans.data, 1e-12, algorithm);
    assert.equal(grouped.metrics.nSamples, size * once.metrics.nSamples);
    assert.deepEqual(
      grouped.metrics.clusterSizes,
      once.metrics.clusterSizes.map((rows) => size * rows),
    );
    assertClose([grouped.metrics.inertia], [size * once.metrics.inertia], 1e-12, `inertia of ${algorithm}`);
    assertClose([grouped.metrics.adjustedRandIndex!], [once.metrics.adjustedRandIndex!], 0.02, "ARI");
  }
});

test("a server's larger groups are held to until the next handshake, smaller ones are not", () => {
  const client = labelledClients(D, groupsPolicy(5))[0];
  const told = (groupSize: number) => client.answer(handshakeRequest(ofGroups(groupSize))).scalars;
  const own = told(1);
  assert.deepEqual([own.group_size, own.n_samples, own.n_points], [5, 30, client.local.nPoints]);
  assert.ok((own.least_weight as number) >= 5 && (own.greatest_weight as number) <= 9);
  const larger = told(10);
  assert.deepEqual([larger.group_size, larger.n_samples], [10, 30]);
  assert.ok(client.local.weights!.every((weight) => weight >= 10));
  assert.deepEqual(told(31).n_points, 0);
  assert.deepEqual(told(10), larger);
  assert.deepEqual(told(5), own);
  const rows = labelledClients(D, NO_POLICY)[0];
  assert.deepEqual(rows.answer(handshakeRequest(ROWS)).scalars.n_points, 30);
});

test("a request of another mode, or of none, is refused, and the client goes on as before", () => {
  const client = labelledClients(D, groupsPolicy(5))[0];
  const before = client.answer(handshakeRequest(ofGroups(5)));
  for (const [wanted, message] of [
    [
      { protection: "threshold", group_size: 1, privacy_threshold: 2 },
      /^it holds to the setting\sgroupSize 5, the run wants the setting\sprivacy threshold, the setting\sprivacyThreshold 2$/,
    ],
    [
      { protection: "none", group_size: 1, privacy_threshold: 0 },
      /"protection": expected one of threshold, groups/,
    ],
    [
      { protection: "groups", group_size: 0, privacy_threshold: 0 },
      /"group_size": expected a count of at least 1/,
    ],
    [{ protection: "groups", group_size: 2.5, privacy_threshold: 0 }, /"group_size": expected a count/],
    [{ protection: "groups", privacy_threshold: 0 }, /"group_size"/],
    [{}, /"protection"/],
  ] as const) {
    assert.throws(
      () =>
        client.answer({
          kind: "handshake",
          arrays: {},
          scalars: { protocol: PROTOCOL, ...wanted },
        } as Message),
      (error: Error) =>
        error instanceof RunError && message.test(error.message) && !error.message.includes("\n"),
      JSON.stringify(wanted),
    );
    assert.deepEqual(client.answer(handshakeRequest(ofGroups(5))), before);
  }
});

/** Every object that can be reached from one by its properties, own and inherited, getters asked. */
function reachableFrom(root: object): Set<object> {
  const seen = new Set<object>([root]);
  const visit = (value: unknown) => {
    if (typeof value === "object" && value !== null && !seen.has(value)) {
      seen.add(value);
      queue.push(value);
    }
  };
  const queue = [root];
  for (let object = queue.pop(); object !== undefined; object = queue.pop()) {
    if (ArrayBuffer.isView(object)) {
      visit(object.buffer);
      continue;
    }
    for (let holder: object | null = object; holder !== null && holder !== Object.prototype; ) {
      for (const key of Reflect.ownKeys(holder)) {
        const { get, value } = Object.getOwnPropertyDescriptor(holder, key)!;
        if (key !== "__proto__") visit(get === undefined ? value : Reflect.apply(get, object, []));
      }
      holder = Object.getPrototypeOf(holder);
    }
  }
  return seen;
}

/** The numbers in all arrays that are reached, whatever their type. */
function numbersIn(objects: ReadonlySet<object>): Set<number> {
  const arrays = [...objects].filter((object) => Array.isArray(object) || ArrayBuffer.isView(object));
  const buffers = [...objects].filter(
    (object) =>
      (object instanceof ArrayBuffer || object instanceof SharedArrayBuffer) && object.byteLength % 8 === 0,
  );
  return new Set(
    [
      ...arrays.map((array) => Array.from(array as unknown as ArrayLike<number>)),
      ...buffers.map((buffer) => Array.from(new Float64Array(buffer as ArrayBuffer))),
    ].flat(),
  );
}

test("no object that can be reached from what phases see holds a row under groups", async () => {
  const rows = gaussianClusters("reachable", 60, D, 3);
  const held = (policy: Policy) => {
    const { points } = bothClients("b", partitionOf(rows.slice(), D), policy);
    return () => {
      const { local } = points;
      const methods = [
        local.raw(),
        local.assignment(3),
        local.transformed({ normalization: null, projection: null }),
      ];
      const numbers = numbersIn(new Set([local, ...methods].flatMap((object) => [...reachableFrom(object)])));
      return rows.filter((value) => numbers.has(value)).length;
    };
  };
  const grouped = held(groupsPolicy(5));
  assert.equal(grouped(), 0);
  // The same search finds every value where rows are what is computed from.
  assert.equal(held(NO_POLICY)(), rows.length);
  const { points } = bothClients("b", partitionOf(rows.slice(), D), groupsPolicy(5));
  for (const request of await requestsOf({ algorithm: "best-lloyd", restarts: 2, protection: ofGroups(5) })) {
    points.answer(request);
    const numbers = numbersIn(reachableFrom(points.local));
    assert.equal(rows.filter((value) => numbers.has(value)).length, 0, request.kind);
  }
});

test("a scale so small that squares overflow has no reply", () => {
  const client = new LocalClient(IDENTITY, rowsAsPoints(partitionOf(Float64Array.of(1, 2, 4), 1)), NO_POLICY);
  const normalization = { mean: new Float64Array(1), scale: Float64Array.of(1e-155) };
  assert.throws(() => client.answer(fitRequest({ normalization, projection: null }, MEANS, 1, false)), {
    name: "RunError",
    message: /^its inertia is no finite number, by its rows or by what it was asked$/,
  });
});
