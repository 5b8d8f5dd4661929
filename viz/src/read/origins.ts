import { nearest } from "./assignment.js";

/** Global means, as clients are sent them. */
export interface SentMeans {
  /** (k, nFeatures) row-major. */
  readonly means: Float64Array;
  readonly k: number;
  readonly nFeatures: number;
}

/**
 * Infers which global mean each mean of a client began as, where the directory does not say: the nearest. After one step
 * that is sure, but for ties: the rows nearest to a mean lie in a convex cell, and so does their own mean. Where several
 * would be of one, more steps were made: then their order tells, if there are as many as were sent; else nothing does.
 *
 * @param local those of its means that have rows, each of nFeatures
 * @param indices of these among all that it made
 * @param nLocal how many it made
 * @returns an index for each; null where it cannot be told
 */
export function inferOrigins(
  local: readonly Float64Array[],
  indices: readonly number[],
  nLocal: number,
  { means, k, nFeatures }: SentMeans,
): (number | null)[] {
  const origins = local.map((mean) => nearest(mean, 0, nFeatures, means));
  const times = new Map<number, number>();
  for (const origin of origins) times.set(origin, (times.get(origin) ?? 0) + 1);
  if (times.size === local.length) return origins;
  if (nLocal === k) return [...indices];
  return origins.map((origin) => (times.get(origin) === 1 ? origin : null));
}
