import { messageOf } from "../../errors.js";
import type { Message } from "../../workflow/message.js";
import type { Client } from "../client/client.js";
import type { ExchangeOptions, Federation, Reply } from "../federation.js";

/**
 * A federation whose clients run one after the other on the caller's own thread: for tests, for sweeps, and
 * for clients that answer asynchronously. A client that computes without pause cannot be interrupted here;
 * the deadline and the signal take effect when it returns. It runs wherever JavaScript does.
 *
 * @param clients in the order in which replies are combined, of unique names
 */
export function inlineFederation(clients: readonly Client[]): Federation {
  return {
    clients: clients.map((client) => client.name),

    async *exchange(request, options) {
      for (const client of clients) {
        options.signal.throwIfAborted();
        yield [await ask(client, request, options)];
        options.signal.throwIfAborted();
      }
      await breathe();
    },

    simulation: null,
    close: async () => {},
  };
}

/** Lets timers and signals through between exchanges. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    // A browser has timers only, which take longer.
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve);
  });
}

async function ask(client: Client, request: Message, { deadline, signal }: ExchangeOptions): Promise<Reply> {
  const started = performance.now();
  const late = (): Reply => ({ client: client.name, error: `no answer within ${deadline / 1000} s` });
  try {
    const answer = client.answer(request);
    if (answer instanceof Promise) return await race(client.name, answer, deadline, signal, late);
    return performance.now() - started > deadline ? late() : { client: client.name, message: answer };
  } catch (error) {
    return { client: client.name, error: messageOf(error) };
  }
}

async function race(
  client: string,
  answer: Promise<Message>,
  deadline: number,
  signal: AbortSignal,
  late: () => Reply,
): Promise<Reply> {
  let end = () => {};
  const ended = new Promise<Reply>((resolve) => {
    end = () => resolve(late());
  });
  // Keeps the process alive, as the timer of AbortSignal.timeout would not.
  const timer = setTimeout(end, deadline);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([answer.then((message): Reply => ({ client, message })), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
