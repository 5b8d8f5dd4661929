import { inlineFederation } from "#src/federation/carriers/inline.js";
import { type Client, LocalClient } from "#src/federation/client/client.js";
import type { RunEvent } from "#src/federation/run-event.js";
import { serve } from "#src/federation/server.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import type { Transform } from "#src/numerics/transform.js";
import type { Message } from "#src/workflow/message.js";

export const NO_TRANSFORM: Transform = { normalization: null, projection: null };

export interface ClientOptions {
  readonly threshold?: number;
  readonly featureNames?: readonly string[];
  /** Each row's class by name. */
  readonly labels?: readonly string[];
}

/** A client over rows in memory; its privacy threshold is 1 unless told. */
export function localClient(
  name: string,
  rows: readonly (readonly number[])[],
  { threshold = 1, featureNames, labels }: ClientOptions = {},
): LocalClient {
  const classes = [...new Set(labels ?? [])];
  return new LocalClient(
    name,
    {
      rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: rows[0].length },
      featureNames: featureNames ?? null,
      labels: labels === undefined ? null : Int32Array.from(labels, (label) => classes.indexOf(label)),
      classes,
    },
    threshold,
  );
}

/** The client itself, but every reply it sends is kept. */
export function overheard(client: LocalClient): { client: Client; replies: Message[] } {
  const replies: Message[] = [];
  const answer = (request: Message) => {
    const reply = client.answer(request);
    replies.push(reply);
    return reply;
  };
  return { client: { name: client.name, answer, record: () => {} }, replies };
}

export const DEFAULTS: ServerOptions = {
  algorithm: "fkm",
  k: 3,
  kLocal: 3,
  start: "k-means++",
  maxIterations: 20,
  tolerance: 0,
  localIterations: 1,
  dropEmpty: true,
  weighted: true,
  privacyThreshold: 1,
  normalize: false,
  pca: true,
  pcaComponents: null,
  randomState: 0,
  minClients: 1,
  deadline: 60,
};

/** Runs a federation on this thread, from handshake to evaluation. `kLocal` is `k` unless told. */
export async function serveInline(
  clients: readonly Client[],
  options: Partial<ServerOptions>,
): Promise<RunEvent[]> {
  const all = { ...DEFAULTS, kLocal: options.k ?? DEFAULTS.k, ...options };
  const signal = new AbortController().signal;
  const events: RunEvent[] = [];
  for await (const event of serve(inlineFederation(clients), all, { signal })) {
    events.push(event);
  }
  return events;
}

/** All events of one type. */
export function eventsOf<T extends RunEvent["type"]>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** Cuts rows into clients named "0", "1", ... of the given sizes. */
export function cut<T>(rows: readonly T[], sizes: readonly number[]): T[][] {
  let start = 0;
  return sizes.map((size) => rows.slice(start, (start += size)));
}
