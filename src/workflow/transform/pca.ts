import { RunError } from "../../errors.js";
import { type PrincipalComponents, principalComponents } from "../../numerics/principal-components.js";
import { combineScatters, type Scatter, scatter } from "../../numerics/scatter.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import {
  checkRows,
  countOf,
  floats,
  floatsOf,
  LARGEST_VALUE,
  type Message,
  malformed,
  type NamedArray,
} from "../message.js";

/** The server of a run that does not normalize asks for the scatter of the points. */
export interface ScatterRequest extends Message {
  readonly kind: "pca/scatter";
  readonly scalars: { privacy_threshold: number };
}

/**
 * Leaves the client: a count of rows, and of its points, by their weights, a mean and a scatter matrix. A client without
 * points, or with fewer rows than a privacy threshold, sends zeros for all of them.
 */
export interface ScatterReply extends Message {
  readonly kind: "pca/scatter";
  readonly scalars: { n_samples: number };
  readonly arrays: {
    /** (d,) in the features' units. */
    mean: NamedArray;
    /** (d * (d + 1) / 2,) upper triangle, row by row, in the product of two features' units. */
    scatter_upper: NamedArray;
  };
}

export function scatterRequest(privacyThreshold: number): ScatterRequest {
  return { kind: "pca/scatter", arrays: {}, scalars: { privacy_threshold: privacyThreshold } };
}

export function answerScatter(local: LocalData, request: Message): ScatterReply {
  const d = local.nFeatures;
  const withheld = local.nSamples < privacyThreshold(local, request);
  const { nSamples, mean, upper } = withheld
    ? { nSamples: 0, mean: new Float64Array(d), upper: new Float64Array((d * (d + 1)) / 2) }
    : scatter(local.raw().data, d, local.weights);
  return {
    kind: "pca/scatter",
    scalars: { n_samples: nSamples },
    arrays: { mean: floats(mean, d), scatter_upper: floats(upper, upper.length) },
  };
}

/**
 * @param told the number of the client's rows, as the handshake said: a reply is of all of them, or withheld
 * @throws RunError if the reply is malformed, does not fit, or can be no scatter at all
 */
export function readScatter(reply: Message, nFeatures: number, told: number): Scatter {
  const nSamples = countOf(reply, "n_samples");
  const mean = floatsOf(reply, "mean", [nFeatures], LARGEST_VALUE);
  const upper = readScatterUpper(reply, nFeatures);
  checkRows(reply, nSamples, told);
  return { nSamples, mean, upper };
}

/**
 * @returns (d * (d + 1) / 2,)
 * @throws RunError if the array is malformed, or can be no scatter at all
 */
export function readScatterUpper(reply: Message, nFeatures: number): Float64Array {
  const upper = floatsOf(reply, "scatter_upper", [(nFeatures * (nFeatures + 1)) / 2]);
  checkVariances(reply, nFeatures, upper);
  return upper;
}

function checkVariances(reply: Message, d: number, upper: Float64Array): void {
  const spread = new Float64Array(d);
  for (let a = 0, t = 0; a < d; t += d - a, a++) {
    if (upper[t] < 0) {
      throw malformed(reply, 'array "scatter_upper"', "no negative variance", String(upper[t]));
    }
    spread[a] = Math.sqrt(upper[t]);
  }
  // Cauchy-Schwarz, with room for rounding and for squares too small for 64 bits.
  for (let a = 0, t = 0; a < d; a++) {
    for (let b = a; b < d; b++, t++) {
      const most = spread[a] * spread[b] * (1 + 1e-6) + 1e-150 * (spread[a] + spread[b]);
      if (Math.abs(upper[t]) <= most) continue;
      const expected = `a covariance that its variances allow, at most ${most}`;
      throw malformed(reply, 'array "scatter_upper"', expected, String(upper[t]));
    }
  }
}

/**
 * Combines replies, in client order, into the components of the pooled points.
 *
 * @param nComponents how many, at most the number of features
 * @throws RunError if no client sent its scatter, or all points are equal
 */
export function combinePca(replies: readonly Scatter[], nComponents: number): PrincipalComponents {
  const sent = replies.filter((reply) => reply.nSamples > 0);
  if (sent.length === 0) {
    throw new RunError(
      "every client has fewer rows than its group size, or its privacy threshold, so none may send its covariance",
    );
  }
  const total = combineScatters(sent);
  if (total.upper.every((value) => value === 0)) {
    throw new RunError("all rows are equal, so there is nothing to cluster");
  }
  return principalComponents(total, nComponents);
}
