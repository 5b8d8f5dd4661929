import type { PartitionRef } from "../data/partitions/partition-list.js";
import { createPartitionLoader } from "../data/partitions/partition-loader.js";
import { LocalClient } from "../federation/client/client.js";
import type { Matrix } from "../numerics/matrix.js";
import { clustersInUse } from "../workflow/cluster-count.js";
import type { Metrics } from "../workflow/metrics.js";
import { central, centralFrom, poolRows, score } from "./pooled.js";
import type { Configuration } from "./settings.js";

/** What pooled k-means makes of the same rows: what federation cost, which only a simulation can know. */
export interface Twin {
  /** From the run's own round 0, to the end. */
  sameStart: TwinScore;
  /** Best of `restarts` k-means++ starts on the pooled rows. */
  bestStart: TwinScore & { restarts: number };
}

/** One of the twin's clusterings, and how the run compares with it. */
export interface TwinScore {
  /** Clusters that have rows. Where the run has not as many, it is not compared. */
  nClusters: number;
  inertia: number;
  /** null without labels. */
  adjustedRandIndex: number | null;
  /** The run's inertia over the twin's, less 1: 0.01 is one per cent worse; null where they are not compared. */
  inertiaExcess: number | null;
  /** The run's adjusted Rand index less the twin's; null where they are not compared. */
  adjustedRandIndexDifference: number | null;
}

/** Starts of the twin; as scikit-learn's KMeans had them by default until version 1.4. */
const TWIN_RESTARTS = 10;

/**
 * Pools the rows of a simulation, clusters them and compares.
 *
 * @param start (k, p) the run's round 0, as clustered
 * @param metrics what the run came to
 * @throws RunError if a partition cannot be read
 */
export async function twinOf(
  configuration: Configuration,
  refs: readonly PartitionRef[],
  start: Matrix,
  metrics: Metrics,
): Promise<Twin> {
  const load = createPartitionLoader(refs);
  const clients: LocalClient[] = [];
  for (const ref of refs) {
    clients.push(new LocalClient(ref.client, await load(ref), configuration.privacyThreshold));
  }
  const { rows, transform } = await poolRows(clients, configuration);
  const compared = async (means: Matrix): Promise<TwinScore> => {
    const { inertia, adjustedRandIndex, clusterSizes } = await score(clients, transform, means);
    const nClusters = clustersInUse(clusterSizes);
    const areAsMany = nClusters === clustersInUse(metrics.clusterSizes);
    return {
      nClusters,
      inertia,
      adjustedRandIndex,
      inertiaExcess: areAsMany && inertia > 0 ? metrics.inertia / inertia - 1 : null,
      adjustedRandIndexDifference:
        !areAsMany || adjustedRandIndex === null || metrics.adjustedRandIndex === null
          ? null
          : metrics.adjustedRandIndex - adjustedRandIndex,
    };
  };
  const best = central(rows, configuration.kGlobal, TWIN_RESTARTS, configuration.randomState);
  return {
    sameStart: await compared(centralFrom(rows, start)),
    bestStart: { ...(await compared(best)), restarts: TWIN_RESTARTS },
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
