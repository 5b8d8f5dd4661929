import { inlineFederation } from "#src/federation/carriers/inline.js";
import { type Client, LocalClient } from "#src/federation/client/client.js";
import type { Federation, Reply } from "#src/federation/federation.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { serve } from "#src/federation/server.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import { randomStream } from "#src/numerics/random.js";
import type { Message } from "#src/workflow/message.js";
import { type Misdeed, type UnrulySource, unruly } from "./unruly-client.js";

/** Defaults for a quick run of three clusters in three features, so that every phase takes place. */
export const OPTIONS: ServerOptions = {
  algorithm: "fkm",
  k: 3,
  kLocal: 3,
  start: "k-means++",
  maxIterations: 4,
  tolerance: 0,
  localIterations: 1,
  dropEmpty: true,
  weighted: true,
  privacyThreshold: 2,
  normalize: true,
  pca: true,
  pcaComponents: null,
  randomState: 1,
  minClients: 2,
  deadline: 300,
};

/** Every exchange of such a run, as what it is for and the kind of request, in order. */
export const STEPS = [
  ["handshake", "handshake"],
  ["normalization", "normalization/moments"],
  ["PCA", "pca/scatter"],
  ["round 0", "clustering/start"],
  ["round 1", "clustering/update"],
  ["evaluation", "evaluation/fit"],
  ["evaluation", "evaluation/dispersion"],
] as const;

/** Clients named a, b, c, ... of 30 rows, in three features unless told, all drawn alike. */
export function sourcesOf(misdeeds: readonly (Misdeed | null)[], nFeatures = 3): UnrulySource[] {
  return misdeeds.map((misdeed, index) => {
    const name = String.fromCharCode(97 + index);
    const random = randomStream(7, name);
    const data = Float64Array.from({ length: 30 * nFeatures }, (_, i) => random.normal() + (i % 9) * 0.4);
    const partition = {
      rows: { data, nRows: 30, nColumns: nFeatures },
      featureNames: null,
      labels: null,
      classes: [],
    };
    return { name, privacyThreshold: 2, data: partition, misdeed };
  });
}

/** The same clients, to be run on the caller's thread. */
export function clientsOf(sources: readonly UnrulySource[]): Client[] {
  return sources.map(({ name, data, misdeed }) => {
    if (!("rows" in data)) throw new Error("rows in memory expected");
    return unruly(new LocalClient(name, data, 2), misdeed);
  });
}

const never = new AbortController().signal;

/** Sends one request to every client. */
export async function exchange(
  federation: Federation,
  request: Message,
  deadline = 300_000,
  signal: AbortSignal = never,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  for await (const arrived of federation.exchange(request, { to: federation.clients, deadline, signal })) {
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

/** Every event of a run without a directory. */
export async function eventsOf(
  federation: Federation,
  options: Partial<ServerOptions> = {},
  signal: AbortSignal = never,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of serve(federation, { ...OPTIONS, ...options }, { signal })) {
    events.push(event);
  }
  return events;
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

/** Runs that together ask for everything that is ever asked for, of every algorithm. */
export const EVERY_RUN: readonly Partial<ServerOptions>[] = [
  { algorithm: "fkm" },
  { algorithm: "fkm", dropEmpty: false, weighted: false, localIterations: 3, normalize: false },
  { algorithm: "fkm", asPublished: true, privacyThreshold: 0, pcaComponents: 2 },
  { algorithm: "lloyd", normalize: false },
  { algorithm: "best-lloyd", restarts: 3, pcaComponents: 2 },
  { algorithm: "k-fed" },
];

/** Clients a, b and c of `sourcesOf` with rows of two classes, whose own threshold is 0. */
export function labelledClients(nFeatures = 3): LocalClient[] {
  return sourcesOf([null, null, null], nFeatures).map(({ name, data }) => {
    if (!("rows" in data)) throw new Error("rows in memory expected");
    const labels = Int32Array.from({ length: data.rows.nRows }, (_, i) => i % 2);
    return new LocalClient(name, { ...data, labels, classes: ["x", "y"] }, 0);
  });
}

/** What client b is asked in a run, in order. */
export async function requestsOf(options: Partial<ServerOptions>, nFeatures = 3): Promise<Message[]> {
  const [a, b, c] = labelledClients(nFeatures);
  const requests: Message[] = [];
  const heard: Client = {
    name: b.name,
    record: () => {},
    answer(request) {
      requests.push(request);
      return b.answer(request);
    },
  };
  await eventsOf(inlineFederation([a, heard, c]), options);
  return requests;
}
