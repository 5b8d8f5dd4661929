import type { Matrix } from "../../numerics/matrix.js";
import { type RandomStream, randomStream } from "../../numerics/random.js";
import { applyTransform } from "../../numerics/transform.js";
import type { Clustering, Combined } from "./algorithm.js";

/** Round 0 without the clients: the server's draws, or the means it was given; null where it has neither. */
export function givenStart({ options, transform, scale }: Clustering): Combined | null {
  const { k, start, randomState } = options;
  if (start === "k-means++") return null;
  const means =
    start === "random"
      ? randomStart(k, scale, randomStream(randomState, "start/server"))
      : applyTransform(transform, start);
  return { global: { means, sizes: null, carriedOver: [] }, locals: [], dropped: [] };
}

/**
 * Draws starting means N(0, scale^2) in the space that is clustered in.
 *
 * @param k number of means
 * @param scale (p,) standard deviation of each coordinate there
 */
export function randomStart(k: number, scale: Float64Array, random: RandomStream): Matrix {
  const data = Float64Array.from(
    { length: k * scale.length },
    (_, i) => scale[i % scale.length] * random.normal(),
  );
  return { data, nRows: k, nColumns: scale.length };
}
