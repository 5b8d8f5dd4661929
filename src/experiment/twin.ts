import { createPartitionLoader } from "../data/partitions/partition.js";
import type { PartitionRef } from "../data/partitions/partition-list.js";
import { LocalClient } from "../federation/client/client.js";
import type { Matrix } from "../numerics/matrix.js";
import { clustersInUse } from "../workflow/cluster-count.js";
import type { Metrics } from "../workflow/metrics.js";
import { central, centralFrom, poolRows, score } from "./pooled.js";
import type { Configuration } from "./settings.js";

/** What pooled k-means makes of the same rows: what federation cost, which only a simulation can know. */
export interface Twin {
  /** From the run's own round 0, to the end. */
  same_start: TwinScore;
  /** Best of `restarts` k-means++ starts on the pooled rows. */
  best_start: TwinScore & { restarts: number };
}

export interface TwinScore {
  /** Clusters that have rows. Where the run has not as many, it is not compared. */
  n_clusters: number;
  inertia: number;
  /** null without labels. */
  adjusted_rand_index: number | null;
  /** The run's inertia over the twin's, less 1: 0.01 is one per cent worse; null where they are not compared. */
  inertia_excess: number | null;
  /** The run's adjusted Rand index less the twin's; null where they are not compared. */
  adjusted_rand_index_difference: number | null;
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
  const compared = (means: Matrix): TwinScore => {
    const { inertia, adjusted_rand_index, cluster_sizes } = score(clients, transform, means);
    const n_clusters = clustersInUse(cluster_sizes);
    const areAsMany = n_clusters === clustersInUse(metrics.cluster_sizes);
    return {
      n_clusters,
      inertia,
      adjusted_rand_index,
      inertia_excess: areAsMany && inertia > 0 ? metrics.inertia / inertia - 1 : null,
      adjusted_rand_index_difference:
        !areAsMany || adjusted_rand_index === null || metrics.adjusted_rand_index === null
          ? null
          : metrics.adjusted_rand_index - adjusted_rand_index,
    };
  };
  const best = central(rows, configuration.kGlobal, TWIN_RESTARTS, configuration.randomState);
  const bestMeans = { data: best.means, nRows: best.means.length / rows.nColumns, nColumns: rows.nColumns };
  return {
    same_start: compared(centralFrom(rows, start)),
    best_start: { ...compared(bestMeans), restarts: TWIN_RESTARTS },
  };
}

/**
 * What of a twin cannot be compared, in one line.
 *
 * @param metrics what the run came to
 * @returns null where all can
 */
export function notCompared({ same_start, best_start }: Twin, metrics: Metrics): string | null {
  const found = clustersInUse(metrics.cluster_sizes);
  const others = [
    [same_start, "from the same start"],
    [best_start, `from the best of ${best_start.restarts} starts`],
  ] as const;
  const said = others
    .filter(([twin]) => twin.n_clusters !== found)
    .map(([twin, name]) => `${twin.n_clusters} ${name}`);
  if (said.length === 0) return null;
  return `the run has ${found} clusters and is not compared with pooled k-means, which has ${said.join(" and ")}`;
}
