import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Budget } from "#src/federation/client/budget/budget.js";
import { MemoryBudget } from "#src/federation/client/budget/memory-budget.js";
import { PrivateClient } from "#src/federation/client/private-client.js";
import { muOf } from "#src/privacy/gaussian-account.js";
import { type PrivatePolicy, privatePolicy } from "#src/privacy/policy.js";
import { floats, type Message } from "#src/workflow/message.js";
import { DEFAULTS, requestsOf, serveAll } from "../../support/federation.js";

const POLICY: PrivatePolicy = {
  epsilon: 1,
  delta: 1e-6,
  declaredRows: 100,
  epsilonLimit: 1,
  bounds: {
    features: ["x", "y", "z"],
    low: Float64Array.of(0, 0, 0),
    high: Float64Array.of(10, 10, 10),
  },
};

/** Data that differ in more than a row: none, one, many, equal ones, and such as bounds hold back. */
const DATA: Readonly<Record<string, readonly (readonly number[])[]>> = {
  "no row": [],
  "one row": [[5, 5, 5]],
  "a row far beyond the bounds": [[1e300, -1e300, 5]],
  "infinite numbers": [[Infinity, -Infinity, 0]],
  "300 equal rows": Array.from({ length: 300 }, () => [1, 2, 3]),
  "rows of all kinds": Array.from({ length: 50 }, (_, i) => [i / 5, (i * 7) % 10, 1 / (i + 1)]),
};

function client(
  rows: readonly (readonly number[])[],
  budget: Budget = new MemoryBudget(POLICY),
  run = "a",
): PrivateClient {
  const partition = {
    rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: 3 },
    featureNames: ["x", "y", "z"],
    labels: null,
    classes: [],
  };
  return new PrivateClient("a", partition, privatePolicy(POLICY), { budget, run });
}

/** A question as a server could send it, well or ill. */
function question(scalars: Message["scalars"] = {}, arrays: Message["arrays"] = {}): Message {
  return {
    kind: "clustering/private_sums",
    scalars: {
      epsilon: 1,
      delta: 1e-6,
      declared_rows: 100,
      question: 0,
      share_count: 0.2,
      share_spread: 0.1,
      ...scalars,
    },
    arrays: {
      centres: floats(Float64Array.of(-0.5, -0.5, 0, 0.5, 0.5, 0), 2, 3),
      radii: floats(Float64Array.of(0.5, 0.5), 2),
      shares: floats(Float64Array.of(0.5, 0.5), 2),
      ...arrays,
    },
  };
}

const radii = (...values: number[]) => ({ radii: floats(Float64Array.from(values), values.length) });
const shares = (...values: number[]) => ({ shares: floats(Float64Array.from(values), values.length) });
const centres = (...values: number[]) => ({ centres: floats(Float64Array.from(values), 2, 3) });

/** One after the other, of one client. */
const QUESTIONS: readonly Message[] = [
  question({ question: 1 }),
  question({ question: 2 }),
  question({ epsilon: 2 }),
  question({ delta: 0.001 }),
  question({ declared_rows: 99 }),
  question({ share_count: 0 }),
  question({ share_count: Number.NaN }),
  question({ share_spread: 0.9 }),
  question({}, radii(0, 1)),
  question({}, radii(5e-324, 1)),
  question({}, radii(Number.NaN, 1)),
  question({}, radii(1, 100)),
  question({}, radii(1)),
  question({}, shares(0.9, 0.9)),
  question({}, shares(2, -1)),
  question({}, shares(1e-300, 1)),
  question({}, shares()),
  question({}, centres(0, 0, 0, 0, 0, 1.5)),
  question({}, centres(0, 0, 0, 0, 0, Number.NaN)),
  // Well: it is answered, and then the same, another in its place, and the next.
  question(),
  question(),
  question({}, radii(0.1, 0.1)),
  question({ question: 1 }, radii(1e-9, 1)),
  question({ question: 2 }),
];

/** What is seen of an exchange but for noise, which has no say in shapes and sigmas. */
function seen(one: PrivateClient, request: Message): string {
  try {
    const { kind, scalars, arrays } = one.answer(request);
    const isNoisy = (name: string) => kind === "clustering/private_sums" && !name.endsWith("sigma");
    const numbers = Object.entries(scalars).map(([name, value]) => [name, isNoisy(name) ? "noise" : value]);
    const shapes = Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      shape,
      name === "sum_sigmas" ? [...data] : "noise",
    ]);
    return JSON.stringify([kind, numbers, shapes]);
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

/** All that a run of its own kind asks a client. */
async function requestsWithNoise(): Promise<Message[]> {
  const { epsilon, delta, declaredRows } = POLICY;
  const terms = { epsilon, delta, declaredRows };
  const one = client(DATA["rows of all kinds"]);
  const requests: Message[] = [];
  const heard = {
    name: one.name,
    answer(request: Message) {
      requests.push(request);
      return one.answer(request);
    },
  };
  await serveAll(inlineFederation([heard]), {
    ...DEFAULTS,
    algorithm: "dp-lloyd",
    k: 2,
    kLocal: 2,
    protection: { mode: "dp", groupSize: 1, privacyThreshold: 1, privately: terms },
    privately: { ...terms, mu: muOf(epsilon, delta) },
  });
  return requests;
}

/** What is seen of clients with each of the data, one after the other. */
function viewsOf(requests: readonly Message[]): string[][] {
  return Object.values(DATA).map((rows) => {
    const one = client(rows);
    return requests.map((request) => seen(one, request));
  });
}

test("whatever a server asks, what it sees is the same for any rows, but for noise", async () => {
  const requests: Message[] = [...QUESTIONS];
  for (const algorithm of ["fkm", "lloyd", "best-lloyd", "k-fed"] as const) {
    requests.push(...(await requestsOf({ algorithm, pcaComponents: 2 })));
  }
  assert.ok(new Set(requests.map(({ kind }) => kind)).size > 6);
  const [first, ...others] = viewsOf(requests);
  for (const view of others) assert.deepEqual(view, first);
  // Three of the questions are answered, the same one twice, and nothing else is.
  const answered = first.filter((text) => !text.startsWith("refused: "));
  assert.equal(answered.length, 3);
  assert.equal(answered[0], answered[1]);
});

test("of a run with noise a server sees the same for any rows, but for noise", async () => {
  const requests = await requestsWithNoise();
  const kinds = new Set(requests.map(({ kind }) => kind));
  assert.deepEqual([...kinds], ["handshake", "clustering/private_sums"]);
  const [first, ...others] = viewsOf(requests);
  for (const view of others) assert.deepEqual(view, first);
  assert.ok(first.length > 7);
  assert.doesNotMatch(first.join(), /refused/);
  assert.match(first[0], /declared_rows/);
  assert.doesNotMatch(first[0], /n_samples|n_points/);
});

test("after how many runs a client refuses is the same for any rows", () => {
  const half = shares(0.3, 0.3);
  const [first, ...others] = Object.values(DATA).map((rows) => {
    const budget = new MemoryBudget(POLICY);
    return ["a", "b", "c"].flatMap((run) => {
      const one = client(rows, budget, run);
      return [0, 1].map((number) => seen(one, question({ question: number }, half)));
    });
  });
  for (const view of others) assert.deepEqual(view, first);
  const isRefused = first.map((text) => text.startsWith("refused: "));
  assert.deepEqual(isRefused, [false, false, true, true, true, true]);
});
