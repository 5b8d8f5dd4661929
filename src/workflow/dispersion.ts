import type { ClusteredRows } from "../numerics/clustered-rows.js";
import { dispersionAbout } from "../numerics/dispersion.js";
import { checkNotNegative, floats, floatsOf, type Message, malformed, type NamedArray } from "./message.js";

/** Leaves the client: two totals for each cluster, with a privacy threshold only of that many rows or more. */
export type DispersionArrays = {
  /** (k,) sum of Euclidean distances to a mean of the cluster's that the request has. */
  readonly distance_sums: NamedArray;
  /** (k,) sum of their squares. */
  readonly squared_distance_sums: NamedArray;
};

export interface ClientDispersion {
  distanceSums: Float64Array;
  squaredDistanceSums: Float64Array;
}

/** @param means (k, p) that distances are to */
export function dispersionArrays(
  part: ClusteredRows,
  means: Float64Array,
  nColumns: number,
  threshold: number,
): DispersionArrays {
  const { counts, distanceSums, squaredDistanceSums } = dispersionAbout(part, means, nColumns);
  const released = (sums: Float64Array) =>
    floats(
      sums.map((sum, c) => (counts[c] >= threshold ? sum : 0)),
      sums.length,
    );
  return { distance_sums: released(distanceSums), squared_distance_sums: released(squaredDistanceSums) };
}

/** @throws RunError if the reply is malformed */
export function readDispersion(reply: Message, k: number): ClientDispersion {
  const distanceSums = floatsOf(reply, "distance_sums", [k]);
  const squaredDistanceSums = floatsOf(reply, "squared_distance_sums", [k]);
  checkNotNegative(reply, "distance_sums", distanceSums);
  checkNotNegative(reply, "squared_distance_sums", squaredDistanceSums);
  return { distanceSums, squaredDistanceSums };
}

/** Rounding may take a sum of distances this far beyond what it can be. */
const ROUNDING = 1e-9;

/**
 * Checks a reply that was read against what the client told of the same clusters.
 *
 * @param counts (k,) its rows in each cluster; null where it has not told
 * @throws RunError if it does not fit
 */
export function checkDispersion(reply: Message, found: ClientDispersion, counts: Int32Array | null): void {
  const { distanceSums, squaredDistanceSums } = found;
  for (let c = 0; c < distanceSums.length && counts !== null; c++) {
    // Cauchy-Schwarz, with room for rounding and for squares too small for 64 bits.
    const most = Math.sqrt(counts[c] * squaredDistanceSums[c]) * (1 + ROUNDING) + 1e-150 * counts[c];
    if (distanceSums[c] <= most) continue;
    const expected = `at most ${most} of ${counts[c]} rows in cluster ${c}`;
    throw malformed(reply, 'array "distance_sums"', expected, String(distanceSums[c]));
  }
}
