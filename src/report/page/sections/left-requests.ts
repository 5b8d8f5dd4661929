import { cells, code, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { count } from "../words.js";

/** Clients whose requests are told apart, at most. */
const MOST_CLIENTS = 6;

/** How often each client was asked what. */
export function requestTable({ ledgers, summary }: RunFacts): TableBlock[] {
  if (ledgers === null) return [];
  const byRequest = new Map<string, { clients: number; messages: number; refused: number }>();
  for (const { request, messages, refused } of ledgers) {
    const total = byRequest.get(request) ?? { clients: 0, messages: 0, refused: 0 };
    byRequest.set(request, total);
    total.clients += 1;
    total.messages += messages;
    total.refused += refused;
  }
  const isShort = summary.clients.length <= MOST_CLIENTS;
  const ofAll = [...byRequest].map(
    ([request, total]) => ["all", request, total.clients, total.messages, total.refused] as const,
  );
  const ofEach = ledgers.map((row) => [row.client, row.request, 1, row.messages, row.refused] as const);
  return [
    {
      type: "table",
      caption: "Requests",
      header: ["client", "request", ...(isShort ? [] : ["clients asked"]), "messages", "refused"],
      nTexts: 2,
      rows: (isShort ? ofEach : ofAll).map(([client, request, clients, messages, refused]) =>
        cells(
          client,
          { text: [code(request)] },
          ...(isShort ? [] : [count(clients)]),
          count(messages),
          count(refused),
        ),
      ),
    },
  ];
}

/** Means withheld in each round; none where none were. */
export function withheldTable({ rounds }: RunFacts): TableBlock[] {
  const withheld = rounds.map(({ round, withheld: each }) => ({
    round,
    means: each.reduce((sum, [, means]) => sum + means, 0),
    clients: each.filter(([, means]) => means > 0).length,
  }));
  if (withheld.every(({ means }) => means === 0)) return [];
  return [
    {
      type: "table",
      caption: "Means that clients withheld",
      header: ["round", "means", "by clients"],
      nTexts: 0,
      rows: withheld.map(({ round, means, clients }) => cells(String(round), count(means), count(clients))),
      data: {
        header: ["round", "means_withheld", "clients"],
        rows: withheld.map(({ round, means, clients }) => [round, means, clients]),
      },
    },
  ];
}
