import { parentPort } from "node:worker_threads";
import { messageOf } from "../errors.js";
import { doTask, type Task } from "./task.js";
import { ClientCache } from "./trial.js";

/* The program of a study's worker thread: one task at a time, whole federations inside. */

/** Milliseconds in which background compilation comes to its end. */
const SETTLE = 100;

const cache = new ClientCache();
parentPort?.on("message", async (message: { index: number; task: Task } | null) => {
  if (message === null) {
    // Node 20 can crash where a thread ends while V8 still compiles for it in the background.
    setTimeout(() => parentPort?.close(), SETTLE);
    return;
  }
  const { index, task } = message;
  try {
    parentPort?.postMessage({ index, result: await doTask(task, cache), error: null });
  } catch (error) {
    parentPort?.postMessage({ index, result: null, error: messageOf(error) });
  }
});
