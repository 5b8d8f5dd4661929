import assert from "node:assert/strict";
import { test } from "node:test";
import { generateBlobs } from "#src/data/generators/generate-blobs.js";
import { generatePaper } from "#src/data/generators/generate-paper.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Client } from "#src/federation/client/client.js";
import { serve } from "#src/federation/server.js";
import { moments } from "#src/numerics/moments.js";
import { randomStream } from "#src/numerics/random.js";
import { farClients, type Told } from "#src/workflow/far-clients.js";
import { floats, type NamedArray } from "#src/workflow/message.js";
import { describeNotice } from "#src/workflow/notice.js";
import { localClient } from "../support/clients.js";
import { DEFAULTS, serveInline } from "../support/federation.js";

/** Rows of normal draws about a value, in d features. */
function rowsAbout(value: number, n: number, d: number, name: string): number[][] {
  const random = randomStream(3, name);
  return Array.from({ length: n }, () => Array.from({ length: d }, () => value + random.normal()));
}

function told(client: string, rows: readonly (readonly number[])[]): Told {
  return { client, moments: moments(Float64Array.from(rows.flat()), rows[0].length, null) };
}

/** Names of the clients that a run's notices are about. */
const named = (notices: ReturnType<typeof farClients>) => notices.flatMap(({ clients }) => clients).sort();

test("one client far away is named, in every algorithm, normalized or not, and beyond 64 bits it alone is dropped", async () => {
  for (const algorithm of ["fkm", "lloyd", "best-lloyd", "k-fed"] as const) {
    for (const normalize of [true, false]) {
      for (const d of [2, 4]) {
        for (const value of [1e3, 1e8, 1e154]) {
          const clients = ["a", "b", "c"].map((name) => localClient(name, rowsAbout(0, 60, d, name)));
          const far = localClient("far", rowsAbout(value, 20, d, "far"));
          const events = await serveInline([far, ...clients], { algorithm, normalize, maxIterations: 3 });
          const where = `${algorithm}, normalize ${normalize}, ${d} features, ${value}`;
          const notices = events.flatMap((event) => (event.type === "notice" ? [event.notice] : []));
          const dropped = events.flatMap((event) => {
            if (event.type === "round") return event.round.dropped;
            return "dropped" in event ? event.dropped : [];
          });
          if (value < 1e100) {
            assert.deepEqual([named(notices), dropped], [["far"], []], where);
            assert.match(
              describeNotice(notices[0]),
              /^client far: its rows lie \S+ standard deviations from /,
              where,
            );
          } else {
            assert.deepEqual(notices, [], where);
            assert.ok(dropped.length > 0 && dropped.every(({ client }) => client === "far"), where);
            for (const { reason } of dropped)
              assert.match(reason, /numbers of at most 1e\+145|numbers beyond 1e\+145|finite number/);
          }
        }
      }
    }
  }
});

test("a client far away is named before the run fails for it", async () => {
  const clients = ["a", "b", "c"].map((name) => localClient(name, rowsAbout(0, 60, 4, name)));
  const liar: Client = {
    name: "liar",
    answer(request) {
      const reply = clients[0].answer(request);
      if (request.kind === "handshake") return { ...reply, scalars: { ...reply.scalars, name: "liar" } };
      if (request.kind !== "normalization/moments") return reply;
      const times = ({ shape, data }: NamedArray) =>
        floats(
          Float64Array.from(data, (v) => v * 1e60),
          ...shape,
        );
      const { sums, centered_squared_sums } = reply.arrays;
      return {
        ...reply,
        arrays: { ...reply.arrays, sums: times(sums), centered_squared_sums: times(centered_squared_sums) },
      };
    },
  };
  const notices: string[][] = [];
  const run = async () => {
    const options = { ...DEFAULTS, normalize: true };
    const signal = new AbortController().signal;
    for await (const event of serve(inlineFederation([...clients, liar]), options, { signal })) {
      if (event.type === "notice") notices.push([...event.notice.clients]);
    }
  };
  await assert.rejects(run, /all reported means are equal/);
  assert.deepEqual(notices, [["liar"]]);
});

test("far is told from the clients that differ, and named with how far in which feature", () => {
  const usual = ["a", "b", "c", "d"].map((name) => told(name, rowsAbout(40, 50, 2, name)));
  const filler = told(
    "e",
    rowsAbout(40, 50, 2, "e").map(([x, y], i) => [x, i % 2 === 0 ? y : 1e9]),
  );
  const [wide, ...others] = farClients([...usual, filler], ["bill", "mass"]);
  assert.deepEqual(others, []);
  assert.match(
    describeNotice(wide),
    /^client e: its rows spread \d\.\de\+8 times as wide as those of the others in mass \(standard deviation \d+ at e, 0\.\d+ at the others\): another unit/,
  );
  // A thousand times their unit, and rows that lie apart however far they spread.
  const kilograms = rowsAbout(4, 50, 2, "g");
  const inGrams = kilograms.map(([x, y]) => [x, 1000 * y]);
  const inKilograms = ["a", "b"].map((name) => told(name, rowsAbout(4, 50, 2, name)));
  assert.deepEqual(named(farClients([...inKilograms, told("g", inGrams)], null)), ["g"]);
  const spread = rowsAbout(0, 20, 2, "spread").map(([x, y]) => [x, 1500 + 290 * y]);
  assert.deepEqual(named(farClients([...usual, told("spread", spread)], null)), ["spread"]);
  // Of one row, which has no spread of its own.
  assert.deepEqual(named(farClients([...usual, told("row", [[40, 4000]])], null)), ["row"]);
  assert.deepEqual(farClients([...usual, told("row", [[41, 39]])], null), []);
});

test("a client in another unit is named with the feature and the two figures, be it a thousand times the others' or a thousandth", () => {
  const random = randomStream(5, "units");
  // Skewed values such as those of a laboratory, and a second feature that is as it should be.
  const rows = (unit: number) =>
    Array.from({ length: 200 }, () => [unit * Math.exp(1.2 * random.normal()), random.normal()]);
  for (const [unit, what] of [
    [
      1000,
      /^client c: its \S.* in dose \((mean|standard deviation) \d+ at c, \d\.?\d* at the others\): another unit/,
    ],
    [
      1 / 1000,
      /^client c: its mean and its spread are \d\S* times less than .* in dose \(mean 0\.00\d+ at c, \d\.?\d* at the others\)/,
    ],
  ] as const) {
    for (let federation = 0; federation < 10; federation++) {
      const others = ["a", "b", "d", "e"].map((name) => told(name, rows(1)));
      assert.deepEqual(farClients(others, ["dose", "age"]), []);
      const [notice, ...more] = farClients([...others, told("c", rows(unit))], ["dose", "age"]);
      assert.deepEqual(more, []);
      assert.match(describeNotice(notice), what);
    }
  }
  const two = farClients([told("g", rows(1)), told("mg", rows(1000))], ["dose", "age"]);
  assert.equal(two.length, 1);
  assert.match(two[0].text, /dose: (mean|standard deviation) \S+ at (g|mg), \S+ at the others/);
});

test("two clients far from each other are both named, and of three the odd one", () => {
  const [a, b] = ["a", "b"].map((name) => told(name, rowsAbout(0, 50, 2, name)));
  const far = told("far", rowsAbout(1e5, 50, 2, "far"));
  const both = farClients([a, far], ["x", "y"]);
  assert.match(
    both.map(describeNotice).join("\n"),
    /^clients a, far: their rows lie far from those of others \(([xy]: mean \S+ at (a|far), \S+ at the others(; )?){1,2}\): are all in the same unit\?$/,
  );
  assert.deepEqual(named(farClients([a, far, b], null)), ["far"]);
  assert.deepEqual(farClients([a], null), []);
});

test("nobody is named where clients differ as much as ever, or a feature is constant or rare", () => {
  let tried = 0;
  const quiet = (clients: readonly Told[], where: string) => {
    tried += 1;
    assert.deepEqual(farClients(clients, null), [], where);
  };
  for (const numClients of [2, 3, 5, 10]) {
    for (const nonIidFactor of [0, 0.5, 1]) {
      for (const clusterStd of [0.01, 1]) {
        for (let randomState = 0; randomState < 3; randomState++) {
          const options = { numClients, nonIidFactor, clusterStd, randomState };
          const { clients } = generateBlobs(options);
          quiet(
            clients.map(({ rows }, i) => ({
              client: `${i}`,
              moments: moments(rows.data, rows.nColumns, null),
            })),
            JSON.stringify(options),
          );
        }
      }
    }
  }
  for (const beta of [0.01, 0.1, 10]) {
    const { clients } = generatePaper({ beta });
    quiet(
      clients.map(({ rows }, i) => ({ client: `${i}`, moments: moments(rows.data, rows.nColumns, null) })),
      `beta ${beta}`,
    );
  }
  const rare = (share: number) => Array.from({ length: 400 }, (_, i) => [i < share * 400 ? 1 : 0, 7]);
  quiet(
    [0, 0, 0.0025, 0, 0.5].map((share, i) => told(`${i}`, rare(share))),
    "a rare event that is common at one client, and a constant",
  );
  quiet(
    Array.from({ length: 30 }, (_, i) => told(`${i}`, rowsAbout(0, 1, 3, `row ${i}`))),
    "one row a client",
  );
  assert.ok(tried > 70);
});
