import { listPartitions } from "../data/partitions/partition-list.js";
import { UsageError } from "../errors.js";
import { configure, serverOptionsOf } from "../experiment/configuration.js";
import { policyOf } from "../experiment/privacy-settings.js";
import { scoredOnRows } from "../experiment/rows-metrics.js";
import { inlineFederation } from "../federation/carriers/inline.js";
import { ofRows } from "../federation/carriers/inline-simulation.js";
import { openClients } from "../federation/client/client-source.js";
import { serve } from "../federation/server.js";
import type { Matrix } from "../numerics/matrix.js";
import { NO_SILHOUETTES } from "../workflow/evaluate.js";
import type { Metrics } from "../workflow/metrics.js";
import { inCell } from "./output/in-cell.js";
import { type RunSettings, withData } from "./run.js";

/**
 * Evaluates centroids on a federation's data without pooling it. The centroids may be another run's, scikit-learn's or
 * your own.
 * The metrics are of the rows, however clients protect them from a server. Nothing is written. The exact silhouette is null: it needs rows in one place.
 *
 * @param centroids on the original scale: k rows, one number a feature; or what a result's `finalMeans` is
 * @param settings as of a run; `normalize`, `pcaComponents` and those of privacy matter here
 * @throws UsageError for centroids that do not fit the data; RunError if the clients or their data will not do
 * @example const metrics = await fk.evaluate(result.finalMeans, { data: otherYear });
 */
export function evaluate(
  centroids: Matrix | readonly (readonly number[])[],
  settings: Omit<RunSettings, "kGlobal" | "start">,
): Promise<Metrics> {
  return inCell(async (signal) => {
    const start = matrixOf(centroids);
    const configuration = configure({ ...withData(settings as RunSettings), kGlobal: start.nRows });
    if (configuration.privacy === "dp") {
      throw new UsageError(
        "privacy must be groups or threshold to evaluate, found dp: metrics of rows would have to be bought of their budget",
      );
    }
    const refs = await listPartitions(configuration.data, configuration);
    const policy = policyOf(configuration);
    const clients = await openClients(refs.map((ref) => ({ name: ref.client, policy, data: ref })));
    const options = {
      ...serverOptionsOf(configuration, start),
      // The components of a picture are not needed here, only those that the run clusters in.
      pca: configuration.pcaComponents !== null,
      maxIterations: 0,
    };
    for await (const event of serve(inlineFederation(clients), options, { signal })) {
      if (event.type !== "evaluation") continue;
      if (policy.groupSize === 1) return event.metrics;
      const asking = { deadline: options.deadline * 1000, signal };
      return (await scoredOnRows(event, ofRows(clients), NO_SILHOUETTES, asking)).metrics;
    }
    throw new Error("the run ended without an evaluation");
  });
}

function matrixOf(centroids: Matrix | readonly (readonly number[])[]): Matrix {
  if (!Array.isArray(centroids)) return centroids as Matrix;
  const rows = centroids as readonly (readonly number[])[];
  const nColumns = rows[0]?.length ?? 0;
  const bad = rows.findIndex((row) => row.length !== nColumns || !row.every(Number.isFinite));
  if (nColumns === 0 || bad >= 0) {
    throw new UsageError(
      `centroids must be rows of ${nColumns || "at least one"} finite numbers each, found ${JSON.stringify(rows[Math.max(bad, 0)]) ?? "none"}`,
    );
  }
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nColumns };
}
