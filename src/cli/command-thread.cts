import { parentPort, workerData } from "node:worker_threads";
import { printable } from "../printable.js";
import type { CommandSetup, FromCommand } from "./command-protocol.js";
import { main } from "./program.js";

/*
 * The program of the thread in which a command runs. A .cts file, so that Deno takes it for CommonJS from outside the
 * package too.
 */

const facts = workerData as CommandSetup;
for (const to of ["stdout", "stderr"] as const) {
  // A thread's own streams may each overtake the other.
  const write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    // What a bar writes on standard error acts on purpose; nothing that a command reports is to.
    const shown = to === "stdout" && typeof chunk === "string" ? printable(chunk) : chunk;
    parentPort?.postMessage({ type: "write", to, chunk: shown } satisfies FromCommand);
    const written = rest.at(-1);
    if (typeof written === "function") setImmediate(() => written());
    return true;
  };
  Object.assign(process[to], facts[to], { write });
}

// Signals reach the main thread only, which hands them on. A command that does not listen to them is ended by it.
parentPort?.on("message", (signal: NodeJS.Signals) => process.emit(signal));
parentPort?.unref();

void main().then((code) => {
  process.exitCode = code;
});
