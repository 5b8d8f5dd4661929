import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError, UsageError } from "#src/errors.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Client, LocalClient } from "#src/federation/client/client.js";
import type { RunEvent } from "#src/federation/run-event.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import type { Message } from "#src/workflow/message.js";
import { labelledClients } from "../support/clients.js";
import { droppedIn, EVERY_RUN, requestsOf, serveAll } from "../support/federation.js";
import { FUZZ_SEED, fuzzCases } from "../support/fuzz.js";
import { type Mutation, mutate } from "../support/mutations.js";

/** Client b, whose answer to one of its requests is mutated. */
function mutated(b: LocalClient, at: number, seed: string): { client: Client; done: () => Mutation | null } {
  const random = randomStream(FUZZ_SEED, seed);
  const earlier: Message[] = [];
  let mutation: Mutation | null = null;
  let count = 0;
  const client: Client = {
    name: "b",
    answer(request) {
      const reply = b.answer(request);
      if (count++ === at) {
        const alike = earlier.filter(({ kind }) => kind === reply.kind);
        mutation = mutate(reply, alike.length > 0 ? alike : earlier, random);
        return mutation.reply() as Message;
      }
      earlier.push(reply);
      return reply;
    },
  };
  return { client, done: () => mutation };
}

/** Words of an error that nobody has thought of. */
const THOUGHTLESS = /undefined|cannot read|is not a|not iterable|invalid array|\[object|\bnull\b|[\p{Cc}]/iu;

function checkFinite(value: unknown, path: string): void {
  if (typeof value === "number") assert.ok(Number.isFinite(value), `${path} is ${value}`);
  else if (ArrayBuffer.isView(value)) {
    const numbers = value as unknown as ArrayLike<number>;
    for (let i = 0; i < numbers.length; i++)
      assert.ok(Number.isFinite(numbers[i]), `${path}[${i}] is ${numbers[i]}`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) checkFinite(part, `${path}.${name}`);
  }
}

/** Runs federations in which client b sends a mutated reply. */
async function fuzz(runs: readonly Partial<ServerOptions>[], nFeatures: number, cases: number) {
  const lengths = await Promise.all(
    runs.map(async (options) => (await requestsOf(options, nFeatures)).length),
  );
  const random = randomStream(FUZZ_SEED, `replies ${nFeatures}`);
  let wrong = 0;
  for (let i = 0; i < cases; i++) {
    const which = random.integer(runs.length);
    const at = random.integer(lengths[which]);
    const [a, b, c] = labelledClients(nFeatures);
    const { client, done } = mutated(b, at, `case ${i}`);
    let events: RunEvent[] = [];
    let reasons: string[];
    const where = () => `case ${i}: ${JSON.stringify(runs[which])}, exchange ${at}, ${done()?.what}`;
    try {
      events = await serveAll(inlineFederation([a, client, c]), runs[which]);
      reasons = droppedIn(events);
    } catch (error) {
      assert.ok(error instanceof RunError || error instanceof UsageError, `${where()}: ${error}`);
      // Who is in the federation is settled by a handshake with all of them, and nothing else needs three.
      assert.equal(at, 0, `${where()}: ${error}`);
      reasons = [error.message];
    }
    if (done()?.isWrong) {
      wrong += 1;
      // Who lies in the handshake contradicts itself from then on; one exchange is of normalization and of PCA.
      const different = new Set(reasons.map((reason) => reason.replace(/^(normalization|PCA|pca): /, "")));
      assert.ok(at === 0 ? reasons.length > 0 : different.size === 1, `${where()}: ${reasons}`);
    }
    for (const reason of reasons) {
      assert.doesNotMatch(reason, THOUGHTLESS, where());
      assert.match(reason, at === 0 ? /\bb\b/ : /^[a-z 0-9]+: b: ./, where());
      assert.ok(reason.length < 1100, where());
    }
    checkFinite(events, where());
  }
  assert.ok(wrong > cases / 3);
}

test("whatever one client answers, it alone is left out, by a reason somebody thought of, and all numbers are finite", async () => {
  await fuzz(EVERY_RUN, 3, fuzzCases(250));
});

test("so it is where the components of many features are searched for", async () => {
  await fuzz(
    [{ maxIterations: 1 }, { normalize: false, pcaComponents: 3, maxIterations: 1 }],
    401,
    fuzzCases(12),
  );
});
