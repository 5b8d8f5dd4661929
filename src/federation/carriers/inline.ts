import { setImmediate } from "node:timers/promises";
import { messageOf } from "../../errors.js";
import { silhouetteSumsOfFiles } from "../../experiment/exact-silhouette.js";
import { type FileFingerprint, identifyFile } from "../../files/file-hash.js";
import type { Message } from "../../workflow/message.js";
import type { Client } from "../client/client.js";
import type { ExchangeOptions, Federation, Reply } from "../federation.js";

/** So many write their records after each exchange, more only now and then. */
const FEW_CLIENTS = 64;

/**
 * A federation whose clients run one after the other on the caller's own thread: for tests, for sweeps, and
 * for clients that answer asynchronously. A client that computes without pause cannot be interrupted here;
 * the deadline and the signal take effect when it returns.
 *
 * @param clients in the order in which replies are combined, of unique names
 */
export function inlineFederation(clients: readonly Client[]): Federation {
  const written = new Map<string, FileFingerprint>();
  return {
    clients: clients.map((client) => client.name),

    async *exchange(request, options) {
      const asked = new Set(options.to);
      for (const client of clients) {
        if (!asked.has(client.name)) continue;
        options.signal.throwIfAborted();
        yield [await ask(client, request, options)];
        options.signal.throwIfAborted();
      }
      if (clients.length <= FEW_CLIENTS) for (const client of clients) client.flush?.();
      // Lets timers and signals through between exchanges.
      await setImmediate();
    },

    simulation: {
      notices: () => new Map(clients.map((client) => [client.name, client.notices ?? []])),
      async identify(files, signal) {
        const known = new Map<string, FileFingerprint>();
        for (const file of new Set(files)) known.set(file, await identifyFile(file, signal));
        return files.map((file) => known.get(file)!);
      },
      written,
      record(records) {
        for (const client of clients) {
          const record = records.get(client.name);
          if (record !== undefined) client.record(record);
        }
      },
      async silhouetteSums(rowsFiles, means, k, signal) {
        signal.throwIfAborted();
        return silhouetteSumsOfFiles(rowsFiles, [...rowsFiles.keys()], means, k);
      },
    },

    async close() {
      for (const client of clients) {
        client.flush?.();
        for (const [path, fingerprint] of client.written?.() ?? []) written.set(path, fingerprint);
      }
    },
  };
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
