import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { messageOf } from "../errors.js";
import { Pool } from "../threads/pool.js";
import { threadCount } from "../threads/thread-count.js";
import type { Task, TaskResult } from "./task.js";

/** What came of a task: its result, or why there is none. */
export type Done =
  | { index: number; result: TaskResult; error: null }
  | { index: number; result: null; error: string };

interface PoolOptions {
  /** Worker threads, at least 1; one a processor if null. */
  readonly threads: number | null;
  /** Stops the threads; undefined: nothing does. */
  readonly signal: AbortSignal | undefined;
  /** Sees each task as it is done, in any order. */
  onDone(done: Done): void;
}

/**
 * Milliseconds in which V8 comes to the end of what it compiles in the background: Node 20 can crash where a thread
 * ends before.
 */
const SETTLE = 100;

/**
 * Does tasks on worker threads. A task that fails, or takes its thread down, is reported and the others go on.
 *
 * @returns one entry a task, in the order of the tasks
 * @throws the signal's reason, once it is aborted; no thread outlives the call
 */
export async function doTasks(tasks: readonly Task[], options: PoolOptions): Promise<Done[]> {
  const { signal = new AbortController().signal, onDone } = options;
  const threads = Math.min(threadCount(options.threads), tasks.length);
  const pool = new Pool<Task, TaskResult>(join(__dirname, "worker.cjs"), "its thread", threads, signal);
  const done = new Array<Done>(tasks.length);
  let next = 0;

  /** Does tasks while there are any, so that no more of them than there are threads are asked of the pool. */
  async function work(): Promise<void> {
    while (next < tasks.length) {
      const index = next++;
      done[index] = await outcomeOf(index);
      onDone(done[index]);
    }
  }

  async function outcomeOf(index: number): Promise<Done> {
    try {
      return { index, result: await pool.run(tasks[index]), error: null };
    } catch (error) {
      signal.throwIfAborted();
      return { index, result: null, error: messageOf(error) };
    }
  }

  try {
    signal.throwIfAborted();
    await Promise.all(Array.from({ length: threads }, work));
    if (threads > 0) await setTimeout(SETTLE);
  } finally {
    next = tasks.length;
    await pool.close();
  }
  return done;
}
