import { type MessagePort, parentPort } from "node:worker_threads";
import { messageOf } from "../errors.js";

/** What came of a task: its result, or why there is none. */
export type Answer<Result> =
  | { readonly result: Result; readonly error: null }
  | { readonly result: null; readonly error: string };

/** The program of a `Pool`'s threads: does one task after another until there is none, and answers each. */
export function serveTasks<Task, Result>(perform: (task: Task) => Result | Promise<Result>): void {
  const port = parentPort!;
  port.on("message", async (task: Task | null) => {
    if (task === null) stopListening(port);
    else port.postMessage(await answerOf(() => perform(task)));
  });
}

async function answerOf<Result>(perform: () => Result | Promise<Result>): Promise<Answer<Result>> {
  try {
    return { result: await perform(), error: null };
  } catch (error) {
    return { result: null, error: messageOf(error) };
  }
}

/** Lets a worker thread end. Deno's `parentPort` has no `close`: there the thread itself is closed. */
export function stopListening(port: MessagePort): void {
  if (typeof port.close === "function") port.close();
  else (globalThis as { close?: () => void }).close?.();
}
