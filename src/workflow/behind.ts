import type { LocalData } from "./local-data.js";
import { countOf, intsOf, type Message } from "./message.js";

/*
 * The smallest sum of weights behind any number of a reply, by the kind of reply: how many rows, at least, the points
 * that a number is computed from stand for. It is found from the reply and the points, not taken from a setting. Counts of
 * labels are apart: each is of its own rows alone.
 */

/** @returns null where nothing of rows is in the reply */
export type Behind = (local: LocalData, request: Message, reply: Message) => number | null;

/** Of totals over all rows, which a reply counts as `n_samples`: 0 where they are withheld. */
export const behindTotals: Behind = (_, __, reply) => countOf(reply, "n_samples") || null;

/**
 * Of clusters that a reply counts as `counts`, withheld ones too, since their count leaves all the same. Behind a count
 * of 0 there is no row.
 */
export const behindClusters: Behind = (_, __, reply) => {
  const { shape } = reply.arrays.counts;
  return leastOf(intsOf(reply, "counts", shape));
};

/** Of single points. */
export const behindPoints: Behind = ({ nPoints, weights }) => {
  if (nPoints === 0) return null;
  return weights === null ? 1 : leastOf(weights);
};

/** Rows behind a point. */
export function weightOf({ weights }: Pick<LocalData, "weights">, point: number): number {
  return weights === null ? 1 : weights[point];
}

/** The least sum of weights that is not 0. */
export function leastOf(sums: ArrayLike<number>): number | null {
  let least = Infinity;
  for (let i = 0; i < sums.length; i++) if (sums[i] > 0 && sums[i] < least) least = sums[i];
  return least === Infinity ? null : least;
}
