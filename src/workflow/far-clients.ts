import { median } from "../numerics/median.js";
import type { Moments } from "../numerics/moments.js";
import type { LocalClusters } from "./clustering/local-clusters.js";
import type { Notice } from "./notice.js";

/** What a client told of its rows. */
export interface Told {
  readonly client: string;
  readonly moments: Moments;
}

/** How a client's rows lie to those of the others, in the feature in which they differ most. */
interface Difference {
  client: string;
  feature: number;
  /** Standard deviations between its mean and the others', and its standard deviation over theirs. */
  distance: number;
  ratio: number;
}

/**
 * Beyond these a client is named. Clusters are told apart by a few standard deviations and federations of the least
 * alike clients by some tens; another unit, a misplaced decimal point and a filler for missing values come to more.
 */
const FAR = 100;
const WIDE = 300;
/** As many of its own are between it and the others, or some of its rows would lie among theirs. */
const APART = 3;
/** Up to so many clients each is compared with the others only; of more, one does not move a median. */
const FEW_CLIENTS = 16;
/** So many are described, each by itself. */
const MOST_DESCRIBED = 3;
/** The median absolute deviation of normal draws times this is their standard deviation. */
const MAD_SCALE = 1.4826;

/**
 * Clients whose rows lie absurdly far from those of the others, by what each told of them: at the median of the
 * others' means a client is expected within so many standard deviations, the larger of the median client's and of the
 * spread between the others' means (by their median absolute deviation, as Hampel's identifier has it), or within a few
 * of its own. A feature in which the others do not differ says nothing.
 *
 * @param told in client order
 * @param featureNames null where there are none
 * @see Hampel, The influence curve and its role in robust estimation, J. Am. Stat. Assoc. 69 (1974)
 */
export function farClients(told: readonly Told[], featureNames: readonly string[] | null): Notice[] {
  const some = told.filter(({ moments }) => moments.nSamples > 0);
  if (some.length < 2) return [];
  const worst = worstDifferences(some).filter(({ distance, ratio }) => distance > FAR || ratio > WIDE);
  if (worst.length === 0) return [];
  const name = (feature: number) => featureNames?.[feature] ?? `feature ${feature}`;
  // Of two that differ, or of many, nobody can say who is where they should not be.
  if (2 * worst.length >= some.length || worst.length > MOST_DESCRIBED) {
    const names = [...new Set(worst.map(({ feature }) => name(feature)))].slice(0, MOST_DESCRIBED);
    const text = `their rows lie far from those of others (${names.join(", ")}): are all in the same unit?`;
    return [{ from: "server", clients: worst.map(({ client }) => client), text }];
  }
  return worst.map(({ client, feature, distance, ratio }): Notice => {
    const how =
      distance > FAR
        ? `lie ${distance.toPrecision(2)} standard deviations from`
        : `spread ${ratio.toPrecision(2)} times as wide as`;
    const text = `its rows ${how} those of the others in ${name(feature)}: another unit, or values that stand for none?`;
    return { from: "server", clients: [client], text };
  });
}

function worstDifferences(told: readonly Told[]): Difference[] {
  const worst = told.map(({ client }): Difference => ({ client, feature: 0, distance: 0, ratio: 0 }));
  const d = told[0].moments.sums.length;
  for (let feature = 0; feature < d; feature++) {
    const means = told.map(({ moments }) => moments.sums[feature] / moments.nSamples);
    const stds = told.map(({ moments }) =>
      Math.sqrt(moments.centeredSquaredSums[feature] / moments.nSamples),
    );
    const all = told.length > FEW_CLIENTS ? middleOf(means, stds) : null;
    for (let c = 0; c < told.length; c++) {
      const { mean, std } = all ?? middleOf(without(means, c), without(stds, c));
      if (std === 0) continue;
      const distance = Math.abs(means[c] - mean) / Math.max(std, (APART / FAR) * stds[c]);
      const ratio = stds[c] / std;
      const now = worst[c];
      if (Math.max(distance / FAR, ratio / WIDE) <= Math.max(now.distance / FAR, now.ratio / WIDE)) continue;
      worst[c] = { client: now.client, feature, distance, ratio };
    }
  }
  return worst;
}

/** Where the rows of most clients lie, and how far they may lie from there. */
function middleOf(means: readonly number[], stds: readonly number[]): { mean: number; std: number } {
  const mean = median(means);
  const between = MAD_SCALE * median(means.map((one) => Math.abs(one - mean)));
  return { mean, std: Math.max(median(stds), between) };
}

function without(values: readonly number[], at: number): number[] {
  return values.filter((_, i) => i !== at);
}

/**
 * What the clusters that a client reported tell of its rows: what is withheld is left out, and of the spread within
 * clusters only its total over all features is known, which is shared out evenly. With several local iterations it is
 * roughly that.
 *
 * @param previous (k, p) the means that the client was sent; null at the start
 */
export function momentsOfClusters(
  { means, counts, origins, inertia }: LocalClusters,
  previous: Float64Array | null,
): Moments {
  const p = means.nColumns;
  const nSamples = counts.reduce((sum, count) => sum + count, 0);
  const sums = new Float64Array(p);
  const centeredSquaredSums = new Float64Array(p);
  /**
   * Squared distances to the means of the clusters themselves: those to the means that were sent, less the way
   * between.
   */
  let within = inertia;
  for (let c = 0; c < counts.length; c++) {
    for (let f = 0; f < p; f++) {
      const value = means.data[c * p + f];
      sums[f] += counts[c] * value;
      if (previous !== null) within -= counts[c] * (value - previous[origins[c] * p + f]) ** 2;
    }
  }
  for (let c = 0; c < counts.length; c++) {
    for (let f = 0; f < p; f++) {
      centeredSquaredSums[f] += counts[c] * (means.data[c * p + f] - sums[f] / nSamples) ** 2;
    }
  }
  const share = Math.max(0, within) / p;
  return { nSamples, sums, centeredSquaredSums: centeredSquaredSums.map((square) => square + share) };
}
