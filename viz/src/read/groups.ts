/** How many groups stand for rows, and how many rows one has. */
export interface GroupFacts {
  /** null where the directory does not say. */
  readonly count: number | null;
  readonly least: number;
  /** null where the directory does not say. */
  readonly most: number | null;
}

/**
 * What a run's groups were.
 *
 * @param counts groups of each client; null where the directory does not say
 * @param weights rows behind each group of each client; null where they were not recorded
 * @param promised least number of rows that every client held to
 */
export function groupFacts(
  counts: readonly (number | null)[],
  weights: readonly (Float64Array | null)[],
  promised: number,
): GroupFacts {
  const count = counts.includes(null) ? null : counts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  if (weights.includes(null)) return { count, least: promised, most: null };
  let least = Infinity;
  let most = 0;
  for (const part of weights) {
    for (const weight of part ?? []) {
      least = Math.min(least, weight);
      most = Math.max(most, weight);
    }
  }
  return most === 0 ? { count, least: promised, most: null } : { count, least, most };
}
