import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf, RunError } from "../errors.js";
import { drawsPerRestart, type KMeansResult, kMeans } from "../numerics/k-means.js";
import { replay } from "../numerics/random.js";
import type { Restarted, RestartsTask } from "./k-means-restarts.js";

/** Coordinates times clusters times restarts below which threads take longer to start than the restarts do. */
const LEAST_WORK = 2 ** 24;

type Data = Pick<RestartsTask, "rows" | "weights">;

interface Shared extends Data {
  readonly of: Data;
}

/** One call, and the threads that have not answered yet. */
interface Pending {
  readonly found: Restarted[];
  missing: number;
  resolve(found: Restarted[]): void;
  reject(reason: unknown): void;
}

/**
 * The restarts of k-means over threads: the server's, while its clients wait. Bit for bit what `kMeans` finds,
 * whichever thread makes which restart: each has its own draws, and of equals the earliest wins.
 */
export class KMeansThreads {
  readonly #count: number;
  readonly #signal: AbortSignal;
  #workers: Worker[] = [];
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** Rows and weights as they were last asked for, where all threads see them. */
  #shared: Shared | null = null;

  /**
   * @param count threads, at least 1; they are started once there is work for them
   * @param signal ends whatever they do
   */
  constructor(count: number, signal: AbortSignal) {
    this.#count = count;
    this.#signal = signal;
  }

  /**
   * As `kMeans`.
   *
   * @throws the signal's reason, once it is aborted; RunError if a thread fails
   */
  async kMeans(...problem: Parameters<typeof kMeans>): Promise<KMeansResult> {
    const [rows, d, k, weights, options, random] = problem;
    const { restarts } = options;
    const isMuch = rows.length * k * restarts >= LEAST_WORK;
    // Much of it goes to a thread even if there is one only, so that this one can hear and be heard.
    if (!isMuch) return kMeans(...problem);
    this.#signal.throwIfAborted();
    const drawn = Float64Array.from({ length: restarts * drawsPerRestart(k) }, () => random.uniform());
    const next = new Int32Array(new SharedArrayBuffer(4));
    const found = await this.#ask({ ...this.#share(rows, weights), d, k, options, drawn, next });
    // Where one found fewer clusters, it drew fewer numbers, and those after it would have drawn others.
    if (found.some(({ isWhole }) => !isWhole)) {
      return kMeans(rows, d, k, weights, options, replay(drawn, random));
    }
    const results = found.flatMap(({ best }) => best ?? []).sort((a, b) => a.restart - b.restart);
    const { means, counts, inertia } = results.reduce((a, b) => (b.inertia < a.inertia ? b : a));
    return { means, counts, inertia };
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    this.#shared = null;
    const isBusy = this.#pending.size > 0;
    for (const { reject } of this.#pending.values()) reject(new RunError("the server's threads have ended"));
    this.#pending.clear();
    await Promise.all(
      workers.map((worker) => {
        if (isBusy) return worker.terminate();
        const left = new Promise((resolve) => worker.once("exit", resolve));
        worker.postMessage(null);
        return left;
      }),
    );
  }

  #ask(task: Omit<RestartsTask, "id">): Promise<Restarted[]> {
    const id = ++this.#lastId;
    while (this.#workers.length < this.#count) this.#workers.push(this.#start());
    return new Promise((resolve, reject) => {
      const onAbort = () => settle(() => reject(this.#signal.reason));
      const settle = (how: () => void) => {
        this.#signal.removeEventListener("abort", onAbort);
        how();
      };
      this.#signal.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        found: [],
        missing: this.#workers.length,
        resolve: (found) => settle(() => resolve(found)),
        reject: (reason) => settle(() => reject(reason)),
      });
      for (const worker of this.#workers) worker.postMessage({ ...task, id } satisfies RestartsTask);
    });
  }

  #start(): Worker {
    const worker = new Worker(join(__dirname, "k-means-worker.cjs"));
    worker.on("message", (found: Restarted) => {
      const pending = this.#pending.get(found.id);
      if (pending === undefined) return;
      pending.found.push(found);
      pending.missing -= 1;
      if (pending.missing > 0) return;
      this.#pending.delete(found.id);
      pending.resolve(pending.found);
    });
    const fail = (reason: string) => {
      for (const pending of this.#pending.values()) {
        pending.reject(new RunError(`a thread of the server's k-means failed: ${reason}`));
      }
    };
    worker.on("error", (error) => fail(messageOf(error)));
    worker.on("exit", (code) => {
      this.#workers = this.#workers.filter((other) => other !== worker);
      fail(`it ended with code ${code}`);
    });
    return worker;
  }

  #share(rows: Float64Array, weights: Float64Array | null): Data {
    const { of } = this.#shared ?? {};
    if (of?.rows !== rows || of.weights !== weights) {
      this.#shared = { of: { rows, weights }, rows: share(rows), weights: weights && share(weights) };
    }
    return { rows: this.#shared!.rows, weights: this.#shared!.weights };
  }
}

/** The same numbers in memory that all threads see. */
function share(values: Float64Array): Float64Array<SharedArrayBuffer> {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
