import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../errors.js";
import type { Task, TaskResult } from "./task.js";

/** What came of a task: its result, or why there is none. */
export type Done =
  | { index: number; result: TaskResult; error: null }
  | { index: number; result: null; error: string };

export interface PoolOptions {
  /** Worker threads, at least 1; one a processor if omitted. */
  readonly threads?: number | null;
  readonly signal?: AbortSignal;
  /** Sees each task as it is done, in any order. */
  readonly onDone?: (done: Done) => void;
}

/**
 * Does tasks on worker threads. A task that fails, or takes its thread down, is reported and the others go on.
 *
 * @returns one entry a task, in the order of the tasks
 * @throws the signal's reason, once it is aborted; no thread outlives the call
 */
export async function doTasks(tasks: readonly Task[], options: PoolOptions = {}): Promise<Done[]> {
  const { signal, onDone } = options;
  signal?.throwIfAborted();
  const done = new Array<Done>(tasks.length);
  const threads = Math.min(options.threads ?? availableParallelism(), tasks.length);
  let next = 0;
  const workers = new Set<Worker>();

  async function work(): Promise<void> {
    while (next < tasks.length) {
      const worker = new Worker(join(__dirname, "worker.cjs"));
      workers.add(worker);
      try {
        while (next < tasks.length) {
          const index = next++;
          const answer = await ask(worker, index, tasks[index]);
          done[index] = answer.done;
          onDone?.(answer.done);
          if (!answer.alive) break;
        }
      } finally {
        await end(worker);
        workers.delete(worker);
      }
    }
  }

  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // Whoever loses the race below must not count as unhandled.
  aborted.catch(() => {});
  try {
    await Promise.race([Promise.all(Array.from({ length: threads }, work)), aborted]);
  } finally {
    next = tasks.length;
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
  return done;
}

/** Milliseconds in which V8 comes to the end of what it compiles in the background. */
const SETTLE = 100;

/** Node 20 can crash where a thread ends while V8 still compiles for it: an idle worker is given time first. */
async function end(worker: Worker): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  await worker.terminate();
}

function ask(worker: Worker, index: number, task: Task): Promise<{ done: Done; alive: boolean }> {
  return new Promise((resolve) => {
    const settle = (done: Done, alive: boolean) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve({ done, alive });
    };
    const onMessage = (done: Done) => settle(done, true);
    const onError = (error: unknown) => settle({ index, result: null, error: messageOf(error) }, false);
    const onExit = (code: number) =>
      settle({ index, result: null, error: `its thread ended with code ${code}` }, false);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage({ index, task });
  });
}
