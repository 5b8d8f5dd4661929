import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { RunError } from "fedkmeans/directory";
import { registerFonts } from "../draw/fonts.js";
import type { Job } from "./painter.js";
import type { PaintReply, PaintRequest } from "./worker-protocol.js";

/** Pictures for each worker that may wait for the encoder: more would only fill the memory. */
const AHEAD = 2;

/**
 * Paints pictures in worker threads, which all end with the generator, however it ends.
 *
 * @returns their pixels, in order
 * @throws RunError with a worker's message; the signal's reason if it is aborted
 */
export async function* paintInWorkers(
  job: Job,
  nPictures: number,
  nWorkers: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  registerFonts();
  const pool = new Pool(job, nPictures, nWorkers);
  const abort = () => pool.fail(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    for (let index = 0; index < nPictures; index++) yield await pool.take(index);
    await pool.saved();
  } finally {
    signal.removeEventListener("abort", abort);
    await pool.close();
  }
}

/** Hands each worker the next picture as soon as it is free, unless too many wait to be taken. */
class Pool {
  readonly #nPictures: number;
  readonly #workers: Worker[];
  readonly #idle: Worker[] = [];
  readonly #ends: Promise<unknown>[] = [];
  readonly #pixels = new Map<number, Uint8Array>();
  #next = 0;
  #taken = 0;
  #nSaved = 0;
  #error: unknown = null;
  /** Called whenever anything changes. */
  #wake: () => void = () => {};

  constructor(job: Job, nPictures: number, nWorkers: number) {
    this.#nPictures = nPictures;
    this.#workers = Array.from({ length: nWorkers }, () => this.#start(job));
    this.#idle.push(...this.#workers);
    this.#assign();
  }

  async take(index: number): Promise<Uint8Array> {
    await this.#until(() => this.#pixels.has(index));
    const pixels = this.#pixels.get(index)!;
    this.#pixels.delete(index);
    this.#taken = index + 1;
    this.#assign();
    return pixels;
  }

  /** Waits for the frame files of all pictures. */
  async saved(): Promise<void> {
    await this.#until(() => this.#nSaved === this.#nPictures);
  }

  fail(error: unknown): void {
    this.#error ??= error;
    this.#wake();
  }

  /** Lets each worker finish the picture it is at, and waits for its end. */
  async close(): Promise<void> {
    for (const worker of this.#workers) worker.postMessage({ index: null } satisfies PaintRequest);
    await Promise.all(this.#ends);
  }

  #start(job: Job): Worker {
    const worker = new Worker(join(__dirname, "worker.js"), { workerData: job });
    this.#ends.push(new Promise((resolve) => worker.once("exit", resolve)));
    worker.on("error", (error) => this.fail(error));
    worker.on("exit", () => this.fail(new RunError("a thread that draws ended early")));
    worker.on("message", (reply: PaintReply) => {
      if (reply.kind === "failed") this.fail(new RunError(reply.message));
      if (reply.kind === "pixels") this.#pixels.set(reply.index, reply.pixels);
      if (reply.kind === "saved") {
        this.#nSaved++;
        this.#idle.push(worker);
        this.#assign();
      }
      this.#wake();
    });
    return worker;
  }

  #assign(): void {
    const end = Math.min(this.#nPictures, this.#taken + AHEAD * this.#workers.length);
    while (this.#idle.length > 0 && this.#next < end) {
      this.#idle.shift()!.postMessage({ index: this.#next++ } satisfies PaintRequest);
    }
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#error !== null) throw this.#error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== null) throw this.#error;
  }
}
