#!/usr/bin/env node
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { mindStandardStreams } from "../files/standard-streams.js";
import type { FromCommand, StreamFacts, Unfinished } from "./command-protocol.js";
import { FAILED } from "./exit-codes.js";

/*
 * This thread does nothing but hear signals, so that it hears them whatever the command is at: the command runs in a
 * thread of its own. The first signal has the command end in good order; one that does not, as it computes without
 * pause, is ended, and what it leaves behind is put in order here. A second signal ends the process at once.
 */

/** Milliseconds a command has to end in good order, and its thread to be ended. */
const PATIENCE = 500;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const codeAfter = mindStandardStreams("fedkmeans", FAILED);
const command = new Worker(join(__dirname, "command-thread.cjs"), {
  argv: process.argv.slice(2),
  workerData: { stdout: factsOf(process.stdout), stderr: factsOf(process.stderr) },
});
const unfinished: Unfinished[] = [];
command.on("message", (message: FromCommand) => {
  if (message.type === "write") process[message.to].write(message.chunk);
  else unfinished.push(message);
});
command.on("error", (error) => {
  process.stderr.write(`fedkmeans: ${error.message}\n`);
});
command.on("exit", (code) => {
  stopListening();
  process.exitCode = codeAfter(code);
});

for (const signal of SIGNALS) process.on(signal, interrupt);

function interrupt(signal: NodeJS.Signals): void {
  stopListening();
  command.postMessage(signal);
  const timer = setTimeout(() => void end(), PATIENCE);
  command.once("exit", () => clearTimeout(timer));
}

async function end(): Promise<void> {
  const late = setTimeout(() => leave(() => process.kill(process.pid, "SIGKILL")), PATIENCE / 2);
  await command.terminate();
  clearTimeout(late);
  leave(() => {
    process.exitCode = FAILED;
  });
}

/** @param how ends the process: not by `process.exit`, which waits for threads that cannot be ended */
function leave(how: () => void): void {
  // Loaded only now, as it is hardly ever needed.
  const { putInOrder } = require("./leftovers.js") as typeof import("./leftovers.js");
  for (const left of unfinished) putInOrder(left);
  const showCursor = process.stderr.isTTY ? "\r\x1b[?25h\x1b[K" : "";
  process.stderr.write(`${showCursor}fedkmeans: interrupted\n`, how);
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, interrupt);
}

function factsOf({ isTTY, columns }: NodeJS.WriteStream): StreamFacts {
  return isTTY ? { isTTY, columns } : {};
}
