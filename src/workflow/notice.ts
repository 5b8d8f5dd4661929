/** What whoever runs a federation should know and what ends nothing: one line. */
export interface Notice {
  /**
   * Whose word it is. A client's stays on its side, in its own log; only a simulation, where all clients are on one
   * machine, also tells whoever runs it.
   */
  readonly from: "server" | "client";
  /** Names of the clients it is about; empty: the federation. */
  readonly clients: readonly string[];
  readonly text: string;
}

/** The server's word on the whole federation. */
export function serverNotice(text: string): Notice {
  return { from: "server", clients: [], text };
}

/** Names of clients, and different words of theirs, that are shown at most. */
const SHOWN_NAMES = 5;
const SHOWN_TEXTS = 20;

/**
 * What the clients of a simulation have to say, each text once with the clients that say it.
 *
 * @param texts by client
 */
export function clientNotices(texts: ReadonlyMap<string, readonly string[]>): Notice[] {
  const clients = new Map<string, string[]>();
  for (const [client, said] of texts) {
    for (const text of said) {
      const others = clients.get(text);
      if (others === undefined) clients.set(text, [client]);
      else others.push(client);
    }
  }
  const notices = Array.from(
    clients,
    ([text, names]): Notice => ({ from: "client", clients: names.length === texts.size ? [] : names, text }),
  );
  const rest = notices.slice(SHOWN_TEXTS);
  if (rest.length === 0) return notices;
  const text = `${rest.length} more notices of clients are in their logs`;
  return [...notices.slice(0, SHOWN_TEXTS), { from: "client", clients: [], text }];
}

/** A notice in one line, with the clients it is about. */
export function describeNotice({ clients, text }: Notice): string {
  return clients.length === 0 ? text : `${describeClients(clients)}: ${text}`;
}

/** Clients as a line names them. */
export function describeClients(clients: readonly string[]): string {
  const more = clients.length > SHOWN_NAMES ? ` and ${clients.length - SHOWN_NAMES} more` : "";
  const names = `${clients.slice(0, SHOWN_NAMES).join(", ")}${more}`;
  return `${clients.length === 1 ? "client" : "clients"} ${names}`;
}
