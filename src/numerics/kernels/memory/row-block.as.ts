/** Some rows that lie one after the other, and how much each counts: what the statistics and k-means++ go through. */
@unmanaged
export class RowBlock {
  /** (m, d) f64 */
  rows: usize;
  /** (m,) f64, how many rows each row stands for; 0 for 1 each. */
  weights: usize;
  m: i32;
  d: i32;
}
