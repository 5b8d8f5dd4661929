import assert from "node:assert/strict";
import type { Assignment } from "#src/numerics/assignment.js";
import { BLOCK_ROWS } from "#src/numerics/blocks.js";
import { squaredDistance } from "#src/numerics/distances.js";
import { assign, clusterSums } from "./assign.js";
import { assertSameBits } from "./values.js";

export interface AssignedRows {
  readonly rows: Float64Array;
  readonly weights: Float64Array | null;
  /** Whether the inertia is announced when they are assigned. */
  readonly scores?: boolean;
}

/**
 * Assigns rows and asks for sums and inertia; every bit must be the reference's.
 *
 * @param between what is done before each question
 * @returns the sums and counts
 */
export function assignAsReference(
  assignment: Assignment,
  { rows, weights, scores = false }: AssignedRows,
  d: number,
  centroids: Float64Array,
  what: string,
  between: () => void = () => {},
): { sums: Float64Array; counts: Float64Array } {
  const labels = new Int32Array(rows.length / d);
  const unweighted = assign(rows, d, centroids, labels);
  const inertia = weights === null ? unweighted : weightedInertia({ rows, weights }, labels, centroids, d);
  const expected = clusterSums(rows, d, centroids.length / d, labels, weights);
  assignment.assign(centroids, scores);
  between();
  assert.deepEqual(assignment.labels, labels, what);
  between();
  const found = assignment.sums();
  assertSameBits(found.sums, expected.sums, `${what}: sums`);
  assertSameBits(found.counts, expected.counts, `${what}: counts`);
  between();
  assert.equal(assignment.inertia(), inertia, `${what}: inertia`);
  return expected;
}

/** Sum of weighted squared distances of rows to their centroids, block by block. */
export function weightedInertia(
  { rows, weights }: { rows: Float64Array; weights: Float64Array },
  labels: Int32Array,
  centroids: Float64Array,
  d: number,
): number {
  let inertia = 0;
  for (let start = 0; start < labels.length; start += BLOCK_ROWS) {
    let block = 0;
    for (let i = start; i < Math.min(labels.length, start + BLOCK_ROWS); i++) {
      block += weights[i] * squaredDistance(rows, i, centroids, labels[i], d);
    }
    inertia += block;
  }
  return inertia;
}
