/**
 * Rows that are assigned to centroids by all distances, and where the results go: counts, and addresses in memory.
 * Kernels may write to what has one value for each row as far as the stride.
 */
@unmanaged
export class DirectProblem {
  n: i32;
  d: i32;
  /** Centroids, or how many are wanted. */
  k: i32;
  /** Rows of a column in memory, a multiple of 4, more than n. */
  stride: i32;
  /** Rows that are tried for each centroid that is drawn. */
  nCandidates: i32;
  /** (n, d) f64 */
  rows: usize;
  /** (d, stride) f64, the same feature by feature. */
  columns: usize;
  /** (n,) f64, or 0 for weights of 1. */
  weights: usize;
  /** As `weights`, of the draws of a start. */
  drawWeights: usize;
  /** (k, d) f64 */
  centroids: usize;
  /** (n,) i32 */
  labels: usize;
  /** (n,) f64, squared distances to the nearest centroids. */
  distances: usize;
  /** (k, d) f64 and (k,) f64, of each cluster. */
  sums: usize;
  counts: usize;
  /** Scratch: (k, d) f64. */
  blockSums: usize;
  /** Scratch: (n,) f64. */
  cumulative: usize;
  /** Scratch, with nPairs half of nCandidates, rounded up: (nPairs, d, 2) f64, the candidates. */
  candidates: usize;
  /** Scratch: (nPairs, 2) i32, the candidates' rows. */
  candidateRows: usize;
  /** Scratch: (nPairs, 2) f64, the sums of squared distances that each candidate would leave. */
  potentials: usize;
  /** Scratch: (nPairs, n, 2) f64, squared distances of all rows to all candidates. */
  candidateDistances: usize;
}
