import type { Matrix } from "../../numerics/matrix.js";
import type { Transform } from "../../numerics/transform.js";
import type { Gathered } from "../exchange.js";
import { floats, type Message } from "../message.js";
import { transformArrays } from "../transform/arrays.js";
import type { Clustering } from "./algorithm.js";
import { checkLocalClusters, type LocalClusters, readLocalClusters } from "./local-clusters.js";

/** The server sends the global means and asks for one round of local work; carries the transform too. */
export interface UpdateRequest extends Message {
  readonly kind: "clustering/update";
  readonly scalars: {
    /** Name of the algorithm whose rounds these are. */
    algorithm: string;
    local_iterations: number;
    drop_empty: boolean;
    as_published: boolean;
    privacy_threshold: number;
  };
}

export interface UpdateOptions {
  /** Name of the algorithm whose rounds these are. */
  readonly algorithm: string;
  readonly localIterations: number;
  readonly dropEmpty: boolean;
  readonly asPublished: boolean;
  readonly privacyThreshold: number;
}

/** @param means (k, p) */
export function updateRequest(transform: Transform, means: Matrix, options: UpdateOptions): UpdateRequest {
  return {
    kind: "clustering/update",
    arrays: { ...transformArrays(transform), means: floats(means.data, means.nRows, means.nColumns) },
    scalars: {
      algorithm: options.algorithm,
      local_iterations: options.localIterations,
      drop_empty: options.dropEmpty,
      as_published: options.asPublished,
      privacy_threshold: options.privacyThreshold,
    },
  };
}

/**
 * Sends the means of the round before to every client.
 *
 * @param algorithm name of the one whose rounds these are
 * @param keepsEmpty whether clusters without points may leave a client
 */
export function askUpdate(
  { options, transform, nColumns, ask }: Clustering,
  algorithm: string,
  round: number,
  means: Matrix,
  keepsEmpty: boolean,
): Promise<Gathered<LocalClusters>> {
  const k = means.nRows;
  const request = updateRequest(transform, means, { ...options, algorithm });
  return ask(`round ${round}`, request, (reply, { nSamples }) => {
    const read = readLocalClusters(reply, nColumns, k);
    checkLocalClusters(reply, read, { nSamples, most: k, keepsEmpty });
    return read;
  });
}

/** Indices of the clusters that have points, or of all. */
export function filled(counts: Float64Array, keepsEmpty: boolean): number[] {
  const clusters: number[] = [];
  for (let c = 0; c < counts.length; c++) if (counts[c] > 0 || keepsEmpty) clusters.push(c);
  return clusters;
}
