import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import type { FromWorker } from "#src/federation/carriers/threads/protocol.js";
import { serveClients } from "#src/federation/carriers/threads/serve-clients.js";
import type { SimulatedClient } from "#src/federation/client/recording-client.js";
import { allocateBytes } from "#src/numerics/kernels/memory/held-rows.js";
import { allocateSmall } from "#src/numerics/small-arrays.js";
import { floats } from "#src/workflow/message.js";

test("a reply travels wherever its arrays lie, and leaves its neighbours be", {
  timeout: 300_000,
}, async (t) => {
  const large = new Float64Array(allocateBytes(2 ** 21).buffer, 1024, 2 ** 18).fill(1);
  assert.ok(large.byteLength < large.buffer.byteLength, "in a memory of the kernels");
  const [small, neighbour] = [allocateSmall(3).fill(2), allocateSmall(3).fill(3)];
  assert.equal(small.buffer, neighbour.buffer);
  const owned: Float64Array[] = [];
  const client: SimulatedClient = {
    name: "a",
    answer: () => {
      const own = new Float64Array(5).fill(4);
      owned.push(own);
      const arrays = { large: floats(large, 2 ** 18), small: floats(small, 3), own: floats(own, 5) };
      return { kind: "reply", arrays, scalars: {} };
    },
    answerOfRows: () => {
      throw new Error("asked of its rows");
    },
    record: () => {},
    flush: () => {},
    written: () => new Map(),
  };
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  serveClients(port2, Promise.resolve([client]), new Map(), new Int32Array(1), null);
  const request = { kind: "any", arrays: {}, scalars: {} };
  for (let times = 0; times < 2; times++) {
    port1.postMessage({ type: "exchange", id: 1, clients: ["a"], request });
    const [message] = (await once(port1, "message")) as [FromWorker];
    assert.ok(message.type === "replies");
    const [reply] = message.replies;
    assert.ok("message" in reply);
    const { arrays } = reply.message;
    assert.deepEqual(arrays.large.data, new Float64Array(2 ** 18).fill(1));
    assert.deepEqual(arrays.small.data, Float64Array.of(2, 2, 2));
    assert.deepEqual(arrays.own.data, new Float64Array(5).fill(4));
    // What has a buffer to itself is handed over.
    assert.equal(owned[times].length, 0);
  }
  assert.deepEqual(neighbour, Float64Array.of(3, 3, 3));
});
