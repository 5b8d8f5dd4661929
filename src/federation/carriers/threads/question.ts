import { RunError } from "../../../errors.js";
import type { FromWorker, ToWorker } from "./protocol.js";
import type { Pending, Slot } from "./slot.js";

/** What is asked of each of some threads, which a thread answers for its clients. */
export interface Question {
  messageTo(slot: Slot, id: number): ToWorker;
  /** @returns null for a message that is no answer */
  onAnswer(message: FromWorker): { readonly error: string | null } | null;
}

/** One question to some threads, until each has answered or one has failed. */
export class ThreadsQuestion implements Pending {
  #nOpen: number;
  #resolve = () => {};
  #reject: (reason: unknown) => void = () => {};

  constructor(
    readonly id: number,
    private readonly slots: readonly Slot[],
    private readonly question: Question,
  ) {
    this.#nOpen = slots.length;
  }

  /**
   * Asks, and waits for all answers.
   *
   * @param post sends a message to a thread
   * @throws RunError with the first thread's reason, if one fails; the signal's reason, once it is aborted
   */
  async ask(post: (slot: Slot, message: ToWorker) => void, signal: AbortSignal): Promise<void> {
    const onAbort = () => this.#reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
        for (const slot of this.slots) post(slot, this.question.messageTo(slot, this.id));
      });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  onMessage(_slot: Slot, message: FromWorker): void {
    const answer = this.question.onAnswer(message);
    if (answer === null) return;
    if (answer.error !== null) this.#reject(new RunError(answer.error));
    else if (--this.#nOpen === 0) this.#resolve();
  }

  onExit(_slot: Slot, reason: string): void {
    this.#reject(new RunError(reason));
  }
}
