import { RunError } from "../errors.js";
import { type PrincipalComponents, principalComponents } from "../numerics/principal-components.js";
import { combineScatters, type Scatter, scatter } from "../numerics/scatter.js";
import type { Transform } from "../numerics/transform.js";
import { type LocalData, privacyThreshold } from "./local-data.js";
import { countOf, floats, floatsOf, type Message, type NamedArray } from "./message.js";
import { transformArrays, transformOf } from "./transform-arrays.js";

/** The server asks for the scatter of the normalized rows; carries the normalization. */
export interface ScatterRequest extends Message {
  readonly kind: "pca/scatter";
  readonly scalars: { privacy_threshold: number };
}

/**
 * Leaves the client: a count, and over its normalized rows a mean and a scatter matrix. A client with fewer
 * rows than the privacy threshold sends zeros for all of them.
 */
export interface ScatterReply extends Message {
  readonly kind: "pca/scatter";
  readonly scalars: { n_samples: number };
  readonly arrays: {
    /** (d,) */
    mean: NamedArray;
    /** (d * (d + 1) / 2,) upper triangle, row by row. */
    scatter_upper: NamedArray;
  };
}

export function scatterRequest(
  normalization: Transform["normalization"],
  privacyThreshold: number,
): ScatterRequest {
  return {
    kind: "pca/scatter",
    arrays: transformArrays({ normalization, projection: null }),
    scalars: { privacy_threshold: privacyThreshold },
  };
}

export function answerScatter(local: LocalData, request: Message): ScatterReply {
  const d = local.nFeatures;
  const withheld = local.nSamples < privacyThreshold(local, request);
  const { nSamples, mean, upper } = withheld
    ? { nSamples: 0, mean: new Float64Array(d), upper: new Float64Array((d * (d + 1)) / 2) }
    : scatter(local.transformed(transformOf(request, d)).data, d);
  return {
    kind: "pca/scatter",
    scalars: { n_samples: nSamples },
    arrays: { mean: floats(mean, d), scatter_upper: floats(upper, upper.length) },
  };
}

/** @throws RunError if the reply is malformed */
export function readScatter(reply: Message, nFeatures: number): Scatter {
  return {
    nSamples: countOf(reply, "n_samples"),
    mean: floatsOf(reply, "mean", [nFeatures]),
    upper: floatsOf(reply, "scatter_upper", [(nFeatures * (nFeatures + 1)) / 2]),
  };
}

/**
 * Combines replies, in client order, into the components of the pooled rows.
 *
 * @param nComponents how many, at most the number of features
 * @throws RunError if no client sent its scatter, or all rows are equal
 */
export function combinePca(replies: readonly Scatter[], nComponents: number): PrincipalComponents {
  const sent = replies.filter((reply) => reply.nSamples > 0);
  if (sent.length === 0) {
    throw new RunError(
      "every client has fewer rows than its privacy threshold, so none may send its covariance",
    );
  }
  const total = combineScatters(sent);
  if (total.upper.every((value) => value === 0)) {
    throw new RunError("all rows are equal, so there is nothing to cluster");
  }
  return principalComponents(total, nComponents);
}
