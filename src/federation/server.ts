import { RunError, theSetting, UsageError } from "../errors.js";
import { kMeans } from "../numerics/k-means.js";
import { plural } from "../printable.js";
import { type Agreement, agree } from "../workflow/agreement.js";
import { fewerClusters } from "../workflow/cluster-count.js";
import type { KMeans } from "../workflow/clustering/aggregation.js";
import type { Clustering } from "../workflow/clustering/algorithm.js";
import { evaluate, NO_SILHOUETTES, privatelyEvaluated, type Silhouettes } from "../workflow/evaluate.js";
import type { Ask, Dropped } from "../workflow/exchange.js";
import { aboutFeatures } from "../workflow/features.js";
import { groupNotices } from "../workflow/group-notices.js";
import { checkName, handshakeRequest, readHandshake } from "../workflow/handshake.js";
import type { Message } from "../workflow/message.js";
import { clientNotices, describeClients, type Notice, serverNotice } from "../workflow/notice.js";
import { hasGroups } from "../workflow/protection.js";
import { agreeOnTransform } from "../workflow/transform/agree.js";
import { transformToBox } from "../workflow/transform/box.js";
import type { Asked, Federation, Reply } from "./federation.js";
import { gather } from "./gather.js";
import { plannedRun, privateNotices } from "./private-notices.js";
import { clusterInRounds } from "./rounds.js";
import type { RunEvent } from "./run-event.js";
import type { Checkpoint, ServerOptions } from "./server-options.js";

/** What a server needs beside its options. */
export interface ServerContext {
  readonly signal: AbortSignal;
  /** Where to go on; starts at round 0 without. */
  readonly checkpoint?: Checkpoint | null;
  /** Without, the exact silhouette is not computed. */
  readonly silhouettes?: Silhouettes;
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
  { signal, checkpoint = null, silhouettes = NO_SILHOUETTES, cluster = kMeans, notices = [] }: ServerContext,
): AsyncGenerator<RunEvent> {
  const { agreement, leftOut } = await handshake(federation, options, signal);
  const { k, privately } = options;
  const planned =
    privately == null
      ? null
      : plannedRun(privately, k, agreement.nFeatures, agreement.clients.length, options.maxIterations);
  const maxIterations = planned?.rounds ?? options.maxIterations;
  yield { type: "handshake", agreement, maxIterations, dropped: leftOut };
  const ofProtection = planned === null ? groupNotices(agreement, k) : privateNotices(planned);
  const ofClients = clientNotices(federation.simulation?.notices() ?? new Map());
  for (const notice of [...ofProtection, ...notices, ...ofClients]) {
    yield { type: "notice", notice };
  }
  let exchange = HANDSHAKE;
  const ask: Ask = (step, request, read) =>
    gather(
      federation,
      step,
      aboutFeatures(request, agreement.asked),
      (reply, place) => read(reply, agreement.clients[place]),
      {
        exchange: ++exchange,
        minClients: options.minClients,
        deadline: options.deadline * 1000,
        signal,
      },
    );
  const { nFeatures, featureNames, asked } = agreement;
  const { bounds } = agreement;
  const { transform, scale, farClientsNamed } =
    bounds === null
      ? yield* agreeOnTransform(options, nFeatures, featureNames, ask)
      : yield* transformToBox(bounds);
  const nColumns = options.pcaComponents ?? nFeatures;
  const nClients = agreement.clients.length;
  const clustering: Clustering = { options, transform, nClients, nColumns, scale, ask, cluster };
  const known = { featureNames, farClientsNamed };
  const clustered = yield* clusterInRounds(clustering, options, known, checkpoint);
  const { means, areSettled } = clustered;
  if (agreement.protection.privately) {
    const { sizes, standardErrors, sizeError } = clustered;
    const evaluated = privatelyEvaluated(transform, means, sizes!, standardErrors!, sizeError!);
    yield { type: "evaluation", ...evaluated, featuresAsked: asked };
    return;
  }
  const { privacyThreshold } = options;
  const evaluation = await evaluate(transform, means, { privacyThreshold, areSettled }, silhouettes, ask);
  const isOfGroups = hasGroups(agreement.protection);
  // Who is missing may hold the rows of a cluster that has none.
  const isWhole = evaluation.fits.length === agreement.clients.length;
  if (isWhole && evaluation.metrics.clusterSizes.includes(0)) {
    const { clusterSizes } = evaluation.metrics;
    const counted = isOfGroups ? "group of rows" : "row";
    const fewer = fewerClusters(options.k, means.nRows, clusterSizes, counted);
    if (fewer !== null) yield { type: "notice", notice: serverNotice(fewer) };
  }
  yield {
    type: "evaluation",
    ...evaluation,
    featuresAsked: asked,
    metricsOf: isOfGroups ? "points" : "rows",
    ofPoints: isOfGroups ? evaluation.metrics : null,
    noisySizes: null,
  };
}

/** Clients that cannot take part, with the first of their reasons. */
function cannotTakePart(dropped: readonly Dropped[]): string {
  const [{ reason }] = dropped;
  const namesOf = (clients: readonly Dropped[]) => describeClients(clients.map(({ client }) => client));
  const others = dropped.filter((one) => one.reason !== reason);
  const rest = others.length === 0 ? "" : `; nor can ${namesOf(others)}, for other reasons`;
  return `${namesOf(dropped.filter((one) => one.reason === reason))} cannot take part: ${reason}${rest}`;
}

/** Number of the first exchange. */
const HANDSHAKE = 1;

/** Every client must answer here: who is in the federation is settled before anything is computed. */
async function handshake(
  federation: Federation,
  options: ServerOptions,
  signal: AbortSignal,
): Promise<{ agreement: Agreement; leftOut: readonly Dropped[] }> {
  const deadline = options.deadline * 1000;
  const request = aboutFeatures(handshakeRequest(options.protection), options.features);
  const met = await federation.meet?.({ ...request, exchange: HANDSHAKE }, { deadline, signal });
  const read = (reply: Message, place: number) => {
    const description = readHandshake(reply);
    checkName(reply, description, federation.clients[place]);
    return description;
  };
  const { values, dropped } = await gather(
    met === undefined ? federation : answered(federation.clients, met.replies),
    "the handshake",
    request,
    read,
    { exchange: HANDSHAKE, minClients: 0, deadline, signal },
  );
  if (dropped.length > 0) throw new RunError(cannotTakePart(dropped));
  // Under differential privacy nobody tells whether it has rows.
  const taking = values.filter(({ nPoints, bounds }) => nPoints > 0 || bounds !== null).length;
  if (taking < options.minClients) {
    const rest = values.length - taking;
    const size = `${theSetting("groupSize")} ${options.protection.groupSize}`;
    const without = rest === 0 ? "" : ` with rows enough for ${size}, and ${rest} without`;
    throw new UsageError(
      `the federation has ${plural(taking, "client")}${without}, ` +
        `${theSetting("minClients")} is ${options.minClients}`,
    );
  }
  const agreement = agree(values, options.k, options.features);
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
  return { agreement, leftOut: met?.leftOut ?? [] };
}

/** Clients that have answered already. */
function answered(clients: readonly string[], replies: readonly Reply[]): Asked {
  return {
    clients,
    async *exchange() {
      yield replies;
    },
  };
}
