import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../../errors.js";
import type { FileFingerprint } from "../../../files/file-hash.js";
import { MOST_THREADS } from "../../../numerics/row-helpers.js";
import type { Message } from "../../../workflow/message.js";
import type { ClientSource } from "../../client/client-source.js";
import type { ClientRecord, ExchangeOptions, Federation, Reply, Simulation } from "../../federation.js";
import { type ControlBlock, dismiss, give, openControlBlock } from "./control-block.js";
import { ThreadsExchange } from "./exchange.js";
import type { FromWorker, MemoryNotice, ToWorker, WorkerSetup } from "./protocol.js";
import { type Question, ThreadsQuestion } from "./question.js";
import { idleSlot, type Pending, type Slot } from "./slot.js";

export interface ThreadsOptions {
  /** Worker threads to spread the clients over, at least 1. */
  readonly threads: number;
  /** Program of a worker, for clients that load their rows in their own way; it must call `serveClients`. */
  readonly workerFile?: string;
}

/**
 * A federation over worker threads, on Node and on Deno. Each worker loads the partitions of its own clients; the
 * caller's thread sees messages only.
 *
 * The clients of a thread answer one after the other; a client's deadline runs from when its thread turns to it. A
 * client that misses its deadline, or whose thread ends while it answers, has failed: its thread is ended, and the
 * clients that were waiting behind it are asked at once in a new thread. The client that failed has a thread to itself
 * from then on, so that it cannot harm the others again.
 *
 * @param sources in the order in which replies are combined, of unique names
 */
export function threadsFederation(sources: readonly ClientSource[], options: ThreadsOptions): Federation {
  return new ThreadsFederation(sources, options);
}

/** Milliseconds a busy thread has to end by itself. */
const CLOSING_TIME = 300;

class ThreadsFederation implements Federation {
  readonly clients: readonly string[];
  readonly simulation: Simulation;
  readonly #workerFile: string;
  #slots: Slot[];
  /** Where threads that are done find work of those that are not; null where there is one. */
  readonly #block: ControlBlock | null;
  #records: ReadonlyMap<string, ClientRecord> = new Map();
  readonly #notices: Map<string, readonly string[]>;
  /** Why clients could not read their rows for the last request. */
  readonly #unreadable = new Map<string, string>();
  #pending: Pending | null = null;
  /** Whether threads were still at work when the last exchange, or the last question to all threads, ended. */
  #isBusy = false;
  /** Threads that are being ended. */
  readonly #ending = new Set<Promise<number>>();
  /** The files that clients wrote, by path, as their threads said when they were closed. */
  readonly #written = new Map<string, FileFingerprint>();
  #lastId = 0;

  constructor(sources: readonly ClientSource[], { threads, workerFile }: ThreadsOptions) {
    this.clients = sources.map((source) => source.name);
    // In client order, whichever thread is the first to say something.
    this.#notices = new Map(this.clients.map((client) => [client, []]));
    this.#workerFile = workerFile ?? join(__dirname, "worker.cjs");
    const count = Math.min(threads, sources.length);
    const isPool = count > 1 && count <= MOST_THREADS;
    this.#block = isPool ? openControlBlock(count) : null;
    this.#slots = Array.from({ length: count }, (_, t) =>
      idleSlot(
        sources.filter((_, index) => index % count === t),
        isPool ? t : null,
      ),
    );
    const unreadable = (client: string) => this.#unreadable.get(client) ?? null;
    this.simulation = {
      rows: {
        clients: this.clients,
        exchange: (request, options) => this.#exchange(request, options, true),
        simulation: { unreadable },
      },
      notices: () => this.#notices,
      unreadable,
      identify: (files, signal) => this.#identify(files, signal),
      written: this.#written,
      record: (records) => {
        this.#records = records;
        for (const slot of this.#slots)
          slot.worker?.postMessage({ type: "record", records } satisfies ToWorker);
      },
      silhouetteSums: (rowsFiles, means, k, signal) => this.#silhouetteSums(rowsFiles, means, k, signal),
    };
  }

  exchange(request: Message, options: ExchangeOptions): AsyncGenerator<readonly Reply[]> {
    return this.#exchange(request, options, false);
  }

  async *#exchange(
    request: Message,
    options: ExchangeOptions,
    ofRows: boolean,
  ): AsyncGenerator<readonly Reply[]> {
    const { deadline, signal } = options;
    signal.throwIfAborted();
    this.#unreadable.clear();
    const id = ++this.#lastId;
    const exchange = new ThreadsExchange(id, this.clients, deadline, {
      ask: (slot, clients) => {
        if (slot.poolIndex !== null) give(this.#block!, slot.poolIndex);
        this.#post(slot, { type: "exchange", id, clients, request, ofRows });
      },
      isolate: (slot, culprit) => this.#isolate(slot, culprit),
    });
    this.#pending = exchange;
    try {
      yield* exchange.replies(this.#slots, signal);
    } finally {
      this.#pending = null;
      this.#isBusy = exchange.isOpen;
    }
  }

  async close(): Promise<void> {
    this.#pending = null;
    if (this.#isBusy) await Promise.all(this.#slots.map((slot) => this.#dismiss(slot, CLOSING_TIME)));
    // One after the other: threads that create thousands of files in one folder at a time wait for one another.
    else for (const slot of this.#slots) await this.#dismiss(slot, null);
    await Promise.all(this.#ending);
  }

  /**
   * Ends a thread once its clients have written their records.
   *
   * @param patience milliseconds after which the thread is ended all the same; null: it is waited for
   */
  async #dismiss(slot: Slot, patience: number | null): Promise<void> {
    const { worker } = slot;
    if (worker === null) return;
    slot.worker = null;
    const left = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.on("message", (message: FromWorker) => {
      if (message.type !== "written") return;
      for (const [path, fingerprint] of message.written) this.#written.set(path, fingerprint);
    });
    worker.postMessage({ type: "close" } satisfies ToWorker);
    const timer = patience === null ? null : setTimeout(() => void worker.terminate(), patience);
    await left;
    if (timer !== null) clearTimeout(timer);
  }

  async #silhouetteSums(
    rowsFiles: readonly string[],
    means: Float64Array,
    k: number,
    signal: AbortSignal,
  ): Promise<number[]> {
    const sums = new Array<number>(rowsFiles.length);
    const slots = [...this.#slots];
    await this.#askEach(slots, signal, {
      messageTo(slot, id) {
        const t = slots.indexOf(slot);
        const wanted = [...rowsFiles.keys()].filter((client) => client % slots.length === t);
        return { type: "silhouette", id, rowsFiles, wanted, means, k };
      },
      onAnswer(message) {
        if (message.type !== "silhouette") return null;
        message.wanted.forEach((client, i) => {
          sums[client] = message.sums[i];
        });
        return message;
      },
    });
    return sums;
  }

  async #identify(files: readonly string[], signal: AbortSignal): Promise<FileFingerprint[]> {
    const known = new Map<string, FileFingerprint>();
    // A file that several share is read by the thread of the first of them.
    const slotOf = new Map<string, string>();
    for (const [i, file] of files.entries()) if (!slotOf.has(file)) slotOf.set(file, this.clients[i]);
    await this.#askEach(this.#slots, signal, {
      messageTo({ sources }, id) {
        const own = new Set(sources.map(({ name }) => name));
        return {
          type: "identify",
          id,
          files: [...slotOf].flatMap(([file, of]) => (own.has(of) ? [file] : [])),
        };
      },
      onAnswer(message) {
        if (message.type !== "identified") return null;
        for (const [file, fingerprint] of message.files) known.set(file, fingerprint);
        return message;
      },
    });
    return files.map((file) => known.get(file)!);
  }

  /** @throws as `ThreadsQuestion.ask` */
  async #askEach(slots: readonly Slot[], signal: AbortSignal, question: Question): Promise<void> {
    signal.throwIfAborted();
    const pending = new ThreadsQuestion(++this.#lastId, slots, question);
    this.#pending = pending;
    this.#isBusy = true;
    try {
      await pending.ask((slot, message) => this.#post(slot, message), signal);
      this.#isBusy = false;
    } finally {
      this.#pending = null;
    }
  }

  #post(slot: Slot, message: ToWorker): void {
    slot.worker ??= this.#start(slot);
    slot.worker.postMessage(message);
  }

  #start(slot: Slot): Worker {
    const { sources, progress, poolIndex } = slot;
    const pool = poolIndex === null ? null : { block: this.#block!, thread: poolIndex };
    const setup: WorkerSetup = { sources, records: this.#records, progress, pool };
    const worker = new Worker(this.#workerFile, { workerData: setup });
    worker.on("message", (message: FromWorker) => {
      if (slot.worker !== worker) return;
      if (message.type === "written") return;
      if (message.type === "memory") return this.#tellOthers(slot, message);
      if (message.type === "notices") {
        for (const [client, texts] of message.notices) this.#notices.set(client, texts);
        return;
      }
      if (message.type === "unreadable") {
        this.#unreadable.set(message.client, message.reason);
        return;
      }
      const pending = this.#pending;
      if (pending === null || message.id !== pending.id) return;
      pending.onMessage(slot, message);
    });
    let reason: string | null = null;
    worker.on("error", (error) => {
      reason = `its thread failed: ${messageOf(error)}`;
    });
    // Only here have all messages of the thread arrived.
    worker.on("exit", (code) => {
      if (slot.worker !== worker) return;
      slot.worker = null;
      this.#leavePool(slot);
      this.#pending?.onExit(slot, reason ?? `its thread ended with code ${code}`);
    });
    return worker;
  }

  #isolate(slot: Slot, culprit: ClientSource): void {
    if (slot.sources.length > 1) {
      slot.sources = slot.sources.filter((source) => source !== culprit);
      this.#slots.push(idleSlot([culprit], null));
    }
    this.#end(slot);
  }

  #end(slot: Slot): void {
    this.#leavePool(slot);
    if (slot.worker === null) return;
    const ending = slot.worker.terminate().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    slot.worker = null;
  }

  /** The other threads of the pool learn where they can help. */
  #tellOthers(slot: Slot, notice: MemoryNotice): void {
    for (const other of this.#slots) {
      if (other !== slot && other.poolIndex !== null) other.worker?.postMessage(notice satisfies ToWorker);
    }
  }

  /** Takes a thread that has ended, or is about to, out of the pool: the others wait for it no longer. */
  #leavePool(slot: Slot): void {
    if (slot.poolIndex !== null) dismiss(this.#block!, slot.poolIndex);
    slot.poolIndex = null;
  }
}
