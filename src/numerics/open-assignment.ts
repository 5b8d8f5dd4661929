import type { Assignment } from "./assignment.js";
import { BlockwiseAssignment } from "./kernels/blockwise-assignment.js";
import { BoundedAssignment } from "./kernels/bounded-assignment.js";
import { DirectAssignment, fitsInMemory } from "./kernels/direct-assignment.js";

/** Distances in all from which on bounds pay, and coordinates of centroids: measured on clusters that overlap. */
const LEAST_WORK = 2 ** 19;
const LEAST_COORDINATES = 2 ** 8;

/** Whether bounds save more distances than they cost. Either way the bits are the same. */
export function paysBounds(n: number, d: number, k: number): boolean {
  return d * k > LEAST_COORDINATES && n * d * k >= LEAST_WORK;
}

/**
 * @param rows (n, d) row-major, n >= 1; may not change
 * @param d number of features
 * @param k how many centroids are to be expected; any other number will do too
 * @param weights (n,) non-negative, or null for 1 each
 */
export function openAssignment(
  rows: Float64Array,
  d: number,
  k: number,
  weights: Float64Array | null,
): Assignment {
  if (paysBounds(rows.length / d, d, k)) {
    const bounded = BoundedAssignment.open(rows, d, k, weights);
    if (bounded !== null) return bounded;
  }
  return fitsInMemory(rows)
    ? new DirectAssignment(rows, d, k, weights)
    : new BlockwiseAssignment(rows, d, k, weights);
}
