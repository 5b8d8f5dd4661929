import { createPartitionLoader } from "../data/partition.js";
import type { PartitionRef } from "../data/partition-list.js";
import { LocalClient } from "../federation/client.js";
import type { Matrix } from "../numerics/matrix.js";
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
  inertia: number;
  /** null without labels. */
  adjusted_rand_index: number | null;
  /** The run's inertia over the twin's, less 1: 0.01 is one per cent worse. */
  inertia_excess: number | null;
  /** The run's adjusted Rand index less the twin's. */
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
    const { inertia, adjusted_rand_index } = score(clients, transform, means);
    return {
      inertia,
      adjusted_rand_index,
      inertia_excess: inertia > 0 ? metrics.inertia / inertia - 1 : null,
      adjusted_rand_index_difference:
        adjusted_rand_index === null || metrics.adjusted_rand_index === null
          ? null
          : metrics.adjusted_rand_index - adjusted_rand_index,
    };
  };
  const best = central(rows, start.nRows, TWIN_RESTARTS, configuration.randomState);
  const bestMeans = { data: best.means, nRows: best.means.length / rows.nColumns, nColumns: rows.nColumns };
  return {
    same_start: compared(centralFrom(rows, start)),
    best_start: { ...compared(bestMeans), restarts: TWIN_RESTARTS },
  };
}
