import type { ClientSource } from "../../client/client-source.js";
import type { Reply } from "../../federation.js";
import { unpackReplies } from "./packing.js";
import type { FromWorker } from "./protocol.js";
import type { Pending, Slot } from "./slot.js";

/** What becomes of threads while they are asked. */
interface ThreadsAsked {
  /** Has a thread ask some of its clients, one after the other. */
  ask(slot: Slot, clients: readonly string[]): void;
  /** Ends a thread; the client at fault gets one to itself from then on, and the others a new one. */
  isolate(slot: Slot, culprit: ClientSource): void;
}

/**
 * One request to the clients of threads, until each has answered or failed. A client fails if it misses its deadline,
 * which runs from when its thread turns to it, or if its thread ends while it answers.
 */
export class ThreadsExchange implements Pending {
  readonly #waiting: Set<string>;
  readonly #timers = new Map<Slot, NodeJS.Timeout>();
  #arrived: Reply[] = [];
  #wake = () => {};

  /**
   * @param to names of the clients
   * @param deadline milliseconds
   */
  constructor(
    readonly id: number,
    to: readonly string[],
    private readonly deadline: number,
    private readonly threads: ThreadsAsked,
  ) {
    this.#waiting = new Set(to);
  }

  /** Whether some have yet to answer. */
  get isOpen(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * Asks the clients of these threads.
   *
   * @throws the signal's reason, once it is aborted
   */
  async *replies(slots: readonly Slot[], signal: AbortSignal): AsyncGenerator<readonly Reply[]> {
    const onAbort = () => this.#wake();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      for (const slot of slots) this.#ask(slot);
      while (this.isOpen || this.#arrived.length > 0) {
        signal.throwIfAborted();
        if (this.#arrived.length === 0) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        const replies = this.#arrived;
        this.#arrived = [];
        yield replies;
      }
    } finally {
      for (const timer of this.#timers.values()) clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  onMessage(slot: Slot, message: FromWorker): void {
    if (message.type !== "packed" && message.type !== "replies") return;
    const replies = message.type === "packed" ? unpackReplies(message.packed, slot.asked) : message.replies;
    for (const reply of replies) this.#settle(reply);
    this.#watch(slot);
  }

  onExit(slot: Slot, reason: string): void {
    this.#fail(slot, reason);
  }

  #ask(slot: Slot): void {
    slot.asked = this.#awaited(slot).map((source) => source.name);
    Atomics.store(slot.progress, 0, 0);
    if (slot.asked.length > 0) this.threads.ask(slot, slot.asked);
    this.#watch(slot);
  }

  #awaited(slot: Slot): ClientSource[] {
    return slot.sources.filter((source) => this.#waiting.has(source.name));
  }

  #settle(reply: Reply): void {
    if (this.#waiting.delete(reply.client)) this.#arrived.push(reply);
    this.#wake();
  }

  /** Gives the client that is next to answer its time. */
  #watch(slot: Slot): void {
    clearTimeout(this.#timers.get(slot));
    // Answers come in the clients' order: the last is the one to look at first.
    if (slot.sources.findLast((source) => this.#waiting.has(source.name)) === undefined) return;
    const late = () => this.#fail(slot, `no answer within ${this.deadline / 1000} s`);
    // The server's thread may have been busy all the while: what has arrived is handled before the second timer.
    const due = () => this.#timers.set(slot, setTimeout(late, 0));
    this.#timers.set(slot, setTimeout(due, this.deadline));
  }

  /**
   * The clients of a thread answer in turn: the client at work is the one that failed. Where replies travel together,
   * those of clients before it may be lost; these clients are asked again.
   */
  #fail(slot: Slot, error: string): void {
    const left = this.#awaited(slot);
    const at = slot.asked[Atomics.load(slot.progress, 0)];
    const culprit = left.find((source) => source.name === at) ?? left[0];
    if (culprit === undefined) return;
    this.#settle({ client: culprit.name, error });
    this.threads.isolate(slot, culprit);
    this.#ask(slot);
  }
}
