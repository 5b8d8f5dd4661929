import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError } from "#src/errors.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import { labelledClients } from "../support/clients.js";
import { EVERY_RUN, requestsOf } from "../support/federation.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { mutate } from "../support/mutations.js";

/** Asks a client what it was asked in some runs, mutated. */
async function fuzz(runs: readonly Partial<ServerOptions>[], nFeatures: number, cases: number) {
  const requests = (await Promise.all(runs.map((options) => requestsOf(options, nFeatures)))).flat();
  const random = randomStream(FUZZ_SEED, `requests ${nFeatures}`);
  const [client] = labelledClients(nFeatures);
  const expected = requests.map((request) => client.answer(request));
  let refused = 0;
  for (let i = 0; i < cases; i++) {
    const which = random.integer(requests.length);
    const { what, reply } = mutate(requests[which], [], random);
    if (what === "an exception") continue;
    try {
      client.answer(reply() as never);
    } catch (error) {
      refused += 1;
      const where = `case ${i}: ${requests[which].kind}, ${what}: ${error}`;
      assert.ok(error instanceof RunError, where);
      assert.doesNotMatch(error.message, /undefined|\n/, where);
    }
    if (i % 10 === 0) assert.deepEqual(client.answer(requests[which]), expected[which]);
  }
  assert.ok(refused > cases / 3);
}

test("whatever a client is asked, it answers or refuses in one line, and goes on to answer as before", async () => {
  await fuzz(EVERY_RUN, 3, fuzzCases(300));
});

test("so it does where it is asked about the components of many features", async () => {
  await fuzz([{ maxIterations: 0 }, { normalize: false, maxIterations: 0 }], 401, fuzzCases(100));
});
