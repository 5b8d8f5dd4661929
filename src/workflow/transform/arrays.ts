import { holdSameArrays, type Standardization, type Transform } from "../../numerics/transform.js";
import {
  checkNotNegative,
  floats,
  floatsOf,
  type Message,
  malformed,
  meansOf,
  type NamedArray,
} from "../message.js";

/*
 * Each request carries the whole transform, so that a client that missed a round, or was started again in the
 * middle of a run, can take part in the next one.
 */

/** The transform as arrays of a request. */
export function transformArrays({ normalization, projection }: Transform): Record<string, NamedArray> {
  const arrays: Record<string, NamedArray> = {};
  if (normalization !== null) {
    arrays.normalization_mean = floats(normalization.mean, normalization.mean.length);
    arrays.normalization_scale = floats(normalization.scale, normalization.scale.length);
  }
  if (projection !== null) {
    const d = projection.mean.length;
    arrays.projection_mean = floats(projection.mean, d);
    arrays.projection_components = floats(projection.components, projection.components.length / d, d);
  }
  return arrays;
}

/**
 * The transform a request carries.
 *
 * @param nFeatures d, the client's own number of features
 * @throws RunError if an array has another shape
 */
export function transformOf(request: Message, nFeatures: number): Transform {
  if (last !== null && last.request === request && last.nFeatures === nFeatures) return last.transform;
  const read = readTransform(request, nFeatures);
  const transform = last !== null && isSameTransform(last.transform, read) ? last.transform : read;
  last = { request, nFeatures, transform };
  return transform;
}

/**
 * Of the request that was read last: the same one goes to one client of a thread after the other, and the next ones
 * carry the same transform, which clients then need not compare.
 */
let last: { request: Message; nFeatures: number; transform: Transform } | null = null;

function isSameTransform(a: Transform, b: Transform): boolean {
  return holdSameArrays(a.normalization, b.normalization) && holdSameArrays(a.projection, b.projection);
}

function readTransform(request: Message, nFeatures: number): Transform {
  return {
    normalization: normalizationOf(request, nFeatures),
    projection:
      "projection_mean" in request.arrays
        ? {
            mean: floatsOf(request, "projection_mean", [nFeatures]),
            components: componentsOf(request, nFeatures),
          }
        : null,
  };
}

function componentsOf(request: Message, nFeatures: number): Float64Array {
  const components = meansOf(request, "projection_components", nFeatures);
  const found = components.length / nFeatures;
  if (found > nFeatures) {
    throw malformed(request, 'array "projection_components"', `at most ${nFeatures} components`, `${found}`);
  }
  return components;
}

/** Null where the request asks about the points as they are. */
function normalizationOf(request: Message, nFeatures: number): Standardization | null {
  if (!("normalization_mean" in request.arrays)) return null;
  const scale = floatsOf(request, "normalization_scale", [nFeatures]);
  checkNotNegative(request, "normalization_scale", scale);
  return { mean: floatsOf(request, "normalization_mean", [nFeatures]), scale };
}
