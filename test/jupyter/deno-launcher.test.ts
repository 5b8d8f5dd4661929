import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { findDeno } from "#src/jupyter/find-deno.js";
import { makeKernelspec } from "#src/jupyter/kernelspec.js";
import { freePorts } from "#src/jupyter/relay.js";
import { assertEnded, processesOf, skipWithoutKernel } from "../support/jupyter.js";
import { temporaryFolder } from "../support/temporary.js";

test("a kernel that finds its port taken says so, and leaves no Deno behind", {
  skip: skipWithoutKernel("deno"),
}, async (t) => {
  const ip = "127.0.0.1";
  const [shell_port, ...ports] = await freePorts(ip, 5);
  const [iopub_port, stdin_port, control_port, hb_port] = ports;
  const taken = createServer().listen(shell_port, ip);
  t.after(() => taken.close());
  await once(taken, "listening");
  const file = join(temporaryFolder(t), "connection.json");
  const connection = { ip, shell_port, iopub_port, stdin_port, control_port, hb_port };
  const signed = { transport: "tcp", key: "key", signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...connection, ...signed }));
  const [node, launcher, deno] = makeKernelspec("deno", findDeno()!).argv;
  const kernel = spawn(node, [launcher, deno, file], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => {
    if (processesOf(kernel.pid!).length > 0) process.kill(-kernel.pid!, "SIGKILL");
  });
  let errors = "";
  kernel.stderr.on("data", (data) => {
    errors += data;
  });
  const [code] = await once(kernel, "exit");
  assert.equal(code, 1);
  await assertEnded(kernel.pid!);
  assert.match(errors, /^cannot start the kernel: listen EADDRINUSE: .*$/m);
});
