import { RunError, theSetting } from "../errors.js";
import { boundsOf } from "../experiment/bounds-file.js";
import { serverOptionsOf, transformOptionsOf } from "../experiment/configuration.js";
import { agreedTransform, askEach, central, pool, score } from "../experiment/pooled.js";
import { protectionOf } from "../experiment/privacy-settings.js";
import type { Configuration } from "../experiment/settings.js";
import { readStart } from "../experiment/start-file.js";
import { inlineFederation } from "../federation/carriers/inline.js";
import type { LocalClient } from "../federation/client/client.js";
import { serve } from "../federation/server.js";
import { silhouetteSums } from "../numerics/exact-silhouette.js";
import type { Matrix } from "../numerics/matrix.js";
import { concat } from "../numerics/small-arrays.js";
import type { Transform } from "../numerics/transform.js";
import { clustersInUse } from "../workflow/cluster-count.js";
import { NO_SILHOUETTES, type Silhouettes } from "../workflow/evaluate.js";
import type { Metrics } from "../workflow/metrics.js";
import { hasGroups, ROWS } from "../workflow/protection.js";
import { boxTransform } from "../workflow/transform/box.js";
import type { CachedClient, ClientCache } from "./client-cache.js";
import { metered } from "./metered.js";

/** One run of a study: a configuration with its seed, or its pooled twin. */
export interface TrialTask {
  readonly configuration: Configuration;
  /** Pool the rows and cluster them, instead of running a federation. */
  readonly central: boolean;
  /** Rounds after which the means are scored, beside the last one. */
  readonly scoreRounds: readonly number[];
}

export interface Trial {
  /** 0 for `central`. */
  rounds: number;
  converged: boolean;
  /** Rounds of the cycle that it ended in; null where it ended in none. */
  cycleLength: number | null;
  /** Of the rows. */
  metrics: Metrics;
  /** Of the points that clients computed from, where they stand for several rows; null where they are the rows. */
  metricsOfPoints: Metrics | null;
  /** As asked for by `scoreRounds`; null for a round that a run has not reached. */
  scores: (Metrics | null)[];
  /** Bytes of numbers in all messages; 0 for `central`. */
  bytesToClients: number;
  bytesToServer: number;
}

/** Whether a trial ended with as many clusters as were asked for: only then it can be compared with others. */
export function hasAllClusters({ metrics }: Trial, { kGlobal }: Configuration): boolean {
  return clustersInUse(metrics.clusterSizes) >= kGlobal;
}

/** What a trial found, for those who go on from it. */
export interface TrialOutcome {
  trial: Trial;
  clients: LocalClient[];
  transform: Transform;
  /** (k, p) as clustered. */
  means: Matrix;
}

/**
 * Runs a federation in memory, on the calling thread, and writes nothing.
 *
 * @throws as `run`
 */
export async function runTrial(
  { configuration, central: isCentral, scoreRounds }: TrialTask,
  cache: ClientCache,
): Promise<TrialOutcome> {
  const { clients: cached } = await cache.get(configuration);
  const clients = cached.map(({ rows }) => rows);
  if (isCentral) return centralTrial(configuration, cached, scoreRounds);
  const { clients: counted, traffic } = metered(cached.map((client) => client.ofTrial()));
  const options = serverOptionsOf(configuration, readStart(configuration.start));
  const scores = new Map<number, Metrics>();
  let last: { means: Matrix; transform: Transform } | undefined;
  const silhouettes = silhouettesOf(configuration, clients, () => last!.transform);
  // Where clients answer a server from something else, what they say of themselves is not of their rows.
  const areRowsHidden = hasGroups(options.protection) || options.protection.mode === "dp";
  const askRows = askEach(clients, areRowsHidden ? ROWS : options.protection);
  const signal = new AbortController().signal;
  let run: Pick<Trial, "rounds" | "converged" | "cycleLength"> = {
    rounds: 0,
    converged: false,
    cycleLength: null,
  };
  const federation = inlineFederation(counted);
  const ofServer = areRowsHidden ? NO_SILHOUETTES : silhouettes;
  for await (const event of serve(federation, options, { silhouettes: ofServer, signal })) {
    if (event.type === "round") {
      const { round, global } = event.round;
      last = { means: global.means, transform: event.transform };
      if (scoreRounds.includes(round)) scores.set(round, await score(askRows, last.transform, last.means));
    }
    if (event.type === "clustered") run = event;
    if (event.type !== "evaluation") continue;
    const { means, transform } = last!;
    const trial: Trial = {
      rounds: run.rounds,
      converged: run.converged,
      cycleLength: run.cycleLength,
      metrics: areRowsHidden ? await score(askRows, transform, means, silhouettes) : event.metrics,
      metricsOfPoints: event.ofPoints,
      scores: scoreRounds.map((round) => scores.get(round) ?? null),
      bytesToClients: traffic.toClients,
      bytesToServer: traffic.toServer,
    };
    return { trial, clients, means, transform };
  }
  throw new RunError("the run ended without an evaluation");
}

async function centralTrial(
  configuration: Configuration,
  cached: readonly CachedClient[],
  scoreRounds: readonly number[],
): Promise<TrialOutcome> {
  const clients = cached.map(({ rows }) => rows);
  const protection = protectionOf(configuration);
  const bounds = boundsOf(configuration);
  const stand = cached.map((client) => client.ofTrial());
  const ask = bounds === null ? askEach(stand, protection) : askEach(clients);
  const transform =
    bounds === null
      ? await agreedTransform(clients[0].nFeatures, transformOptionsOf(configuration), ask)
      : boxTransform(bounds);
  const rows = pool(clients, transform);
  const { kGlobal, restarts, randomState } = configuration;
  const { nRows } = rows.points;
  if (kGlobal > nRows) {
    throw new RunError(
      `cannot make ${kGlobal} clusters of ${nRows} rows: ${theSetting("kGlobal")} must be at most the number of rows`,
    );
  }
  const means = central(rows, kGlobal, restarts, randomState);
  const silhouettes = silhouettesOf(configuration, clients, () => transform);
  const askRows = hasGroups(protection) ? askEach(clients) : ask;
  const metrics = await score(askRows, transform, means, silhouettes);
  const trial: Trial = {
    rounds: 0,
    converged: true,
    cycleLength: null,
    metrics,
    metricsOfPoints: null,
    scores: scoreRounds.map(() => null),
    bytesToClients: 0,
    bytesToServer: 0,
  };
  return { trial, clients, transform, means };
}

function silhouettesOf(
  { maxSilhouetteSamples }: Configuration,
  clients: readonly LocalClient[],
  transform: () => Transform,
): Silhouettes {
  const pooled = () => concat(clients.map((client) => client.transformed(transform()).data));
  return { most: maxSilhouetteSamples, sums: async (means) => silhouetteSums([pooled()], [0], means) };
}
