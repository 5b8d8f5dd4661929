import type { Matrix } from "../numerics/matrix.js";
import { randomStream } from "../numerics/random.js";
import { applyTransform, type Transform } from "../numerics/transform.js";
import { aggregateFkm, type Cluster, RESTARTS, randomStart } from "../workflow/clustering/aggregation.js";
import {
  betterHalf,
  checkStarts,
  chosenStart,
  makeStarts,
  readStarts,
  STEPS_PER_HALVING,
  SUMMARY_FACTOR,
  startsRequest,
  stepStarts,
  summaryRequest,
} from "../workflow/clustering/best-lloyd.js";
import { startRequest } from "../workflow/clustering/clustering.js";
import { aggregateKFed, kFedRequest } from "../workflow/clustering/k-fed.js";
import {
  checkLocalClusters,
  type LocalClusters,
  readLocalClusters,
} from "../workflow/clustering/local-clusters.js";
import type { ClientDescription } from "../workflow/handshake.js";
import type { Message } from "../workflow/message.js";
import type { Dropped, Gathered } from "./gather.js";
import type { Round } from "./run-event.js";
import type { ServerOptions } from "./server-options.js";

/** One exchange with every client. What `read` throws counts against the client. */
export type Ask = <T>(
  step: string,
  request: Message,
  read: (reply: Message, client: ClientDescription) => T,
) => Promise<Gathered<T>>;

/**
 * Round 0: the start, however it is made.
 *
 * @param nColumns p, the number of features clustered in
 * @param scale (p,) standard deviation of each, for the start `random`
 * @param cluster clusters what clients send
 */
export async function start(
  options: ServerOptions,
  transform: Transform,
  nColumns: number,
  scale: Float64Array,
  ask: Ask,
  cluster: Cluster,
): Promise<Round> {
  const { k, randomState: seed } = options;
  if (options.algorithm === "best-lloyd") return bestOfStarts(options, transform, nColumns, ask, cluster);
  if (options.algorithm === "k-fed") {
    const request = kFedRequest(transform, options);
    const answers = await ask("the start", request, clustersAtStart(nColumns, options.kLocal));
    const global = aggregateKFed(answers.values, k, randomStream(seed, "server/round 0"));
    return startRound(global, answers);
  }
  if (options.start === "random") {
    return startRound(given(randomStart(k, scale, randomStream(seed, "start/server"))), null);
  }
  if (typeof options.start !== "string") {
    return startRound(given(applyTransform(transform, options.start)), null);
  }
  const request = startRequest(transform, { ...options, k: options.kLocal });
  const answers = await ask("the start", request, clustersAtStart(nColumns, options.kLocal));
  const random = randomStream(seed, "server/round 0");
  const global = await aggregateFkm(answers.values, k, options.weighted, null, random, {
    unweightedSeeding: options.asPublished,
    restarts: options.restarts,
    cluster,
  });
  return startRound(global, answers);
}

/** Several starts take exact steps side by side, and the worse half is given up every few of them. */
async function bestOfStarts(
  options: ServerOptions,
  transform: Transform,
  nColumns: number,
  ask: Ask,
  cluster: Cluster,
): Promise<Round> {
  const { k, privacyThreshold } = options;
  const request = summaryRequest(transform, options);
  const summaries = await ask("the start", request, clustersAtStart(nColumns, SUMMARY_FACTOR * k));
  const dropped: Dropped[] = [...summaries.dropped];
  const restarts = options.restarts ?? RESTARTS;
  let starts = await makeStarts(summaries.values, k, restarts, options.randomState, cluster);
  for (let step = 1; starts.length > 1; step++) {
    const { nRows } = starts[0];
    const count = starts.length;
    const answers = await ask(
      `step ${step} of the starts`,
      startsRequest(transform, starts, privacyThreshold),
      (reply, { nSamples }) => {
        const read = readStarts(reply, count, nRows, nColumns);
        checkStarts(reply, count, nRows, nSamples);
        return read;
      },
    );
    dropped.push(...answers.dropped.filter(({ client }) => dropped.every((d) => d.client !== client)));
    const stepped = stepStarts(starts, answers.values);
    const kept = step % STEPS_PER_HALVING === 0 ? betterHalf(stepped) : stepped;
    starts = kept.map(({ means }) => means);
  }
  return startRound(chosenStart(starts[0], k, summaries.values), { ...summaries, dropped });
}

/** Reads and checks local clusters that began as none of the server's. */
function clustersAtStart(nColumns: number, most: number) {
  return (reply: Message, { nSamples }: ClientDescription): LocalClusters => {
    const read = readLocalClusters(reply, nColumns, 0);
    checkLocalClusters(reply, read, { nSamples, most, keepsEmpty: false });
    return read;
  };
}

function given(means: Matrix): Round["global"] {
  return { means, sizes: null, carriedOver: [] };
}

function startRound(global: Round["global"], answers: Gathered<LocalClusters> | null): Round {
  return {
    round: 0,
    global,
    convergenceChange: null,
    localClusters: "own",
    locals: answers === null ? [] : pair(answers),
    dropped: answers?.dropped ?? [],
  };
}

/** Each client's name with its answer. */
export function pair(answers: Gathered<LocalClusters>): Round["locals"] {
  return answers.clients.map((client, i) => ({ client, clusters: answers.values[i] }));
}
