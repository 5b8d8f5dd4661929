import { assign, clusterSums } from "./assign.js";
import { BoundedAssignment } from "./kernels/bounded-assignment.js";

/** The same rows, assigned to centroids again and again. */
export interface Assignment {
  /** (n,) index of each row's centroid; the assignment's own, not to be written to. */
  readonly labels: Int32Array;
  /**
   * Assigns each row to its nearest centroid, as `assign` does.
   *
   * @param centroids (k, d) row-major
   */
  assign(centroids: Float64Array): void;
  /** Sums (k, d) and counts (k,) of the rows of each cluster, weighted, as `clusterSums` gives them. */
  sums(): { sums: Float64Array; counts: Float64Array };
  /** Sum of squared distances of the rows, without weights, to their centroids, as `assign` returns it. */
  inertia(): number;
  /** The centroids to come have nothing to do with those before. Changes speed only. */
  restart(): void;
}

/**
 * Products of rows, clusters and features from which on kernels and bounds pay: below, setting them up costs
 * more than the distances. Either way the bits are the same.
 */
const LEAST_WORK = 2 ** 16;

/** Whether a problem is large enough for the kernels. */
export function isLarge(n: number, d: number, k: number): boolean {
  return n * d * k >= LEAST_WORK;
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
  return isLarge(rows.length / d, d, k)
    ? new BoundedAssignment(rows, d, weights)
    : new PlainAssignment(rows, d, weights);
}

/** By the reference itself. */
class PlainAssignment implements Assignment {
  readonly labels: Int32Array;
  readonly #rows: Float64Array;
  readonly #d: number;
  readonly #weights: Float64Array | null;
  #k = 0;
  #inertia = 0;

  constructor(rows: Float64Array, d: number, weights: Float64Array | null) {
    this.labels = new Int32Array(rows.length / d);
    this.#rows = rows;
    this.#d = d;
    this.#weights = weights;
  }

  assign(centroids: Float64Array): void {
    this.#k = centroids.length / this.#d;
    this.#inertia = assign(this.#rows, this.#d, centroids, this.labels);
  }

  sums(): { sums: Float64Array; counts: Float64Array } {
    return clusterSums(this.#rows, this.#d, this.#k, this.labels, this.#weights);
  }

  inertia(): number {
    return this.#inertia;
  }

  restart(): void {}
}
