import { Worker } from "node:worker_threads";
import { messageOf, RunError } from "../errors.js";
import type { Answer } from "./serve-tasks.js";

/** A task, and whoever waits for its result. */
interface Pending<Task, Result> {
  readonly task: Task;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/**
 * Worker threads that do tasks, each one at a time. A thread is started when there is a task and no idle thread; one
 * that fails at a task takes that task with it, and another is started for those that wait.
 */
export class Pool<Task, Result> {
  readonly #program: string;
  readonly #name: string;
  readonly #count: number;
  readonly #signal: AbortSignal;
  /** Tasks that no thread has begun, in order. */
  readonly #waiting: Pending<Task, Result>[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Pending<Task, Result>>();
  /** The end of each thread that lives. */
  readonly #ends = new Map<Worker, Promise<unknown>>();

  /**
   * @param program path of the threads' program, which calls `serveTasks`
   * @param name of one of the threads, for errors
   * @param count the most threads there are at once, at least 1
   * @param signal stops whatever they do
   */
  constructor(program: string, name: string, count: number, signal: AbortSignal) {
    this.#program = program;
    this.#name = name;
    this.#count = count;
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /**
   * Does a task; those that cannot begin at once begin in the order in which they were asked for.
   *
   * @throws RunError with the message of what the task threw, or of why its thread failed; the signal's reason once it
   *   is aborted
   */
  run(task: Task): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#signal.throwIfAborted();
      this.#waiting.push({ task, resolve, reject });
      this.#assign();
    });
  }

  /** Ends the threads, and waits for their end: the idle ones by themselves, the others stopped within their task. */
  async close(): Promise<void> {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#stop(new RunError(`${this.#name} was stopped`));
    for (const worker of this.#idle.splice(0)) worker.postMessage(null);
    await Promise.all(this.#ends.values());
  }

  readonly #onAbort = (): void => this.#stop(this.#signal.reason);

  #stop(reason: unknown): void {
    const stopped = [...this.#busy.values(), ...this.#waiting.splice(0)];
    for (const worker of this.#busy.keys()) this.#ends.set(worker, worker.terminate());
    this.#busy.clear();
    for (const { reject } of stopped) reject(reason);
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#count ? this.#start() : null);
      if (worker === null) return;
      const pending = this.#waiting.shift()!;
      this.#busy.set(worker, pending);
      worker.postMessage(pending.task);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#program);
    this.#ends.set(worker, new Promise((resolve) => worker.once("exit", resolve)));
    worker.on("message", ({ result, error }: Answer<Result>) => {
      const pending = this.#busy.get(worker);
      // What was stopped may have answered at the last moment.
      if (pending === undefined) return;
      this.#busy.delete(worker);
      this.#idle.push(worker);
      if (error === null) pending.resolve(result);
      else pending.reject(new RunError(error));
      this.#assign();
    });
    worker.on("error", (error) => this.#lose(worker, `failed: ${messageOf(error)}`));
    worker.on("exit", (code) => {
      this.#ends.delete(worker);
      this.#lose(worker, `ended with code ${code}`);
    });
    return worker;
  }

  #lose(worker: Worker, how: string): void {
    if (this.#idle.includes(worker)) this.#idle.splice(this.#idle.indexOf(worker), 1);
    this.#busy.get(worker)?.reject(new RunError(`${this.#name} ${how}`));
    this.#busy.delete(worker);
    this.#assign();
  }
}
