import { messageOf, RunError, theSetting } from "../errors.js";
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

const known = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where each of a federation's clients stands: found out once, for there may be thousands. */
function placesOf(clients: readonly string[]): ReadonlyMap<string, number> {
  const places = known.get(clients) ?? new Map(clients.map((client, place) => [client, place]));
  known.set(clients, places);
  return places;
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
  const places = placesOf(federation.clients);
  const answers = new Array<T>(places.size);
  const failures = new Array<string | null>(places.size).fill("no answer");
  for await (const replies of federation.exchange(request, { to: federation.clients, deadline, signal })) {
    for (const reply of replies) {
      const place = places.get(reply.client)!;
      try {
        if ("message" in reply) answers[place] = read(reply.message);
        failures[place] = "error" in reply ? reply.error : null;
      } catch (error) {
        failures[place] = messageOf(error);
      }
    }
  }
  const clients: string[] = [];
  const values: T[] = [];
  const dropped: Dropped[] = [];
  for (const [place, client] of federation.clients.entries()) {
    const reason = failures[place];
    if (reason !== null) {
      dropped.push({ client, reason });
      continue;
    }
    clients.push(client);
    values.push(answers[place]);
  }
  if (clients.length < minClients) {
    const why = dropped.length > 0 ? ` (${dropped[0].client}: ${dropped[0].reason})` : "";
    throw new RunError(
      `${clients.length} of ${federation.clients.length} clients answered in ${step}, ` +
        `${theSetting("minClients")} is ${minClients}${why}`,
    );
  }
  return { clients, values, dropped };
}
