import { RunError } from "#src/errors.js";
import { configure, serverOptionsOf } from "#src/experiment/configuration.js";
import { inlineFederation } from "#src/federation/carriers/inline.js";
import { bothClients } from "#src/federation/client/both-clients.js";
import type { Client, LocalClient } from "#src/federation/client/client.js";
import type { ServerOptions } from "#src/federation/server-options.js";
import type { Policy } from "#src/privacy/policy.js";
import { ROWS } from "#src/workflow/protection.js";
import { serveAll } from "../federation.js";
import type { AttackedClient } from "./data.js";
import type { Exchanged } from "./knowledge.js";

/** What attacked clients call their columns. */
export function columnsOf(nColumns: number): string[] {
  return Array.from({ length: nColumns }, (_, j) => `column ${j}`);
}

/** A real client over rows, as its owner's policy lets it answer. */
export function clientUnder(
  policy: Policy,
  { name, rows, labels }: Omit<AttackedClient, "heldOut">,
): LocalClient {
  const classes = [...new Set(labels)].sort();
  return bothClients(
    name,
    {
      rows: { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns: rows[0].length },
      featureNames: columnsOf(rows[0].length),
      labels: labels.length === 0 ? null : Int32Array.from(labels, (label) => classes.indexOf(label)),
      classes,
    },
    policy,
  ).points;
}

/** What a run with the settings' defaults asks for, of clients that hold to whatever group size. */
export const ORDINARY: ServerOptions = {
  ...serverOptionsOf(configure({ data: "in memory" }), "k-means++"),
  protection: ROWS,
  maxIterations: 15,
  minClients: 1,
};

/** Serves a run, and returns all that was said with each client, up to its end or to where it cannot go on. */
export async function overhear(
  clients: readonly LocalClient[],
  options: Partial<ServerOptions>,
): Promise<ReadonlyMap<string, readonly Exchanged[]>> {
  const heard = new Map<string, Exchanged[]>();
  const listened = clients.map((client): Client => {
    const conversation: Exchanged[] = [];
    heard.set(client.name, conversation);
    return {
      name: client.name,
      answer(request) {
        const reply = client.answer(request);
        conversation.push({ request, reply });
        return reply;
      },
    };
  });
  const all = { ...ORDINARY, kLocal: options.k ?? ORDINARY.k, ...options };
  try {
    await serveAll(inlineFederation(listened), all);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
  }
  return heard;
}
