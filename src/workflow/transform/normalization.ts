import { RunError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import { combineMoments, isConstant, type Moments, moments } from "../../numerics/moments.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import {
  checkNotNegative,
  checkRows,
  countOf,
  flagOf,
  floats,
  floatsOf,
  LARGEST_VALUE,
  type Message,
  type NamedArray,
} from "../message.js";
import { type ToldScatterArrays, toldScatterArrays } from "./told-scatter.js";

/** The server asks for the moments of each feature; where it wants principal components, for the scatter with them. */
export interface MomentsRequest extends Message {
  readonly kind: "normalization/moments";
  readonly scalars: { privacy_threshold: number; with_scatter: boolean };
}

/**
 * Leaves the client: a count of rows, and a sum and a sum of squares for each feature of its points, by their weights.
 * Squares are by the standard deviation that it states, where it states one. A client without points, or with fewer rows
 * than a privacy threshold, sends zeros for all of them.
 */
export interface MomentsReply<Kind extends string = "normalization/moments"> extends Message {
  readonly kind: Kind;
  readonly scalars: { n_samples: number };
  readonly arrays: {
    /** (d,) in the features' units. */
    sums: NamedArray;
    /** (d,) about the client's own mean, which keeps the digits that plain squares would lose. */
    centered_squared_sums: NamedArray;
  };
}

/** Leaves the client where it is asked for the scatter too. */
export interface MomentsAndScatterReply extends MomentsReply {
  readonly arrays: MomentsReply["arrays"] & ToldScatterArrays;
}

/** Mean and standard deviation of each feature over the whole federation. */
export interface Normalization {
  /** (d,) in the features' units. */
  mean: Float64Array;
  /** (d,) population standard deviation; 0 where the feature is constant, but for rounding. */
  std: Float64Array;
  /** Indices of the constant features. */
  constantFeatures: number[];
  /** Those of them that are constant but for rounding, with the standard deviation that counts for nothing. */
  nearlyConstant: { feature: number; deviation: number }[];
  /** Rows that it is of; 0 where it follows from public bounds. */
  nSamples: number;
}

/** @param withScatter whether to ask for the scatter of the points too */
export function momentsRequest(privacyThreshold: number, withScatter: boolean): MomentsRequest {
  return {
    kind: "normalization/moments",
    arrays: {},
    scalars: { privacy_threshold: privacyThreshold, with_scatter: withScatter },
  };
}

export function answerMoments(local: LocalData, request: Message): MomentsReply | MomentsAndScatterReply {
  const reply = statedMoments(local, request);
  if (!flagOf(request, "with_scatter")) return reply;
  const sums = reply.arrays.sums.data as Float64Array;
  const more = toldScatterArrays(local, { nSamples: reply.scalars.n_samples, sums });
  return { ...reply, arrays: { ...reply.arrays, ...more } };
}

/** Moments of the points, with the standard deviations that the client states. */
function statedMoments(local: LocalData, request: Message): MomentsReply {
  const reply = momentsReply("normalization/moments", local, request, () => local.raw());
  const { n_samples: nSamples } = reply.scalars;
  if (local.spreads === null || nSamples === 0) return reply;
  const ofPoints = reply.arrays.centered_squared_sums.data;
  const squares = local.spreads.map((spread, f) =>
    Number.isNaN(spread) ? ofPoints[f] : nSamples * spread * spread,
  );
  return { ...reply, arrays: { ...reply.arrays, centered_squared_sums: floats(squares, squares.length) } };
}

/** @param pointsOf the client's points, as the request is about them */
export function momentsReply<Kind extends string>(
  kind: Kind,
  local: LocalData,
  request: Message,
  pointsOf: () => Matrix,
): MomentsReply<Kind> {
  const d = local.nFeatures;
  const withheld = local.nSamples < privacyThreshold(local, request);
  const { nSamples, sums, centeredSquaredSums } = withheld
    ? { nSamples: 0, sums: new Float64Array(d), centeredSquaredSums: new Float64Array(d) }
    : moments(pointsOf().data, d, local.weights);
  return {
    kind,
    scalars: { n_samples: nSamples },
    arrays: { sums: floats(sums, d), centered_squared_sums: floats(centeredSquaredSums, d) },
  };
}

/**
 * @param told the number of the client's rows, as the handshake said: a reply is of all of them, or withheld
 * @throws RunError if the reply is malformed, or does not fit
 */
export function readMoments(reply: Message, nFeatures: number, told: number): Moments {
  const centeredSquaredSums = floatsOf(reply, "centered_squared_sums", [nFeatures]);
  checkNotNegative(reply, "centered_squared_sums", centeredSquaredSums);
  const nSamples = countOf(reply, "n_samples");
  const sums = floatsOf(reply, "sums", [nFeatures], LARGEST_VALUE);
  checkRows(reply, nSamples, told);
  return { nSamples, sums, centeredSquaredSums };
}

/** Deviation that pooling may leave of equal values, against their mean. */
const POOLING = 4 * Number.EPSILON;

/**
 * Combines replies, in client order, as if what they are of had been pooled.
 *
 * @throws RunError if no client sent moments, or every feature is constant
 */
export function combineNormalization(replies: readonly Moments[]): Normalization {
  const sent = replies.filter((reply) => reply.nSamples > 0);
  if (sent.length === 0) {
    throw new RunError(
      "every client has fewer rows than its group size, or its privacy threshold, so none may send its sums",
    );
  }
  const total = combineMoments(sent);
  const mean = total.sums.map((sum) => sum / total.nSamples);
  const nearlyConstant: Normalization["nearlyConstant"] = [];
  const std = total.centeredSquaredSums.map((sum, feature) => {
    const variance = sum / total.nSamples;
    const deviation = Math.sqrt(variance);
    if (!isConstant(variance, mean[feature], total.nSamples)) return deviation;
    if (deviation > POOLING * Math.abs(mean[feature])) nearlyConstant.push({ feature, deviation });
    return 0;
  });
  const constantFeatures = [...std.keys()].filter((f) => std[f] === 0);
  if (constantFeatures.length === std.length) {
    throw new RunError(
      "all rows are equal: every feature is constant over the federation, so there is nothing to cluster",
    );
  }
  return { mean, std, constantFeatures, nearlyConstant, nSamples: total.nSamples };
}
