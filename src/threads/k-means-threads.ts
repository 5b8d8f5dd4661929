import { join } from "node:path";
import { drawsPerRestart, type KMeansResult, kMeans } from "../numerics/k-means.js";
import { replay } from "../numerics/random.js";
import type { Restarted, RestartsTask } from "./k-means-restarts.js";
import { Pool } from "./pool.js";

/** Coordinates times clusters times restarts below which threads take longer to start than the restarts do. */
const LEAST_WORK = 2 ** 24;

type Data = Pick<RestartsTask, "rows" | "weights">;

interface Shared extends Data {
  readonly of: Data;
}

/**
 * The restarts of k-means over threads: the server's, while its clients wait. Bit for bit what `kMeans` finds,
 * whichever thread makes which restart: each has its own draws, and of equals the earliest wins.
 */
export class KMeansThreads {
  readonly #count: number;
  readonly #pool: Pool<RestartsTask, Restarted>;
  /** The rows and weights of the last call, in memory that all threads see. */
  #shared: Shared | null = null;

  /**
   * @param count threads, at least 1; they are started once there is work for them
   * @param signal stops the threads at whatever they do
   */
  constructor(count: number, signal: AbortSignal) {
    const program = join(__dirname, "k-means-worker.cjs");
    this.#count = count;
    this.#pool = new Pool(program, "a thread of the server's k-means", count, signal);
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
    // Much work goes to a thread even if there is only one: the calling thread stays free for messages and signals.
    if (!isMuch) return kMeans(...problem);
    const drawn = Float64Array.from({ length: restarts * drawsPerRestart(k) }, () => random.uniform());
    const next = new Int32Array(new SharedArrayBuffer(4));
    const task = { ...this.#share(rows, weights), d, k, options, drawn, next };
    const found = await Promise.all(Array.from({ length: this.#count }, () => this.#pool.run(task)));
    // A restart that finds fewer clusters draws fewer numbers, and the restarts after it would have drawn others.
    if (found.some(({ isWhole }) => !isWhole)) {
      return kMeans(rows, d, k, weights, options, replay(drawn, random));
    }
    const results = found.flatMap(({ best }) => best ?? []).sort((a, b) => a.restart - b.restart);
    const { means, counts, inertia } = results.reduce((a, b) => (b.inertia < a.inertia ? b : a));
    return { means, counts, inertia };
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#shared = null;
    await this.#pool.close();
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
