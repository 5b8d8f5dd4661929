import { columnMeans, type Moments } from "../../numerics/moments.js";
import { type Scatter, scaleScatter, scatter } from "../../numerics/scatter.js";
import type { Standardization } from "../../numerics/transform.js";
import type { LocalData } from "../local-data.js";
import {
  floats,
  floatsOf,
  LARGEST_SQUARE,
  LARGEST_VALUE,
  type Message,
  type NamedArray,
} from "../message.js";
import { readScatterUpper } from "./pca.js";

/*
 * The scatter that a client tells of with its moments, of its points as they are: what the server asks about the
 * normalized ones follows from it, and takes no exchange of its own.
 */

/**
 * Leaves the client beside its moments: the scatter matrix of its points, by their weights, and the digits of their mean
 * for which its sums have no room, far from 0. Of the normalized points the same would leave.
 */
export type ToldScatterArrays = {
  /** (d,) what sums / n_samples falls short of the mean, in the features' units. */
  readonly mean_remainders: NamedArray;
  /** (d * (d + 1) / 2,) upper triangle, row by row, in the product of two features' units. */
  readonly scatter_upper: NamedArray;
};

/** What a client told of its scatter. */
export interface ToldScatter {
  /** (d,) */
  readonly meanRemainders: Float64Array;
  /** (d * (d + 1) / 2,) */
  readonly upper: Float64Array;
}

/** @param told the client's moments, as they leave it: of no rows where they are withheld, and this is with them */
export function toldScatterArrays(
  local: LocalData,
  { nSamples, sums }: Pick<Moments, "nSamples" | "sums">,
): ToldScatterArrays {
  const d = local.nFeatures;
  const of = (remainders: Float64Array, upper: Float64Array) => ({
    mean_remainders: floats(remainders, d),
    scatter_upper: floats(upper, upper.length),
  });
  if (nSamples === 0) return of(new Float64Array(d), new Float64Array((d * (d + 1)) / 2));
  const { data } = local.raw();
  const remainders = columnMeans(data, meanOf({ nSamples, sums }), local.weights);
  return of(remainders, scatter(data, d, local.weights).upper);
}

/** The mean of a client's points, as its sums say on both sides. */
function meanOf({ nSamples, sums }: Pick<Moments, "nSamples" | "sums">): Float64Array {
  return sums.map((sum) => sum / nSamples);
}

/** @throws RunError if that part of the reply is malformed, or can be no scatter at all */
export function readToldScatter(reply: Message, nFeatures: number): ToldScatter {
  return {
    meanRemainders: floatsOf(reply, "mean_remainders", [nFeatures], LARGEST_VALUE),
    upper: readScatterUpper(reply, nFeatures),
  };
}

/**
 * The scatter of a client's normalized points.
 *
 * @returns null where it is beyond what can be computed with: absurd for the standard deviations that clients told
 */
export function normalizedScatter(
  { mean, scale }: Standardization,
  moments: Moments,
  { meanRemainders, upper }: ToldScatter,
): Scatter | null {
  const { nSamples, sums } = moments;
  if (nSamples === 0) return { nSamples, mean: sums, upper };
  // The difference first, which has room for the remainder.
  const offset = meanOf(moments).map((value, f) => value - mean[f] + meanRemainders[f]);
  const normalized = scaleScatter({ nSamples, mean: offset, upper }, scale);
  const isWithin = (values: Float64Array, most: number) => values.every((value) => Math.abs(value) <= most);
  return isWithin(normalized.mean, LARGEST_VALUE) && isWithin(normalized.upper, LARGEST_SQUARE)
    ? normalized
    : null;
}
