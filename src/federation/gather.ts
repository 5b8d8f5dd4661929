import { messageOf, RunError } from "../errors.js";
import type { Message } from "../workflow/message.js";
import type { Federation } from "./federation.js";

/** A client that took no part in a round, and why. */
export interface Dropped {
  client: string;
  reason: string;
}

/** What came of one exchange, in client order. */
export interface Gathered<T> {
  clients: string[];
  values: T[];
  dropped: Dropped[];
}

export interface GatherOptions {
  /** Fewer answers than this end the run. */
  readonly minClients: number;
  /** Milliseconds a client has. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a request to every client and reads the replies. A client that fails, does not answer in time or
 * answers what cannot be read is left out and named.
 *
 * @param step what is going on, for the message, e.g. "round 3"
 * @param read decodes and checks one reply; what it throws counts against the client
 * @throws RunError if fewer than `minClients` are left; the signal's reason once it is aborted
 */
export async function gather<T>(
  federation: Federation,
  step: string,
  request: Message,
  read: (reply: Message) => T,
  { minClients, deadline, signal }: GatherOptions,
): Promise<Gathered<T>> {
  const answers = new Map<string, T>();
  const reasons = new Map<string, string>();
  for await (const reply of federation.exchange(request, { to: federation.clients, deadline, signal })) {
    if ("error" in reply) {
      reasons.set(reply.client, reply.error);
      continue;
    }
    try {
      answers.set(reply.client, read(reply.message));
    } catch (error) {
      reasons.set(reply.client, messageOf(error));
    }
  }
  const clients: string[] = [];
  const values: T[] = [];
  const dropped: Dropped[] = [];
  for (const client of federation.clients) {
    const value = answers.get(client);
    if (value === undefined && !answers.has(client)) {
      dropped.push({ client, reason: reasons.get(client) ?? "no answer" });
      continue;
    }
    clients.push(client);
    values.push(value as T);
  }
  if (clients.length < minClients) {
    const why = dropped.length > 0 ? ` (${dropped[0].client}: ${dropped[0].reason})` : "";
    throw new RunError(
      `${clients.length} of ${federation.clients.length} clients answered in ${step}, ` +
        `min-clients is ${minClients}${why}`,
    );
  }
  return { clients, values, dropped };
}
