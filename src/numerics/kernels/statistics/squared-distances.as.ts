/**
 * Adds squared differences of a row to others, a row a lane: feature by feature, as the reference adds them up.
 *
 * @param row (d,) f64
 * @param columns (d, stride) f64, m rows feature by feature, and any numbers behind them
 * @param stride rows of a column in memory, at least m to the next multiple of 8
 * @param squares (m,) f64, added to, and may be written to as far as the stride
 */
export function addSquaredDistances(
  row: usize,
  columns: usize,
  stride: i32,
  m: i32,
  d: i32,
  squares: usize,
): void {
  const strideBytes = (<usize>stride) << 3;
  const end = row + ((<usize>d) << 3);
  for (let j: usize = 0; j < <usize>m; j += 8) {
    let column = columns + (j << 3);
    const square = squares + (j << 3);
    let sum0 = v128.load(square);
    let sum1 = v128.load(square, 16);
    let sum2 = v128.load(square, 32);
    let sum3 = v128.load(square, 48);
    for (let at = row; at < end; at += 8, column += strideBytes) {
      const value = v128.load64_splat(at);
      const t0 = f64x2.sub(value, v128.load(column));
      const t1 = f64x2.sub(value, v128.load(column, 16));
      const t2 = f64x2.sub(value, v128.load(column, 32));
      const t3 = f64x2.sub(value, v128.load(column, 48));
      sum0 = f64x2.add(sum0, f64x2.mul(t0, t0));
      sum1 = f64x2.add(sum1, f64x2.mul(t1, t1));
      sum2 = f64x2.add(sum2, f64x2.mul(t2, t2));
      sum3 = f64x2.add(sum3, f64x2.mul(t3, t3));
    }
    v128.store(square, sum0);
    v128.store(square, sum1, 16);
    v128.store(square, sum2, 32);
    v128.store(square, sum3, 48);
  }
}
