/** The same rows, assigned to centroids again and again. */
export interface Assignment {
  /** (n,) index of each row's centroid; the assignment's own, not to be written to. */
  readonly labels: Int32Array;
  /**
   * Assigns each row to its nearest centroid (squared Euclidean distance; the lower index wins a tie).
   *
   * @param centroids (k, d) row-major; may not change until the next
   * @param scores whether the inertia will be asked for, which then costs less. Changes speed only
   */
  assign(centroids: Float64Array, scores?: boolean): void;
  /**
   * Sums (k, d) and counts (k,) of the rows of each cluster, weighted, added up block by block. They are the caller's
   * to change, who then asks no more until the next `assign`.
   */
  sums(): { sums: Float64Array; counts: Float64Array };
  /** Sum of squared distances of the rows to their centroids, weighted, added up block by block. */
  inertia(): number;
  /** The centroids to come have nothing to do with those before. Changes speed only. */
  restart(): void;
  /** Gives back what memory there is to give; not to be used after. */
  close(): void;
}
