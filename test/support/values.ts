import assert from "node:assert/strict";
import type { RandomStream } from "#src/numerics/random.js";

/** Ways to make a value: clusters, ties and duplicates, far from the origin, and at the ends of float64. */
export const VALUES: Readonly<Record<string, (random: RandomStream) => number>> = {
  normal: (random) => random.normal(),
  lattice: (random) => Math.floor(3 * random.uniform()),
  "all equal": () => 0.1,
  "large offset": (random) => 1e9 + random.normal(),
  "near ties": (random) => 1 + Math.floor(4 * random.uniform()) * 2 ** -52,
  tiny: (random) => 1e-170 * random.normal(),
  "subnormal in float32": (random) => 1e-42 * random.normal(),
  "beyond float32": (random) => 1e60 * random.normal(),
  "squares overflow": (random) => 1e160 * random.normal(),
  "all magnitudes": (random) => random.normal() * 10 ** (80 * (random.uniform() - 0.5)),
};

/** Bits, so that 0 and -0 differ. */
export function assertSameBits(actual: Float64Array, expected: Float64Array, what: string): void {
  const bits = (array: Float64Array) => new BigUint64Array(array.slice().buffer);
  assert.deepEqual(bits(actual), bits(expected), what);
}
