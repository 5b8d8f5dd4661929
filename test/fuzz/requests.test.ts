import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError } from "../../src/errors.js";
import { randomStream } from "../../src/numerics/random.js";
import { EVERY_RUN, labelledClients, requestsOf } from "../support/clients.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { mutate } from "../support/mutations.js";

test("whatever a client is asked, it answers or refuses in one line, and goes on to answer as before", async () => {
  const requests = (await Promise.all(EVERY_RUN.map(requestsOf))).flat();
  const random = randomStream(FUZZ_SEED, "requests");
  const [client] = labelledClients();
  const expected = requests.map((request) => client.answer(request));
  let refused = 0;
  const cases = fuzzCases(300);
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
});
