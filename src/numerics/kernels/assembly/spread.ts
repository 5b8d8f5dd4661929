/**
 * Takes a block of rows into the mean of all rows so far.
 *
 * @param rows (m, d) f64, m >= 1
 * @param before rows so far
 * @param mean (d,) f64, their mean; then that of all
 * @param blockMean scratch, (d,) f64
 * @returns by how much the sum of squared distances to the mean grows
 * @see Chan, Golub & LeVeque 1983, eq. 2.1
 */
export function spread(rows: usize, m: i32, d: i32, before: f64, mean: usize, blockMean: usize): f64 {
  const rowBytes = (<usize>d) << 3;
  const pairBytes = rowBytes & ~15;
  const end = rows + <usize>m * rowBytes;
  memory.fill(blockMean, 0, rowBytes);
  for (let row = rows; row < end; row += rowBytes) {
    for (let f: usize = 0; f < pairBytes; f += 16) {
      v128.store(blockMean + f, f64x2.add(v128.load(blockMean + f), v128.load(row + f)));
    }
    if (pairBytes < rowBytes) {
      f64.store(blockMean + pairBytes, f64.load(blockMean + pairBytes) + f64.load(row + pairBytes));
    }
  }
  for (let f: usize = 0; f < rowBytes; f += 8) {
    f64.store(blockMean + f, f64.load(blockMean + f) / <f64>m);
  }
  let squares = f64x2.splat(0);
  let square: f64 = 0;
  for (let row = rows; row < end; row += rowBytes) {
    let ofRow = f64x2.splat(0);
    for (let f: usize = 0; f < pairBytes; f += 16) {
      const t = f64x2.sub(v128.load(row + f), v128.load(blockMean + f));
      ofRow = f64x2.add(ofRow, f64x2.mul(t, t));
    }
    squares = f64x2.add(squares, ofRow);
    if (pairBytes < rowBytes) {
      const t = f64.load(row + pairBytes) - f64.load(blockMean + pairBytes);
      square += t * t;
    }
  }
  const all = before + <f64>m;
  let apart: f64 = 0;
  for (let f: usize = 0; f < rowBytes; f += 8) {
    const step = f64.load(blockMean + f) - f64.load(mean + f);
    apart += step * step;
    f64.store(mean + f, f64.load(mean + f) + step * (<f64>m / all));
  }
  square += f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  return square + apart * before * (<f64>m / all);
}
