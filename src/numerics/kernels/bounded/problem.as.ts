/**
 * Rows that are assigned again and again, what is known of each, and the centroids of the time: addresses in memory
 * and counts.
 */
@unmanaged
export class BoundedProblem {
  /** Relative error of a distance: see bounds.as.ts. */
  slack: f64;
  /** An upper bound on how far any centroid has moved since the first round. */
  anyDrift: f64;
  /** An upper bound on the largest norm of a centroid less the centre; Infinity where float32 will not do. */
  largestNorm: f64;
  /** Share of distances left in doubt by bounds above which it is quicker to compute all of them in bulk. */
  bulkShare: f64;
  n: i32;
  d: i32;
  k: i32;
  /** Rows that stay in the processor's second cache while one kernel after another looks at them. */
  batchRows: i32;
  nGroups: i32;
  panelsPerGroup: i32;
  /** Of each row: as many as groups, or one for each centroid and as many more as fill the last eight. */
  nBounds: i32;
  /** Whether bounds were last seen to be worth little, and distances computed in bulk. */
  isBulk: i32;
  /** Whether squared distances to the nearest centroids are added up too, while the rows are at hand. */
  scores: i32;
  /** (n, d) f64 */
  rows: usize;
  /** (n,) f64, or 0 for weights of 1. */
  weights: usize;
  /** (n,) i32 */
  labels: usize;
  /** (n,) f32, stored upper bound on the distance to the nearest. */
  uppers: usize;
  /** (n,) f32, stored lower bound on the distance to any other, for `filterRows`: the least over all groups. */
  lowers: usize;
  /**
   * (n, nBounds) f32, stored lower bounds on the distance to any other of a group, which are `lowers` where there is
   * one group; or on the distance to each centroid.
   */
  bounds: usize;
  /** (nBlocks, k, d) f64, sums of each cluster in each block. */
  blockSums: usize;
  /** (nBlocks,) f64, sums of squared distances to the nearest centroids. */
  inertias: usize;
  /** (k, d) f64 and (k,) f64, over all blocks. */
  sums: usize;
  counts: usize;
  /** (k,) u8 each: clusters that changed in the block at hand, and in any block since the last total. */
  dirty: usize;
  stale: usize;
  /** (k, d) f64 */
  centroids: usize;
  /** (nGroups * panelsPerGroup, d, 4) f64 */
  panels: usize;
  /** (nGroups * panelsPerGroup, 4) f64, the centroids' indices. */
  indices: usize;
  /** (k,) i32, group of each centroid. */
  groups: usize;
  /** (nGroups,) f64 and (k,) f64, upper bounds on how far any of a group, and each, has moved since the first round. */
  groupDrifts: usize;
  drifts: usize;
  /** (2, nBounds) f32, `drifts` rounded down, and rounded up; where each centroid has its bound. */
  float32Drifts: usize;
  /** (k,) f64, a lower bound on half of each centroid's distance to its nearest other one. */
  halfSeparations: usize;
  /** (d,) f64, somewhere amid the rows. */
  centre: usize;
  /** (nGroups * panelsPerGroup / 2, d, 8) f32, centroids less the centre, and their squared norms and indices. */
  float32Panels: usize;
  float32Norms: usize;
  laneIndices: usize;
  /** (nGroups * panelsPerGroup * 4,) i32, each one's place in its group; the largest number where there is none. */
  places: usize;
  /** Scratch: eight rows in f32, less the centre. */
  float32Rows: usize;
  /** Scratch: what `scratchBytes` of problem.ts counts. */
  scratch: usize;
  /** (k, 2) f32, of each centroid: its drift rounded up, and its half-separation rounded down. */
  thresholds: usize;
  /** Scratch: (BLOCK_ROWS + LIST_SPARE_ROWS,) i32 indices of active rows. */
  active: usize;
  /** Scratch: (batchRows + SPARE_ROWS,) i32 indices of rows that float32 left undecided. */
  undecided: usize;
  /** Scratch: (batchRows,) i32 labels before. */
  labelsBefore: usize;
  /** Copies of this for other threads, each with scratch of its own: not looked at here. */
  copies: usize;
}
