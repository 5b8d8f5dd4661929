import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { type Frame, readFrames, writeFrame } from "#src/federation/carriers/flower/frames.js";
import { randomStream } from "#src/numerics/random.js";
import { floats, ints, type NamedArray } from "#src/workflow/message.js";

async function bytesOf(...frames: [header: object, arrays?: Record<string, NamedArray>][]): Promise<Buffer> {
  const pipe = new PassThrough({ highWaterMark: 2 ** 24 });
  for (const [header, arrays] of frames) await writeFrame(pipe, header as Frame["header"], arrays);
  return pipe.read() as Buffer;
}

async function read(...chunks: Uint8Array[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(Readable.from(chunks, { objectMode: false }))) frames.push(frame);
  return frames;
}

/** A frame with whatever header, as another program may write it. */
function raw(header: unknown, body: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  return Buffer.concat([size, head, body]);
}

const NOT_FRAMES = /expected frames of the Flower app on standard input, found something else/;

test("frames come back bit for bit, however a pipe cuts them", async () => {
  const values = Float64Array.of(0.1, -0, Number.MIN_VALUE, 1e300, Number.NaN, -Infinity);
  const bytes = await bytesOf(
    [
      { op: "é", scalars: { a: 0.1, list: ["x", ""] } },
      { "mean/1": floats(values, 2, 3), none: ints(new Int32Array(0), 0) },
    ],
    [{ end: true }],
  );
  const random = randomStream(1, "cuts");
  for (let i = 0; i < 50; i++) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + Math.floor(random.uniform() * (i < 2 ? 3 : 60));
      chunks.push(bytes.subarray(at, at + length));
      at += length;
    }
    const [first, second, ...more] = await read(...chunks);
    assert.deepEqual(more, []);
    assert.deepEqual(first.header, { op: "é", scalars: { a: 0.1, list: ["x", ""] } });
    const { data, shape } = first.arrays["mean/1"] as NamedArray;
    assert.deepEqual(new BigUint64Array(data.buffer), new BigUint64Array(values.buffer));
    assert.deepEqual(shape, [2, 3]);
    assert.deepEqual(first.arrays.none, ints(new Int32Array(0), 0));
    assert.deepEqual(second, { header: { end: true }, arrays: {} });
  }
});

test("a frame holds a copy of an array that is part of a larger buffer, and no more of it", async () => {
  const whole = Float64Array.of(1, 2, 3, 4);
  const [{ arrays }] = await read(await bytesOf([{}, { part: floats(whole.subarray(1, 3), 2) }]));
  assert.deepEqual(arrays.part, floats(Float64Array.of(2, 3), 2));
});

test("a stream that ends within a frame is refused, wherever it does", async () => {
  const bytes = await bytesOf([{ op: "nodes" }, { a: floats(Float64Array.of(1, 2), 2) }]);
  for (let length = 1; length < bytes.length; length++) {
    await assert.rejects(
      read(bytes.subarray(0, length)),
      /the frames of the Flower app ended within one/,
      `${length}`,
    );
  }
  assert.deepEqual(await read(), []);
});

test("what is no frame is refused in one line", async () => {
  for (const [what, bytes] of Object.entries({
    text: Buffer.from("handshake\n"),
    "a header that is no JSON": raw("{"),
    "a header that is no object": raw("null"),
    "a header that is a list": raw([]),
    "a header without arrays": raw({}),
    "arrays that are no list": raw({ arrays: {} }),
    "an array that is no list": raw({ arrays: [null] }),
    "an array without its length": raw({ arrays: [["a", "float64", [1]]] }),
    "a name that is no text": raw({ arrays: [[1, "float64", [1], 8]] }, new Uint8Array(8)),
    "a length below zero": raw({ arrays: [["a", "float64", [1], -8]] }),
    "a length that is not whole": raw({ arrays: [["a", "float64", [1], 8.5]] }),
    "a shape that is no list": raw({ arrays: [["a", "float64", 1, 8]] }, new Uint8Array(8)),
    "half a number": raw({ arrays: [["a", "float64", [1], 4]] }, new Uint8Array(4)),
  })) {
    await assert.rejects(read(bytes), NOT_FRAMES, what);
  }
});

test("an array of another element type is named by it, and takes its bytes along", async () => {
  const frame = raw(
    {
      arrays: [
        ["a", "float32", [2], 8],
        ["b", "int32", [1], 4],
      ],
    },
    Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0),
  );
  const [{ arrays }] = await read(frame);
  assert.deepEqual(arrays, { a: "float32", b: ints(Int32Array.of(9), 1) });
});

test("no name of an array reaches what an object has of itself", async () => {
  const frame = raw(
    {
      arrays: [
        ["__proto__", "int32", [1], 4],
        ["toString", "int32", [1], 4],
      ],
    },
    new Uint8Array(8),
  );
  const [{ arrays }] = await read(frame);
  assert.equal(Object.getPrototypeOf(arrays), Object.prototype);
  assert.deepEqual(Object.keys(arrays), ["__proto__", "toString"]);
});

test("bytes at random are read or refused, and nothing else", async () => {
  const good = await bytesOf([{ op: "x" }, { a: ints(Int32Array.of(1, 2), 2) }], [{ end: true }]);
  const random = randomStream(2, "bytes");
  let refused = 0;
  for (let i = 0; i < 500; i++) {
    const bytes = Buffer.from(good);
    for (let n = 0; n < 3; n++)
      bytes[Math.floor(random.uniform() * bytes.length)] = Math.floor(random.uniform() * 256);
    try {
      await read(bytes);
    } catch (error) {
      assert.equal((error as Error).name, "RunError", String(error));
      refused++;
    }
  }
  assert.ok(refused > 100, `${refused}`);
});

test("whoever writes to a stream that nobody reads any more is told", async () => {
  const pipe = new PassThrough();
  pipe.on("error", () => {});
  pipe.destroy();
  await assert.rejects(writeFrame(pipe, {}));
});
