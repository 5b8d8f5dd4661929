import type { PartitionRef } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { type BothClients, bothClients } from "../federation/client/both-clients.js";
import { withinBounds } from "../federation/client/private-client.js";
import type { Matrix } from "../numerics/matrix.js";
import { NO_POLICY } from "../privacy/policy.js";
import { clustersInUse } from "../workflow/cluster-count.js";
import type { Metrics } from "../workflow/metrics.js";
import { boxTransform } from "../workflow/transform/box.js";
import { boundsOf } from "./bounds-file.js";
import { transformOptionsOf } from "./configuration.js";
import { agreedTransform, askEach, central, centralFrom, type Pooled, pool, score } from "./pooled.js";
import { policyOf } from "./privacy-settings.js";
import type { Configuration } from "./settings.js";

/** What pooled k-means makes of the same rows: what federation cost, which only a simulation can know. */
export interface Twin extends TwinScores {
  /**
   * Pooled k-means of what stands for the rows: how the run compares with it is what federation cost, how it compares
   * with k-means of the rows is what groups cost. Left out where rows are computed from.
   */
  ofPoints?: TwinScores;
  groupCost?: { readonly sameStart: TwinCost; readonly bestStart: TwinCost };
}

/** How a run compares with pooled k-means, by where that starts. */
export interface TwinScores {
  /** From the run's own round 0, to the end. */
  sameStart: TwinScore;
  /** Best of `restarts` k-means++ starts on what is pooled. */
  bestStart: TwinScore & { restarts: number };
}

/** One clustering against another, both scored on the rows; null where they have not as many clusters. */
export interface TwinCost {
  /** Inertia over the other's, less 1: 0.01 is one per cent worse. */
  inertiaExcess: number | null;
  /** Adjusted Rand index less the other's; null without labels. */
  adjustedRandIndexDifference: number | null;
}

/** One of the twin's clusterings, scored on the rows, and how the run compares with it. */
export interface TwinScore extends TwinCost {
  /** Clusters that have rows. Where the run has not as many, it is not compared. */
  nClusters: number;
  inertia: number;
  /** null without labels. */
  adjustedRandIndex: number | null;
}

/** Starts of the twin; as scikit-learn's KMeans had them by default until version 1.4. */
const TWIN_RESTARTS = 10;

/** What a twin is made of. */
export interface TwinTask {
  readonly configuration: Configuration;
  readonly refs: readonly PartitionRef[];
  /** (k, p) the run's round 0, as clustered. */
  readonly start: Matrix;
  /** What the run came to, on rows. */
  readonly metrics: Metrics;
}

/**
 * Pools the rows of a simulation, and what stands for them, clusters both and compares.
 *
 * @throws RunError if a partition cannot be read
 */
export async function twinOf({ configuration, refs, start, metrics }: TwinTask): Promise<Twin> {
  const load = createPartitionLoader(refs);
  const bounds = boundsOf(configuration);
  // Noise is the run's alone: pooled, rows are clustered as they are.
  const policy = bounds === null ? policyOf(configuration) : NO_POLICY;
  const clients: BothClients[] = [];
  for (const ref of refs) {
    const partition = await load(ref);
    const own = bounds === null ? partition : withinBounds(partition, bounds);
    clients.push(bothClients(ref.client, own, policy));
  }
  const points = clients.map((client) => client.points);
  const rows = clients.map((client) => client.rows);
  const { kGlobal, randomState } = configuration;
  const ask = askEach(points, policy);
  const transform =
    bounds === null
      ? await agreedTransform(points[0].nFeatures, transformOptionsOf(configuration), ask)
      : boxTransform(bounds);
  // Groups may stand for the rows; a threshold withholds some of them, from the twin too.
  const askRows = policy.groupSize === 1 ? ask : askEach(rows);
  const run = scoreOf(metrics);
  const compared = async (means: Matrix): Promise<TwinScore> => {
    const found = scoreOf(await score(askRows, transform, means));
    return { ...found, ...costOf(run, found) };
  };
  const scoresOf = async (pooled: Pooled): Promise<TwinScores> => {
    const best = central(pooled, kGlobal, TWIN_RESTARTS, randomState);
    return {
      sameStart: await compared(centralFrom(pooled, start)),
      bestStart: { ...(await compared(best)), restarts: TWIN_RESTARTS },
    };
  };
  const ofRows = await scoresOf(pool(rows, transform));
  if (policy.groupSize === 1) return ofRows;
  const ofPoints = await scoresOf(pool(points, transform));
  const groupCost = {
    sameStart: costOf(ofPoints.sameStart, ofRows.sameStart),
    bestStart: costOf(ofPoints.bestStart, ofRows.bestStart),
  };
  return { ...ofRows, ofPoints, groupCost };
}

type Score = Pick<TwinScore, "nClusters" | "inertia" | "adjustedRandIndex">;

function scoreOf({ inertia, adjustedRandIndex, clusterSizes }: Metrics): Score {
  return { nClusters: clustersInUse(clusterSizes), inertia, adjustedRandIndex };
}

function costOf(one: Score, other: Score): TwinCost {
  const areAsMany = one.nClusters === other.nClusters;
  return {
    inertiaExcess: areAsMany && other.inertia > 0 ? one.inertia / other.inertia - 1 : null,
    adjustedRandIndexDifference:
      !areAsMany || other.adjustedRandIndex === null || one.adjustedRandIndex === null
        ? null
        : one.adjustedRandIndex - other.adjustedRandIndex,
  };
}

/**
 * What of a twin cannot be compared, in one line.
 *
 * @param metrics what the run came to
 * @returns null where all can
 */
export function notCompared({ sameStart, bestStart }: Twin, metrics: Metrics): string | null {
  const found = clustersInUse(metrics.clusterSizes);
  const others = [
    [sameStart, "from the same start"],
    [bestStart, `from the best of ${bestStart.restarts} starts`],
  ] as const;
  const said = others
    .filter(([twin]) => twin.nClusters !== found)
    .map(([twin, name]) => `${twin.nClusters} ${name}`);
  if (said.length === 0) return null;
  return `the run has ${found} clusters and is not compared with pooled k-means, which has ${said.join(" and ")}`;
}
