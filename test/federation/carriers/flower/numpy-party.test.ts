import assert from "node:assert/strict";
import { test } from "node:test";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Client } from "#src/federation/client/client.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import type { Message } from "#src/workflow/message.js";
import { eventsOf, serveAll } from "../../../support/federation.js";
import { numpyClient, type Party, penguinParties } from "../../../support/numpy-party.js";
import { skipWithoutPython } from "../../../support/python.js";

const skip = skipWithoutPython;

const GROUPS = { mode: "groups", groupSize: 5, privacyThreshold: 1 } as const;
const OPTIONS: Partial<ServerOptions> = { protection: GROUPS, privacyThreshold: 1, maxIterations: 30 };

/** Runs that together ask for all that the party in Python answers. */
const RUNS: readonly Partial<ServerOptions>[] = [
  {},
  { tolerance: 1e-4 },
  { dropEmpty: false, weighted: false, localIterations: 3, restarts: 3 },
  { normalize: false, k: 7, kLocal: 7 },
  { pca: false, normalize: false },
  { pcaComponents: 2, k: 8, kLocal: 4 },
  { features: ["flipper_length_mm", "bill_length_mm"] },
  { protection: { ...GROUPS, privacyThreshold: 30 }, privacyThreshold: 30, k: 6, kLocal: 6 },
  { k: 1, kLocal: 1 },
];

/** Numbers that travel, of two replies to the same request, are within this of the largest beside them. */
const ROUNDING = 1e-9;

function assertAlike(found: Message, expected: Message): void {
  const formOf = ({ kind, exchange, scalars, arrays }: Message) => ({
    kind,
    exchange,
    scalars: Object.fromEntries(
      Object.entries(scalars)
        .map(([name, value]) => [name, typeof value === "number" ? "number" : value] as const)
        .sort(),
    ),
    arrays: Object.fromEntries(
      Object.entries(arrays)
        .map(([name, { dtype, shape }]) => [name, `${dtype} (${shape})`] as const)
        .sort(),
    ),
  });
  assert.deepEqual(formOf(found), formOf(expected));
  for (const [name, value] of Object.entries(expected.scalars)) {
    if (typeof value !== "number") continue;
    assertClose([found.scalars[name] as number], [value], `${expected.kind} ${name}`);
  }
  for (const [name, { data }] of Object.entries(expected.arrays)) {
    // What rounding leaves of a mean is of each party's own order of adding up; beside the mean itself it is nothing.
    if (name === "mean_remainders") {
      const n = expected.scalars.n_samples as number;
      const meansOf = (message: Message) =>
        Array.from(message.arrays.sums.data, (sum, f) => sum / n + message.arrays[name].data[f]);
      assertClose(meansOf(found), meansOf(expected), `${expected.kind} ${name}`);
      continue;
    }
    assertClose(found.arrays[name].data, data, `${expected.kind} ${name}`);
  }
}

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(found[i] - expected[i]) <= ROUNDING * largest, `${what}: ${found[i]}, ${expected[i]}`);
  }
}

test("a party in NumPy answers each request as one in TypeScript does, but for what it draws", {
  skip,
}, async (context) => {
  const parties = await penguinParties(context);
  const asked = new Map<string, number>();
  const both = parties.map((party): Client => {
    const other = numpyClient(context, party);
    return {
      name: party.local.name,
      async answer(request) {
        const [expected, found] = [party.local.answer(request), await other.answer(request)];
        asked.set(request.kind, (asked.get(request.kind) ?? 0) + 1);
        if (request.kind === "clustering/start") assert.equal(found.kind, expected.kind);
        else assertAlike(found, expected);
        return request.kind === "clustering/start" ? found : expected;
      },
    };
  });
  for (const options of RUNS) {
    const events = await serveAll(inlineFederation(both), { ...OPTIONS, ...options });
    assert.equal(eventsOf(events, "evaluation").length, 1);
    const rounds = eventsOf(events, "round");
    assert.ok(
      rounds.every(({ round }) => round.dropped.length === 0),
      JSON.stringify(rounds[0].round.dropped),
    );
  }
  assert.deepEqual([...asked.keys()].sort(), [
    "clustering/start",
    "clustering/update",
    "evaluation/dispersion",
    "evaluation/fit",
    "handshake",
    "normalization/moments",
    "pca/scatter",
  ]);
});

/** The means of every round, and the final ones on the original scale. */
async function meansOf(clients: readonly Client[]): Promise<Float64Array[]> {
  const events = await serveAll(inlineFederation(clients), { ...OPTIONS, start: "random" });
  const [{ finalMeans }] = eventsOf(events, "evaluation");
  return [...eventsOf(events, "round").map(({ round }) => round.global.means.data), finalMeans.data];
}

test("a run with a party in NumPy has the means of one without, round by round, from a start that the server draws", {
  skip,
}, async (context) => {
  const parties = await penguinParties(context);
  const local = ({ local }: Party) => local;
  const expected = await meansOf(parties.map(local));
  const found = await meansOf(
    parties.map((party, i) => (i === 1 ? numpyClient(context, party) : party.local)),
  );
  assert.ok(expected.length > 3, String(expected.length));
  assert.equal(found.length, expected.length);
  for (const [round, means] of expected.entries()) assertClose(found[round], means, `round ${round}`);
});

test("a party in NumPy refuses what it does not answer, in words without a value", {
  skip,
}, async (context) => {
  const [party] = await penguinParties(context);
  const client = numpyClient(context, party);
  const refused = async (kind: string, scalars: Message["scalars"], words: RegExp) =>
    assert.rejects(async () => client.answer({ kind, exchange: 1, scalars, arrays: {} }), words);
  await refused("pca/products", {}, /^RunError: it knows no pca\/products$/);
  const asked = { protocol: 2, protection: "groups", group_size: 5, privacy_threshold: 1 };
  await refused("handshake", { ...asked, protocol: 1 }, /it speaks version 2 of the protocol/);
  await refused("handshake", { ...asked, group_size: 6 }, /it holds to groups of 5 rows/);
  await refused("handshake", { ...asked, protection: "threshold" }, /it holds to groups of 5 rows/);
  await refused("evaluation/fit", { feature_names: ["age"] }, /it has not all the features/);
  const start = { k: 3, local_iterations: 1, as_published: true, random_state: 1, privacy_threshold: 1 };
  await refused("clustering/start", start, /it takes part in fkm alone/);
});
