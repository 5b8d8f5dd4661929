import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { COMMAND } from "../support/command.js";
import { generatedFolder, json, onlyDirectory } from "../support/experiment.js";
import { temporaryFolder } from "../support/temporary.js";

test("little data runs inline only where the work is little too, so that the calling thread can be interrupted", async (context) => {
  const data = await generatedFolder(context, { samplesPerClient: 400 });
  const carrierOf = async (settings: Partial<Configuration>) => {
    const logDir = join(temporaryFolder(context), "logs");
    const controller = new AbortController();
    const onEvent = () => controller.abort(new Error("enough"));
    await assert.rejects(
      run({ data, logDir, ...settings }, { signal: controller.signal, onEvent }),
      /enough/,
    );
    const log = readFileSync(join(onlyDirectory(logDir), "server_logs", "server.log"), "utf8");
    return /carrier (\w+)/.exec(log)?.[1];
  };
  assert.equal(await carrierOf({}), "inline");
  assert.equal(await carrierOf({ restarts: 10_000, kGlobal: 50 }), "threads");
  assert.equal(await carrierOf({ localIterations: 10_000, kLocal: 50 }), "threads");
  assert.equal(await carrierOf({ restarts: 10_000, kGlobal: 50, carrier: "inline" }), "inline");
});

test("the rows are pooled to the same bytes in a thread of their own", async (context) => {
  const data = await generatedFolder(context);
  const twinOf = async (carrier: Configuration["carrier"]) => {
    const logDir = join(temporaryFolder(context), "logs");
    await run({ data, logDir, carrier, twin: true });
    return json(onlyDirectory(logDir), "twin.json");
  };
  assert.deepEqual(await twinOf("threads"), await twinOf("inline"));
});

/** Runs Node where a process may have few addresses. */
function runLimited(...args: string[]): { status: number | null; stderr: string } {
  const script = 'ulimit -v 5000000; exec "$0" "$@"';
  return spawnSync("sh", ["-c", script, process.execPath, ...args], { encoding: "utf8" });
}

// Some versions of Node reserve addresses for a memory up to the most it may have, and are refused them; others do not.
const MEMORY = "try { new WebAssembly.Memory({ initial: 1, maximum: 65536 }) } catch { process.exit(7) }";
const isRefused = process.platform === "linux" && runLimited("-e", MEMORY).status === 7;

test("where the system has no room for the kernels' memory, a client says so and what may be the reason", {
  skip: isRefused ? false : "no limit of addresses keeps a memory from the kernels here",
}, async (context) => {
  const data = await generatedFolder(context);
  const logs = temporaryFolder(context);
  const args = ["run", "--data", data, "--log-dir", logs, "--carrier", "inline"];
  const { status, stderr } = runLimited(COMMAND, ...args);
  assert.equal(status, 1, stderr);
  assert.match(stderr, /the system gives the kernels no memory of 1 MiB: .+ \(ulimit -v\) may leave\)\n$/);
});
