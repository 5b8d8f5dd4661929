import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { dealer } from "#src/jupyter/zmtp.js";
import { skipWithoutKernel } from "../support/jupyter.js";

/** Answers one message with its frames in reverse; the router's envelope goes first. */
const ROUTER = `
import zmq
socket = zmq.Context().socket(zmq.ROUTER)
print(socket.bind_to_random_port("tcp://127.0.0.1"), flush=True)
envelope, *frames = socket.recv_multipart()
socket.send_multipart([envelope] + frames[::-1])
`;

test("a message reaches a socket of libzmq and comes back, frames of any size", {
  skip: skipWithoutKernel("deno"),
}, async () => {
  const router = spawn(process.env.PYTHON ?? "/usr/bin/python3", ["-c", ROUTER]);
  const [port] = await once(router.stdout, "data");
  const frames = [0, 1, 255, 256, 70_000].map((size) => Buffer.alloc(size, size % 251));
  const answer = await dealer("127.0.0.1", Number(port), frames, 10_000);
  assert.deepEqual(answer, [...frames].reverse());
  router.kill();
});

test("nobody there is an error at once, and silence is one in time", async () => {
  await assert.rejects(dealer("127.0.0.1", 9, [Buffer.from("x")], 1000), { code: "ECONNREFUSED" });
  const { createServer } = await import("node:net");
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as { port: number };
  await assert.rejects(
    dealer("127.0.0.1", port, [Buffer.from("x")], 50),
    /no answer from 127.0.0.1:\d+: too late/,
  );
  silent.close();
});
