import { type FileFingerprint, identifyFile } from "../../files/file-hash.js";
import type { Message } from "../../workflow/message.js";
import type { SimulatedClient } from "../client/recording-client.js";
import type { Asked, Federation, Simulation } from "../federation.js";
import { inlineFederation } from "./inline.js";
import { silhouetteSumsOfFiles } from "./silhouette-of-files.js";

/** So many write their records after each exchange, more only now and then. */
const FEW_CLIENTS = 64;

/** The clients, asked of their rows. */
export function ofRows(clients: readonly SimulatedClient[]): Asked {
  const federation = inlineFederation(
    clients.map((client) => ({
      name: client.name,
      answer: (request: Message) => client.answerOfRows(request),
    })),
  );
  return { ...federation, simulation: { unreadable: unreadableAmong(clients) } };
}

function unreadableAmong(clients: readonly SimulatedClient[]): Simulation["unreadable"] {
  const known = new Map(clients.map((client) => [client.name, client]));
  return (client) => known.get(client)?.unreadable?.() ?? null;
}

/** An inline federation of clients that keep records on this machine. */
export function inlineSimulation(clients: readonly SimulatedClient[]): Federation {
  const written = new Map<string, FileFingerprint>();
  const federation = inlineFederation(clients);
  return {
    ...federation,

    async *exchange(request, options) {
      yield* federation.exchange(request, options);
      if (clients.length <= FEW_CLIENTS) for (const client of clients) client.flush();
    },

    simulation: {
      rows: ofRows(clients),
      notices: () => new Map(clients.map((client) => [client.name, client.notices ?? []])),
      unreadable: unreadableAmong(clients),
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
        client.flush();
        for (const [path, fingerprint] of client.written()) written.set(path, fingerprint);
      }
    },
  };
}
