import { configure, serverOptionsOf } from "#src/experiment/configuration.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import type { Client } from "#src/federation/client/client.js";
import type { Federation, Reply } from "#src/federation/federation.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { serve } from "#src/federation/server.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import type { Transform } from "#src/numerics/transform.js";
import { groupsPolicy } from "#src/privacy/policy.js";
import type { Message } from "#src/workflow/message.js";
import type { Protection } from "#src/workflow/protection.js";
import { labelledClients } from "./clients.js";

export const NO_TRANSFORM: Transform = { normalization: null, projection: null };

/** What clients of tests hold to, with whatever number of rows. */
export const THRESHOLD: Protection = { mode: "threshold", groupSize: 1, privacyThreshold: 1 };

/** The settings' defaults, but for what would hide what a test looks at. */
export const DEFAULTS: ServerOptions = {
  ...serverOptionsOf(
    configure({ data: "in memory", privacy: "threshold", privacyThreshold: 1 }),
    "k-means++",
  ),
  maxIterations: 20,
  tolerance: 0,
  privacyThreshold: 1,
  normalize: false,
  randomState: 0,
  minClients: 1,
  deadline: 60,
};

/**
 * Defaults for a quick run of three clusters in three features, so that every phase takes place: means that never count as
 * settled are evaluated in two exchanges.
 */
export const EVERY_PHASE: ServerOptions = {
  ...DEFAULTS,
  maxIterations: 4,
  tolerance: -1,
  privacyThreshold: 2,
  normalize: true,
  randomState: 1,
  minClients: 2,
  deadline: 300,
};

/** Every exchange of such a run, as what it is for and the kind of request, in order. */
export const STEPS = [
  ["handshake", "handshake"],
  ["normalization", "normalization/moments"],
  ["round 0", "clustering/start"],
  ["round 1", "clustering/update"],
  ["evaluation", "evaluation/fit"],
  ["evaluation", "evaluation/dispersion"],
] as const;

/** Runs that together ask for everything that is ever asked for, of every algorithm. */
export const EVERY_RUN: readonly Partial<ServerOptions>[] = [
  { algorithm: "fkm" },
  { algorithm: "fkm", dropEmpty: false, weighted: false, localIterations: 3, normalize: false },
  { algorithm: "fkm", asPublished: true, privacyThreshold: 0, pcaComponents: 2 },
  { algorithm: "lloyd", normalize: false },
  { algorithm: "best-lloyd", restarts: 3, pcaComponents: 2, tolerance: 1000 },
  { algorithm: "k-fed" },
];

const never = new AbortController().signal;

/** Every event of a run without a directory, from handshake to evaluation; the options are `EVERY_PHASE` unless told. */
export async function serveAll(
  federation: Federation,
  options: Partial<ServerOptions> = {},
  signal: AbortSignal = never,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of serve(federation, { ...EVERY_PHASE, ...options }, { signal })) {
    events.push(event);
  }
  return events;
}

/** Every event of a run on this thread; the options are `DEFAULTS` unless told, `kLocal` is `k`. */
export async function serveInline(
  clients: readonly Client[],
  options: Partial<ServerOptions>,
): Promise<RunEvent[]> {
  const all = { ...DEFAULTS, kLocal: options.k ?? DEFAULTS.k, ...options };
  return serveAll(inlineFederation(clients), all);
}

/** All events of one type. */
export function eventsOf<T extends RunEvent["type"]>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** Who was dropped, as "step: client: reason". */
export function droppedIn(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === "handshake" || event.type === "clustered" || event.type === "notice") return [];
    const step = event.type === "round" ? `round ${event.round.round}` : event.type;
    const { dropped } = event.type === "round" ? event.round : event;
    return dropped.map(({ client, reason }) => `${step}: ${client}: ${reason}`);
  });
}

/** Sends one request to every client. */
export async function exchange(
  federation: Federation,
  request: Message,
  deadline = 300_000,
  signal: AbortSignal = never,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  for await (const arrived of federation.exchange(request, { deadline, signal })) {
    replies.push(...arrived);
  }
  return replies;
}

/** What came back from each client, in client order: "answer", or why there is none. */
export function outcomes(federation: Federation, replies: readonly Reply[]): string[] {
  return federation.clients.map((client) => {
    const [reply, ...more] = replies.filter((reply) => reply.client === client);
    if (reply === undefined || more.length > 0) throw new Error(`${more.length + 1} replies of ${client}`);
    return "error" in reply ? reply.error : "answer";
  });
}

/** What client b is asked in a run of `labelledClients`, in order; they hold to what the server wants. */
export async function requestsOf(options: Partial<ServerOptions>, nFeatures = 3): Promise<Message[]> {
  const policy =
    options.protection?.mode === "groups" ? groupsPolicy(options.protection.groupSize) : undefined;
  const [a, b, c] = labelledClients(nFeatures, policy);
  const requests: Message[] = [];
  const heard: Client = {
    name: b.name,
    answer(request) {
      requests.push(request);
      return b.answer(request);
    },
  };
  await serveAll(inlineFederation([a, heard, c]), options);
  return requests;
}
