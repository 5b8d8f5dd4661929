import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packReplies, unpackReplies } from "#src/federation/carriers/threads/packing.js";
import type { Reply } from "#src/federation/federation.js";
import { floats, ints, type Message, type NamedArray, type Scalar } from "#src/workflow/message.js";

const shapes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1);
const array: fc.Arbitrary<NamedArray> = shapes.chain((shape) => {
  const length = { minLength: sizeOf(shape), maxLength: sizeOf(shape) };
  return fc.oneof(
    fc.array(fc.double(), length).map((values) => floats(Float64Array.from(values), ...shape)),
    fc.array(fc.integer(), length).map((values) => ints(Int32Array.from(values), ...shape)),
  );
});
const names = fc.constantFrom("a", "b", "counts", "7");
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  { weight: 5, arbitrary: fc.double() },
  fc.boolean(),
  fc.string(),
  fc.array(fc.string(), { maxLength: 2 }),
);
const message: fc.Arbitrary<Message> = fc.record(
  {
    kind: fc.constantFrom("clustering/local_means", "evaluation/fit"),
    arrays: fc.dictionary(names, array, { maxKeys: 3, noNullPrototype: true }),
    scalars: fc.dictionary(names, scalar, { maxKeys: 3, noNullPrototype: true }),
  },
  { noNullPrototype: true },
);
const answer = fc.oneof(
  { weight: 6, arbitrary: message.map((one) => ({ message: one })) },
  fc.string().map((error) => ({ error })),
);

function byClient(replies: readonly Reply[]): Reply[] {
  return [...replies].sort((a, b) => Number(a.client) - Number(b.client));
}

test("replies come out as they went in, whatever they hold and however they differ", () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
      const clients = answers.map((_, i) => String(100 + i));
      const replies = answers.map((one, i): Reply => ({ client: clients[i], ...one }));
      const indices = [...clients.keys()];
      const packed = structuredClone(packReplies(replies, indices));
      assert.deepEqual(byClient(unpackReplies(packed, clients)), replies);
    }),
  );
});

test("the arrays of many replies are in two, not copied one by one", () => {
  const replies = Array.from({ length: 50 }, (_, i): Reply => {
    const arrays = { values: floats(Float64Array.of(i, 2 * i), 1, 2), counts: ints(Int32Array.of(i), 1) };
    return { client: `c${i}`, message: { kind: "clustering/local_means", arrays, scalars: { inertia: i } } };
  });
  const packed = packReplies(replies, [...replies.keys()]);
  assert.deepEqual([packed.forms.length, packed.rest.length], [1, 0]);
  assert.deepEqual([packed.floats.length, packed.ints.length], [100, 50]);
  const unpacked = unpackReplies(
    packed,
    replies.map(({ client }) => client),
  );
  assert.deepEqual(unpacked, replies);
  const buffers = unpacked.map((reply) => "message" in reply && reply.message.arrays.values.data.buffer);
  assert.equal(new Set(buffers).size, 1);
});
