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
  // Four rows at a time; what is left over, one by one.
  const fours = rows + <usize>(m & ~3) * rowBytes;
  const row1 = rowBytes;
  const row2 = rowBytes << 1;
  const row3 = row2 + rowBytes;
  memory.fill(blockMean, 0, rowBytes);
  let row = rows;
  for (; row < fours; row += 4 * rowBytes) {
    for (let f: usize = 0; f < pairBytes; f += 16) {
      const at = row + f;
      const sum0 = f64x2.add(v128.load(at), v128.load(at + row1));
      const sum1 = f64x2.add(v128.load(at + row2), v128.load(at + row3));
      v128.store(blockMean + f, f64x2.add(v128.load(blockMean + f), f64x2.add(sum0, sum1)));
    }
    if (pairBytes < rowBytes) {
      const at = row + pairBytes;
      const sum = f64.load(at) + f64.load(at + row1) + (f64.load(at + row2) + f64.load(at + row3));
      f64.store(blockMean + pairBytes, f64.load(blockMean + pairBytes) + sum);
    }
  }
  for (; row < end; row += rowBytes) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      f64.store(blockMean + f, f64.load(blockMean + f) + f64.load(row + f));
    }
  }
  for (let f: usize = 0; f < rowBytes; f += 8) {
    f64.store(blockMean + f, f64.load(blockMean + f) / <f64>m);
  }
  let squares0 = f64x2.splat(0);
  let squares1 = squares0;
  let squares2 = squares0;
  let squares3 = squares0;
  let square: f64 = 0;
  for (row = rows; row < fours; row += 4 * rowBytes) {
    for (let f: usize = 0; f < pairBytes; f += 16) {
      const at = row + f;
      const mean = v128.load(blockMean + f);
      let t = f64x2.sub(v128.load(at), mean);
      squares0 = f64x2.add(squares0, f64x2.mul(t, t));
      t = f64x2.sub(v128.load(at + row1), mean);
      squares1 = f64x2.add(squares1, f64x2.mul(t, t));
      t = f64x2.sub(v128.load(at + row2), mean);
      squares2 = f64x2.add(squares2, f64x2.mul(t, t));
      t = f64x2.sub(v128.load(at + row3), mean);
      squares3 = f64x2.add(squares3, f64x2.mul(t, t));
    }
    if (pairBytes < rowBytes) {
      const at = row + pairBytes;
      const mean = f64.load(blockMean + pairBytes);
      const t0 = f64.load(at) - mean;
      const t1 = f64.load(at + row1) - mean;
      const t2 = f64.load(at + row2) - mean;
      const t3 = f64.load(at + row3) - mean;
      square += t0 * t0 + t1 * t1 + (t2 * t2 + t3 * t3);
    }
  }
  for (; row < end; row += rowBytes) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const t = f64.load(row + f) - f64.load(blockMean + f);
      square += t * t;
    }
  }
  const squares = f64x2.add(f64x2.add(squares0, squares1), f64x2.add(squares2, squares3));
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
