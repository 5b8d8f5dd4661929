/*
 * Kernels that add up rows are compiled twice, by a type W: f64 where rows have weights; void where they have none,
 * so that nothing is multiplied.
 */

/** A vector of a row, times the weight of row `i`. */
export function weigh<W>(value: v128, weights: usize, i: i32): v128 {
  return isVoid<W>() ? value : f64x2.mul(v128.load64_splat(weights + ((<usize>i) << 3)), value);
}

/** The same of one number. */
export function weighOne<W>(value: f64, weights: usize, i: i32): f64 {
  return isVoid<W>() ? value : f64.load(weights + ((<usize>i) << 3)) * value;
}
