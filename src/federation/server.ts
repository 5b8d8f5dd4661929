import { RunError, theSetting, UsageError } from "../errors.js";
import { kMeans } from "../numerics/k-means.js";
import type { Matrix } from "../numerics/matrix.js";
import { plural } from "../printable.js";
import { agreeOnTransform } from "../workflow/agree-on-transform.js";
import { fewerClusters } from "../workflow/cluster-count.js";
import { convergenceChange, type KMeans } from "../workflow/clustering/aggregation.js";
import type { Clustering } from "../workflow/clustering/algorithm.js";
import { ALGORITHMS } from "../workflow/clustering/algorithms.js";
import { cycleAt, type Trace, traceOf } from "../workflow/clustering/cycle.js";
import { evaluate } from "../workflow/evaluate.js";
import type { Ask } from "../workflow/exchange.js";
import { farClients, momentsOfClusters, type Told } from "../workflow/far-clients.js";
import { type Agreement, agree, checkName, handshakeRequest, readHandshake } from "../workflow/handshake.js";
import type { Message } from "../workflow/message.js";
import { clientNotices, type Notice } from "../workflow/notice.js";
import type { Federation } from "./federation.js";
import { gather } from "./gather.js";
import { inertiaBefore } from "./round-inertia.js";
import type { Round, RunEvent } from "./run-event.js";
import type { Checkpoint, ServerOptions } from "./server-options.js";

/** What a server needs beside its options. */
export interface ServerContext {
  readonly signal: AbortSignal;
  /** Where to go on; starts at round 0 without. */
  readonly checkpoint?: Checkpoint | null;
  /** Computes the exact silhouette of (k, p) means, where a simulation can; else null. */
  readonly silhouette?: (means: Matrix, nSamples: number) => Promise<number | null>;
  /** Clusters what clients send; on this thread without. The result may not depend on where. */
  readonly cluster?: KMeans;
  /** What is known already, to be said after the handshake. */
  readonly notices?: readonly Notice[];
}

/**
 * Runs a federation from handshake to evaluation, yielding what happens as it happens. Whoever iterates may
 * stop at any time; the federation stays theirs to close.
 *
 * @throws RunError if the clients do not fit together or too few answer; UsageError if an option does not
 *   fit the clients; the signal's reason once it is aborted
 */
export async function* serve(
  federation: Federation,
  options: ServerOptions,
  { signal, checkpoint = null, silhouette = async () => null, cluster = kMeans, notices = [] }: ServerContext,
): AsyncGenerator<RunEvent> {
  const agreement = await handshake(federation, options, signal);
  yield { type: "handshake", agreement, maxIterations: options.maxIterations };
  for (const notice of [...notices, ...clientNotices(federation.simulation?.notices() ?? new Map())]) {
    yield { type: "notice", notice };
  }
  let exchange = HANDSHAKE;
  const ask: Ask = (step, request, read) =>
    gather(federation, step, request, (reply, place) => read(reply, agreement.clients[place]), {
      exchange: ++exchange,
      minClients: options.minClients,
      deadline: options.deadline * 1000,
      signal,
    });
  const d = agreement.nFeatures;

  const { transform, scale, isTold } = yield* agreeOnTransform(options, d, agreement.featureNames, ask);
  const noticesOf = (told: readonly Told[]): RunEvent[] =>
    farClients(told, agreement.featureNames).map((notice) => ({
      type: "notice",
      notice,
    }));
  /** Where nobody was asked about the rows before, clusters tell of them, the first time they are reported. */
  let isUntold = !isTold;
  const nColumns = options.pcaComponents ?? d;
  const clustering: Clustering = { options, transform, nColumns, scale, ask, cluster };
  const { start, rounds } = ALGORITHMS[options.algorithm];

  let means: Matrix;
  let round = 0;
  let change: number | null = null;
  const traces: Trace[] = [];
  if (checkpoint === null) {
    const first: Round = {
      ...(await start(clustering)),
      round: 0,
      convergenceChange: null,
      localClusters: "own",
    };
    means = first.global.means;
    traces.push(traceOf(means, null));
    yield { type: "round", round: first, transform };
    if (isUntold && first.locals.length > 0) {
      isUntold = false;
      yield* noticesOf(first.locals.map((local) => toldByClusters(local, null)));
    }
  } else {
    ({ means, round, convergenceChange: change } = checkpoint);
    traces.push(...checkpoint.traces);
  }
  yield* noticeOf(fewerClusters(options.k, means.nRows, null));
  const converged = () => change !== null && change <= options.tolerance;
  // With a tolerance below 0 every round is wanted.
  const cycle = () => (rounds === null || options.tolerance < 0 ? null : cycleAt(traces, rounds.passes));
  while (rounds !== null && round < options.maxIterations && !converged() && cycle() === null) {
    round += 1;
    const found = await rounds.run(clustering, round, means);
    const sent = means.data;
    change = convergenceChange(means, found.global.means);
    means = found.global.means;
    const { localClusters } = rounds;
    const done: Round = { ...found, round, convergenceChange: change, localClusters };
    traces.push(traceOf(means, inertiaBefore(done)));
    yield { type: "round", round: done, transform };
    if (isUntold) yield* noticesOf(done.locals.map((local) => toldByClusters(local, sent)));
    isUntold = false;
  }
  const hasConverged = rounds === null || converged();
  yield {
    type: "clustered",
    rounds: round,
    converged: hasConverged,
    cycleLength: hasConverged ? null : cycle(),
  };
  const exactly = () => silhouette(means, agreement.nSamples);
  const evaluation = await evaluate(transform, means, options.privacyThreshold, exactly, ask);
  // Who is missing may hold the rows of a cluster that has none.
  const isWhole = evaluation.fits.length === agreement.clients.length;
  if (isWhole && evaluation.metrics.clusterSizes.includes(0)) {
    yield* noticeOf(fewerClusters(options.k, means.nRows, evaluation.metrics.clusterSizes));
  }
  yield { type: "evaluation", ...evaluation };
}

/** The server's word on the whole federation, if it has one. */
function* noticeOf(text: string | null): Generator<RunEvent> {
  if (text !== null) yield { type: "notice", notice: { from: "server", clients: [], text } };
}

function toldByClusters({ client, clusters }: Round["locals"][number], sent: Float64Array | null): Told {
  return { client, moments: momentsOfClusters(clusters, sent) };
}

/** Number of the first exchange. */
const HANDSHAKE = 1;

/** Every client must answer here: who is in the federation is settled before anything is computed. */
async function handshake(
  federation: Federation,
  options: ServerOptions,
  signal: AbortSignal,
): Promise<Agreement> {
  const read = (reply: Message, place: number) => {
    const description = readHandshake(reply);
    checkName(reply, description, federation.clients[place]);
    return description;
  };
  const { values, dropped } = await gather(federation, "the handshake", handshakeRequest(), read, {
    exchange: HANDSHAKE,
    minClients: 0,
    deadline: options.deadline * 1000,
    signal,
  });
  if (dropped.length > 0)
    throw new RunError(`client ${dropped[0].client} cannot take part: ${dropped[0].reason}`);
  if (values.length < options.minClients) {
    throw new UsageError(
      `the federation has ${plural(values.length, "client")}, ` +
        `${theSetting("minClients")} is ${options.minClients}`,
    );
  }
  const agreement = agree(values, options.k);
  const { pcaComponents, start } = options;
  if (pcaComponents !== null && pcaComponents > agreement.nFeatures) {
    throw new UsageError(
      `${theSetting("pcaComponents")} must be at most the ${agreement.nFeatures} features, found ${pcaComponents}`,
    );
  }
  if (typeof start !== "string" && (start.nRows !== options.k || start.nColumns !== agreement.nFeatures)) {
    throw new UsageError(
      `${theSetting("start")} must hold clusters x features = (${options.k}, ${agreement.nFeatures}) centroids, ` +
        `found (${start.nRows}, ${start.nColumns})`,
    );
  }
  return agreement;
}
