import { parentPort } from "node:worker_threads";
import { messageOf } from "../errors.js";
import { doTask, type Task } from "./task.js";
import { ClientCache } from "./trial.js";

/*
 * The program of a study's worker thread: one task at a time, whole federations inside. A .cts file, so that
 * Deno takes it for CommonJS from outside the package too.
 */

const cache = new ClientCache();
parentPort?.on("message", async ({ index, task }: { index: number; task: Task }) => {
  try {
    parentPort?.postMessage({ index, result: await doTask(task, cache), error: null });
  } catch (error) {
    parentPort?.postMessage({ index, result: null, error: messageOf(error) });
  }
});
