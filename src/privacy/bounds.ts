/** Public bounds of features: what anybody could have written who knows what is measured, and never saw a row. */
export interface Bounds {
  /** (d,) names that differ. */
  readonly features: readonly string[];
  /** (d,) in each feature's units; below `high`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}
