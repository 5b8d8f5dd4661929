import type { Assignment } from "./assignment.js";
import { BoundedAssignment } from "./kernels/bounded/bounded-assignment.js";
import { BlockwiseAssignment } from "./kernels/direct/blockwise-assignment.js";
import { DirectAssignment, fitsInMemory } from "./kernels/direct/direct-assignment.js";
import type { HeldRows } from "./kernels/memory/held-rows.js";

/** An assignment by kernels. */
interface KernelAssignment extends Assignment {
  /** The rows, if the assignment has them where kernels work on them: others may too, before a `restart`. */
  readonly held?: HeldRows;
}

/*
 * Where bounds pay, measured on clusters that overlap: distances in all, and coordinates of centroids, which are to be
 * more where rows are few enough for kernels that do all in one call.
 */
const LEAST_WORK = 2 ** 19;
const LEAST_COORDINATES = 2 ** 4;
const LEAST_COORDINATES_OF_FEW = 2 ** 8;

/** Whether bounds save more distances than they cost. Either way the bits are the same. */
export function paysBounds(rows: Float64Array, d: number, k: number): boolean {
  const leastCoordinates = fitsInMemory(rows) ? LEAST_COORDINATES_OF_FEW : LEAST_COORDINATES;
  return d * k > leastCoordinates && rows.length * k >= LEAST_WORK;
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
): KernelAssignment {
  if (paysBounds(rows, d, k)) {
    const bounded = BoundedAssignment.open(rows, d, k, weights);
    if (bounded !== null) return bounded;
  }
  return fitsInMemory(rows)
    ? new DirectAssignment(rows, d, k, weights)
    : new BlockwiseAssignment(rows, d, k, weights);
}
