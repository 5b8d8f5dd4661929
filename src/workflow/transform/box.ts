import type { Standardization } from "../../numerics/transform.js";
import type { FeatureBounds } from "../handshake.js";
import type { AgreedTransform, TransformEvent } from "./agree.js";

/**
 * Scales features by their public bounds to the box [-1, 1]^d: nobody is asked, and so nothing is spent. As a
 * standardization its mean is the middle between the bounds, and its scale half their distance.
 */
export function* transformToBox(bounds: FeatureBounds): Generator<TransformEvent, AgreedTransform> {
  const transform = boxTransform(bounds);
  const { mean, scale } = transform.normalization;
  const normalization = { mean, std: scale, constantFeatures: [], nearlyConstant: [], nSamples: 0 };
  yield { type: "normalization", normalization, dropped: [] };
  return {
    transform,
    scale: new Float64Array(mean.length).fill(1),
    // No client tells where its rows lie.
    farClientsNamed: true,
  };
}

/** What takes rows to the box, as a transform. */
export function boxTransform({ low, high }: FeatureBounds): {
  normalization: Standardization;
  projection: null;
} {
  const scale = high.map((value, f) => (value - low[f]) / 2);
  const mean = low.map((value, f) => value + scale[f]);
  return { normalization: { mean, scale }, projection: null };
}
