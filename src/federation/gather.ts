import { messageOf, RunError, theSetting } from "../errors.js";
import { checkAnswers } from "../workflow/answers.js";
import type { Dropped, Gathered } from "../workflow/exchange.js";
import { type Message, shown } from "../workflow/message.js";
import type { Asked, Reply } from "./federation.js";

interface GatherOptions {
  /** Number of this exchange, another for each of a run: replies to others are refused. */
  readonly exchange: number;
  /** Fewer answers than this end the run. */
  readonly minClients: number;
  /** Milliseconds a client has. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Characters of a reason at most: a client may give any. */
const LONGEST_REASON = 1000;

const known = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where each of a federation's clients stands: found out once, for there may be thousands. */
function placesOf(clients: readonly string[]): ReadonlyMap<string, number> {
  const places = known.get(clients) ?? new Map(clients.map((client, place) => [client, place]));
  known.set(clients, places);
  return places;
}

/** Why a client failed: as it says itself; in a simulation, whose user owns the rows, as it tells their owner. */
function reasonOf({ simulation }: Asked, { client, error }: Extract<Reply, { error: string }>): string {
  return messageOf(simulation?.unreadable(client) ?? error);
}

/**
 * Sends a request to every client and reads the replies. A client that fails, does not answer in time or
 * answers what cannot be read is left out and named. Of several replies of one client the first counts; one of
 * nobody in the federation counts for nobody.
 *
 * @param step what is going on, for the message, e.g. "round 3"
 * @param read decodes and checks one reply of the client at a place; what it throws counts against the client
 * @throws RunError if fewer than `minClients` are left; the signal's reason once it is aborted
 */
export async function gather<T>(
  federation: Asked,
  step: string,
  request: Message,
  read: (reply: Message, place: number) => T,
  { exchange, minClients, deadline, signal }: GatherOptions,
): Promise<Gathered<T>> {
  const places = placesOf(federation.clients);
  const answers = new Array<T>(places.size);
  /** Why there is no answer of each; null where there is one, undefined where nothing has come yet. */
  const failures = new Array<string | null | undefined>(places.size).fill(undefined);
  let stranger: string | null = null;
  const numbered = { ...request, exchange };
  for await (const replies of federation.exchange(numbered, { deadline, signal })) {
    for (const reply of replies) {
      const place = places.get(reply.client);
      if (place === undefined) stranger ??= shown(reply.client);
      if (place === undefined || failures[place] !== undefined) continue;
      try {
        if ("message" in reply) answers[place] = read(checkAnswers(numbered, reply.message), place);
        failures[place] = "error" in reply ? reasonOf(federation, reply) : null;
      } catch (error) {
        failures[place] = messageOf(error);
      }
    }
  }
  const nothing = `no answer${stranger === null ? "" : `; one came of ${stranger}, whom nobody asked`}`;
  const clients: string[] = [];
  const values: T[] = [];
  const dropped: Dropped[] = [];
  for (const [place, client] of federation.clients.entries()) {
    const reason = failures[place] === undefined ? nothing : failures[place];
    if (reason !== null) {
      const isLong = reason.length > LONGEST_REASON;
      dropped.push({ client, reason: isLong ? `${reason.slice(0, LONGEST_REASON)}...` : reason });
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
