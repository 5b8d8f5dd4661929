import type { Moments } from "../../numerics/moments.js";
import { dot } from "../../numerics/orthonormal.js";
import { scatterProducts } from "../../numerics/scatter-products.js";
import type { Standardization } from "../../numerics/transform.js";
import { type LocalData, privacyThreshold } from "../local-data.js";
import {
  checkRows,
  countOf,
  floats,
  floatsOf,
  type Message,
  malformed,
  type NamedArray,
} from "../message.js";
import { transformArrays, transformOf } from "./arrays.js";
import { type MomentsReply, momentsReply } from "./normalization.js";

/*
 * Principal components of so many features that their scatter matrix is too large to send, or to decompose: the server
 * asks for its products with few directions, until it has found the components.
 */

/** The server asks for the moments of the normalized points; carries the normalization. */
export interface WideMomentsRequest extends Message {
  readonly kind: "pca/moments";
  readonly scalars: { privacy_threshold: number };
}

/** Leaves the client: what a `MomentsReply` holds, of its normalized points. */
export type WideMomentsReply = MomentsReply<"pca/moments">;

/** The server asks for the scatter's products with some directions; carries the normalization. */
export interface ProductsRequest extends Message {
  readonly kind: "pca/products";
  readonly scalars: { privacy_threshold: number };
}

/**
 * Leaves the client: a count of rows, and the scatter matrix of its normalized points about their own mean times each
 * direction. A client without points, or with fewer rows than a privacy threshold, sends zeros for all of them.
 */
export interface ProductsReply extends Message {
  readonly kind: "pca/products";
  readonly scalars: { n_samples: number };
  readonly arrays: {
    /** (q, d), one row a direction. */
    products: NamedArray;
  };
}

export function wideMomentsRequest(
  normalization: Standardization | null,
  privacyThreshold: number,
): WideMomentsRequest {
  return {
    kind: "pca/moments",
    arrays: transformArrays({ normalization, projection: null }),
    scalars: { privacy_threshold: privacyThreshold },
  };
}

export function answerWideMoments(local: LocalData, request: Message): WideMomentsReply {
  const transform = () => transformOf(request, local.nFeatures);
  return momentsReply("pca/moments", local, request, () => local.transformed(transform()));
}

/** @param directions (q, d) row-major */
export function productsRequest(
  normalization: Standardization | null,
  directions: Float64Array,
  nFeatures: number,
  privacyThreshold: number,
): ProductsRequest {
  return {
    kind: "pca/products",
    arrays: {
      ...transformArrays({ normalization, projection: null }),
      directions: floats(directions, directions.length / nFeatures, nFeatures),
    },
    scalars: { privacy_threshold: privacyThreshold },
  };
}

export function answerProducts(local: LocalData, request: Message): ProductsReply {
  const d = local.nFeatures;
  const directions = floatsOf(request, "directions", [null, d]);
  const withheld = local.nSamples < privacyThreshold(local, request);
  const products = withheld
    ? new Float64Array(directions.length)
    : scatterProducts(local.transformed(transformOf(request, d)).data, d, local.weights, directions);
  return {
    kind: "pca/products",
    scalars: { n_samples: withheld ? 0 : local.nSamples },
    arrays: { products: floats(products, directions.length / d, d) },
  };
}

/** Products of the scatter of one client's points. */
export interface Products {
  nSamples: number;
  /** (q, d) row-major */
  products: Float64Array;
}

/** @throws RunError if the reply is malformed */
export function readProducts(reply: Message, nDirections: number, nFeatures: number): Products {
  return {
    nSamples: countOf(reply, "n_samples"),
    products: floatsOf(reply, "products", [nDirections, nFeatures]),
  };
}

/**
 * Checks a reply that was read: it is of all of the client's rows, or withheld, and can be a scatter's products at all.
 *
 * @param directions (q, d) row-major, of length 1, as they were asked about
 * @param nSamples the number of the client's rows
 * @param moments what it said of them before; null where it did not
 * @throws RunError if it does not fit
 */
export function checkProducts(
  reply: Message,
  { nSamples: told, products }: Products,
  directions: Float64Array,
  nSamples: number,
  moments: Moments | null,
): void {
  checkRows(reply, told, nSamples);
  if (moments === null) return;
  const d = moments.sums.length;
  // The largest eigenvalue is at most their sum; with room for rounding.
  const most = moments.centeredSquaredSums.reduce((sum, square) => sum + square, 0) * (1 + 1e-6);
  for (let at = 0; at < products.length; at += d) {
    const product = products.subarray(at, at + d);
    const variance = dot(product, directions.subarray(at, at + d));
    // Divided by the bound first, as squares of what came may be beyond 64 bits.
    const part = product.map((value) => value / (most || 1));
    const length = (most || 1) * Math.sqrt(dot(part, part));
    if (variance >= -1e-6 * most && length <= most) continue;
    const expected = `products that its variances allow, at most ${most} long`;
    throw malformed(reply, 'array "products"', expected, `${length}, along its direction ${variance}`);
  }
}
