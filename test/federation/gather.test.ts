import assert from "node:assert/strict";
import { test } from "node:test";
import type { Federation, Reply } from "#src/federation/federation.js";
import { gather } from "#src/federation/gather.js";
import type { Message } from "#src/workflow/message.js";

const REQUEST: Message = { kind: "evaluation/fit", arrays: {}, scalars: {} };
const OPTIONS = { exchange: 7, minClients: 1, deadline: 1000, signal: new AbortController().signal };

/** A federation of a, b and c whose carrier yields what it is told, whatever is asked. */
function yielding(...replies: Reply[]): Federation {
  return {
    clients: ["a", "b", "c"],
    async *exchange() {
      for (const reply of replies) yield [reply];
    },
    simulation: null,
    close: async () => {},
  };
}

function answer(client: string, value: number, exchange = 7): Reply {
  return { client, message: { ...REQUEST, exchange, scalars: { value } } };
}

async function gathered(...replies: Reply[]) {
  const read = (reply: Message) => reply.scalars.value;
  const { clients, values, dropped } = await gather(yielding(...replies), "a step", REQUEST, read, OPTIONS);
  const answers = Object.fromEntries(clients.map((client, i) => [client, values[i]]));
  return { answers, dropped: Object.fromEntries(dropped.map(({ client, reason }) => [client, reason])) };
}

test("an answer to another exchange, or to none, is dropped by that reason", async () => {
  const old = answer("b", 2, 6);
  const unnumbered: Reply = { client: "c", message: { ...REQUEST, scalars: { value: 3 } } };
  assert.deepEqual(await gathered(answer("a", 1), old, unnumbered), {
    answers: { a: 1 },
    dropped: {
      b: 'message "evaluation/fit", its exchange: expected an answer to exchange 7, found one to 6',
      c: 'message "evaluation/fit", its exchange: expected an answer to exchange 7, found one to none',
    },
  });
});

test("of two replies of one client the first counts, even if it cannot be read", async () => {
  const failed: Reply = { client: "b", error: "the disk is full" };
  assert.deepEqual(
    await gathered(answer("a", 1), answer("a", 5), failed, answer("b", 2), answer("c", 3), answer("c", 3, 6)),
    { answers: { a: 1, c: 3 }, dropped: { b: "the disk is full" } },
  );
});

test("a reply of somebody who is no client counts for nobody, and is named where one is missing", async () => {
  assert.deepEqual(await gathered(answer("a", 1), answer("z\u001b", 5), answer("b", 2)), {
    answers: { a: 1, b: 2 },
    dropped: { c: 'no answer; one came of "z\\u001b", whom nobody asked' },
  });
});

test("a reason is one line of printable characters, and not without end", async () => {
  const { dropped } = await gathered(
    answer("a", 1),
    { client: "b", error: "\u001b[2Jgone\n  for good \u202e" },
    { client: "c", error: "x".repeat(1e6) },
  );
  assert.equal(dropped.b, "\\u001b[2Jgone for good \\u202e");
  assert.equal(dropped.c, `${"x".repeat(1000)}...`);
});
