import { RunError } from "../errors.js";
import type { Asked } from "../federation/federation.js";
import { gather } from "../federation/gather.js";
import type { RunEvent } from "../federation/run-event.js";
import type { Agreement } from "../workflow/agreement.js";
import { evaluate, type Silhouettes } from "../workflow/evaluate.js";
import type { Ask } from "../workflow/exchange.js";
import { aboutFeatures } from "../workflow/features.js";
import { handshakeRequest, readHandshake } from "../workflow/handshake.js";
import { ROWS } from "../workflow/protection.js";

/** What a run came to. */
export type Evaluation = Extract<RunEvent, { type: "evaluation" }>;

interface AskOptions {
  /** Milliseconds a client has. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/**
 * The evaluation of a run whose clients computed from groups, with the metrics of the rows behind them: what only a
 * simulation can know.
 *
 * @param rows the clients, asked of their rows
 * @throws the signal's reason once it is aborted
 */
export async function scoredOnRows(
  evaluation: Evaluation,
  rows: Asked,
  silhouettes: Silhouettes,
  options: AskOptions,
): Promise<Evaluation> {
  const { ask, silent } = await askRows(rows, evaluation.featuresAsked, options);
  const { metrics, fits, dropped } = await evaluate(
    evaluation.transform,
    evaluation.means,
    { privacyThreshold: 0, areSettled: false },
    silhouettes,
    ask,
  );
  const named = new Set(evaluation.dropped.map(({ client }) => client));
  const more = [...silent, ...dropped].filter(({ client }) => !named.has(client));
  return { ...evaluation, metrics, metricsOf: "rows", fits, dropped: [...evaluation.dropped, ...more] };
}

/**
 * What the clients of a simulation agreed on, with how many rows each has, and whether labels, which they tell no server.
 *
 * @param rows the clients, asked of their rows
 * @throws RunError if the rows of one cannot be read
 */
export async function withRows(agreement: Agreement, rows: Asked, options: AskOptions): Promise<Agreement> {
  const { clients, values, dropped } = await gather(
    rows,
    "the handshake",
    handshakeRequest(ROWS),
    readHandshake,
    {
      ...options,
      exchange: 1,
      minClients: 0,
    },
  );
  if (dropped.length > 0) throw new RunError(`client ${dropped[0].client}: ${dropped[0].reason}`);
  const described = new Map(clients.map((client, i) => [client, values[i]]));
  const known = agreement.clients.map((client) => {
    const { nSamples, nPoints, hasLabels, labelColumn } = described.get(client.name)!;
    return { ...client, nSamples, nPoints, hasLabels, labelColumn };
  });
  const total = known.reduce((sum, { nSamples }) => sum + nSamples, 0);
  return { ...agreement, clients: known, nSamples: total, nPoints: total };
}

async function askRows(rows: Asked, asked: readonly string[] | null, options: AskOptions) {
  let exchange = 1;
  const first = { ...options, exchange, minClients: 0 };
  const { clients, values, dropped } = await gather(
    rows,
    "the handshake",
    handshakeRequest(ROWS),
    readHandshake,
    first,
  );
  const described = new Map(clients.map((client, i) => [client, values[i]]));
  const ask: Ask = (step, request, read) =>
    gather(
      rows,
      step,
      aboutFeatures(request, asked),
      (reply, place) => {
        const client = described.get(rows.clients[place]);
        if (client === undefined) throw new Error("it did not take part in the handshake");
        return read(reply, client);
      },
      { ...options, exchange: ++exchange, minClients: 0 },
    );
  return { ask, silent: dropped };
}
