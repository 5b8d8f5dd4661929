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
  /** Above 1 where it is absurd. */
  severity: number;
  /** What differs how much, in words. */
  how: string;
  /** The client's own and the others', in the feature's unit. */
  figures: readonly [what: "mean" | "standard deviation", own: number, others: number];
}

/**
 * Beyond these a client is named. Clusters are told apart by a few standard deviations and federations of the least
 * alike clients by some tens; another unit, a misplaced decimal point and a filler for missing values come to more.
 */
const FAR = 100;
const WIDE = 300;
/** A mean that is fewer of the others' standard deviations from 0 than this may be any number of times as large. */
const FROM_ZERO = 0.1;
/** Means agree whose middle is as many times as large as the spread between them. */
const AGREEING = 2;
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
 * of its own. Neither mean nor standard deviation should be hundreds of times the others', as in milligrams where others
 * have grams, nor both of them hundreds of times less. A feature in which the others do not differ says nothing.
 *
 * @param told in client order
 * @param featureNames null where there are none
 * @see Hampel, The influence curve and its role in robust estimation, J. Am. Stat. Assoc. 69 (1974)
 */
export function farClients(told: readonly Told[], featureNames: readonly string[] | null): Notice[] {
  const some = told.filter(({ moments }) => moments.nSamples > 0);
  if (some.length < 2) return [];
  const worst = worstDifferences(some);
  if (worst.length === 0) return [];
  const name = (feature: number) => featureNames?.[feature] ?? `feature ${feature}`;
  const inWords = ({ client, figures: [what, own, others] }: Difference) =>
    `${what} ${figure(own)} at ${client}, ${figure(others)} at the others`;
  // Of two that differ, or of many, nobody can say who is where they should not be.
  if (2 * worst.length >= some.length || worst.length > MOST_DESCRIBED) {
    const ofFeatures = new Map(worst.map((one) => [one.feature, one]));
    const shown = [...ofFeatures.values()].slice(0, MOST_DESCRIBED);
    const listed = shown.map((one) => `${name(one.feature)}: ${inWords(one)}`).join("; ");
    const text = `their rows lie far from those of others (${listed}): are all in the same unit?`;
    return [{ from: "server", clients: worst.map(({ client }) => client), text }];
  }
  return worst.map((one): Notice => {
    const text = `${one.how} in ${name(one.feature)} (${inWords(one)}): another unit, or values that stand for none?`;
    return { from: "server", clients: [one.client], text };
  });
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The worst difference of each client that has one that is absurd. */
function worstDifferences(told: readonly Told[]): Difference[] {
  const worst = new Map<number, Difference>();
  const d = told[0].moments.sums.length;
  for (let feature = 0; feature < d; feature++) {
    const means = told.map(({ moments }) => moments.sums[feature] / moments.nSamples);
    const stds = told.map(({ moments }) =>
      Math.sqrt(moments.centeredSquaredSums[feature] / moments.nSamples),
    );
    const all = told.length > FEW_CLIENTS ? middleOf(means, stds) : null;
    for (let c = 0; c < told.length; c++) {
      const others = all ?? middleOf(without(means, c), without(stds, c));
      if (others.std === 0) continue;
      const own = { mean: means[c], std: stds[c] };
      const severities = severitiesOf(own, others);
      const severity = Math.max(...severities);
      if (!(severity > (worst.get(c)?.severity ?? 1))) continue;
      const kind = severities.findIndex((one) => one > 1);
      worst.set(c, { client: told[c].client, feature, severity, ...described(kind, own, others) });
    }
  }
  return [...worst.keys()].sort((a, b) => a - b).map((c) => worst.get(c)!);
}

/** How rows spread about their mean. */
interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** Of each kind of difference, in the order of `described`: above 1 where it is absurd. */
function severitiesOf(
  own: Spread,
  others: Middle,
): [far: number, wide: number, large: number, small: number] {
  const { far, wide, times } = differenceOf(own, others);
  const isFromZero = Math.abs(others.mean) >= FROM_ZERO * others.std;
  // A small mean alone, or a small spread, is nothing unusual; rows that are equal have no spread. One of few others may
  // be the one that is too large.
  const isAlone = own.mean !== 0 && own.std > 0 && Math.abs(others.mean) >= AGREEING * others.between;
  const small = isAlone ? Math.min(1 / times, 1 / wide) / WIDE : 0;
  return [far / FAR, wide / WIDE, isFromZero ? times / WIDE : 0, isFromZero ? small : 0];
}

/** Standard deviations between their means; how many times as wide, and as large, own rows are. */
function differenceOf(own: Spread, others: Spread) {
  return {
    far: Math.abs(own.mean - others.mean) / Math.max(others.std, (APART / FAR) * own.std),
    wide: own.std / others.std,
    times: Math.abs(own.mean) / Math.abs(others.mean),
  };
}

function described(kind: number, own: Spread, others: Spread): Pick<Difference, "how" | "figures"> {
  const { far, wide, times } = differenceOf(own, others);
  const how = [
    `its rows lie ${far.toPrecision(2)} standard deviations from those of the others`,
    `its rows spread ${wide.toPrecision(2)} times as wide as those of the others`,
    `its mean is ${times.toPrecision(2)} times that of the others`,
    `its mean and its spread are ${Math.min(1 / times, 1 / wide).toPrecision(2)} times less than those of the others`,
  ][kind];
  const isSpread = kind === 1;
  return {
    how,
    figures: isSpread ? ["standard deviation", own.std, others.std] : ["mean", own.mean, others.mean],
  };
}

/** Where the rows of most clients lie, and how far they may lie from there. */
interface Middle extends Spread {
  /** Spread between their means. */
  readonly between: number;
}

function middleOf(means: readonly number[], stds: readonly number[]): Middle {
  const mean = median(means);
  const between = MAD_SCALE * median(means.map((one) => Math.abs(one - mean)));
  return { mean, std: Math.max(median(stds), between), between };
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
