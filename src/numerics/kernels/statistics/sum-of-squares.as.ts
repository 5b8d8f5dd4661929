import { RowBlock } from "../memory/row-block.as";
import { weigh, weighOne } from "./weights.as";

/**
 * Takes a block of rows into the mean of all rows so far.
 *
 * @param before weight of the rows so far
 * @param weight of the block, above 0
 * @param mean (d,) f64, that of the rows so far; then that of all
 * @param blockMean scratch, (d,) f64
 * @returns by how much the sum of squared distances to the mean grows
 * @see Chan, Golub & LeVeque 1983, eq. 2.1
 */
export function sumOfSquares(block: RowBlock, before: f64, weight: f64, mean: usize, blockMean: usize): f64 {
  const squares =
    block.weights === 0
      ? sumInBlock<void>(block, weight, blockMean)
      : sumInBlock<f64>(block, weight, blockMean);
  const end = mean + ((<usize>block.d) << 3);
  const all = before + weight;
  let apart: f64 = 0;
  for (; mean < end; mean += 8, blockMean += 8) {
    const step = f64.load(blockMean) - f64.load(mean);
    apart += step * step;
    f64.store(mean, f64.load(mean) + step * (weight / all));
  }
  return squares + apart * before * (weight / all);
}

/**
 * The mean and the sum of squares of one block: of four rows at a time, and of the last rows one by one.
 *
 * @param blockMean receives (d,) f64
 * @returns sum of squared distances to it
 */
function sumInBlock<W>(block: RowBlock, weight: f64, blockMean: usize): f64 {
  const rows = block.rows;
  const m = block.m;
  const weights = block.weights;
  const rowBytes = (<usize>block.d) << 3;
  const pairBytes = rowBytes & ~15;
  const end = rows + <usize>m * rowBytes;
  const fours = rows + <usize>(m & ~3) * rowBytes;
  const row1 = rowBytes;
  const row2 = rowBytes << 1;
  const row3 = row2 + rowBytes;
  memory.fill(blockMean, 0, rowBytes);
  let row = rows;
  let i = 0;
  for (; row < fours; row += 4 * rowBytes, i += 4) {
    for (let f: usize = 0; f < pairBytes; f += 16) {
      const at = row + f;
      const sum0 = f64x2.add(
        weigh<W>(v128.load(at), weights, i),
        weigh<W>(v128.load(at + row1), weights, i + 1),
      );
      const sum1 = f64x2.add(
        weigh<W>(v128.load(at + row2), weights, i + 2),
        weigh<W>(v128.load(at + row3), weights, i + 3),
      );
      v128.store(blockMean + f, f64x2.add(v128.load(blockMean + f), f64x2.add(sum0, sum1)));
    }
    if (pairBytes < rowBytes) {
      const at = row + pairBytes;
      const sum0 = weighOne<W>(f64.load(at), weights, i) + weighOne<W>(f64.load(at + row1), weights, i + 1);
      const sum1 =
        weighOne<W>(f64.load(at + row2), weights, i + 2) + weighOne<W>(f64.load(at + row3), weights, i + 3);
      const sum = sum0 + sum1;
      f64.store(blockMean + pairBytes, f64.load(blockMean + pairBytes) + sum);
    }
  }
  for (; row < end; row += rowBytes, i++) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const sum = f64.load(blockMean + f) + weighOne<W>(f64.load(row + f), weights, i);
      f64.store(blockMean + f, sum);
    }
  }
  for (let f: usize = 0; f < rowBytes; f += 8) {
    f64.store(blockMean + f, f64.load(blockMean + f) / weight);
  }
  let squares0 = f64x2.splat(0);
  let squares1 = squares0;
  let squares2 = squares0;
  let squares3 = squares0;
  let square: f64 = 0;
  i = 0;
  for (row = rows; row < fours; row += 4 * rowBytes, i += 4) {
    for (let f: usize = 0; f < pairBytes; f += 16) {
      const at = row + f;
      const mean = v128.load(blockMean + f);
      let t = f64x2.sub(v128.load(at), mean);
      squares0 = f64x2.add(squares0, weigh<W>(f64x2.mul(t, t), weights, i));
      t = f64x2.sub(v128.load(at + row1), mean);
      squares1 = f64x2.add(squares1, weigh<W>(f64x2.mul(t, t), weights, i + 1));
      t = f64x2.sub(v128.load(at + row2), mean);
      squares2 = f64x2.add(squares2, weigh<W>(f64x2.mul(t, t), weights, i + 2));
      t = f64x2.sub(v128.load(at + row3), mean);
      squares3 = f64x2.add(squares3, weigh<W>(f64x2.mul(t, t), weights, i + 3));
    }
    if (pairBytes < rowBytes) {
      const at = row + pairBytes;
      const mean = f64.load(blockMean + pairBytes);
      const t0 = f64.load(at) - mean;
      const t1 = f64.load(at + row1) - mean;
      const t2 = f64.load(at + row2) - mean;
      const t3 = f64.load(at + row3) - mean;
      const sum0 = weighOne<W>(t0 * t0, weights, i) + weighOne<W>(t1 * t1, weights, i + 1);
      const sum1 = weighOne<W>(t2 * t2, weights, i + 2) + weighOne<W>(t3 * t3, weights, i + 3);
      square += sum0 + sum1;
    }
  }
  for (; row < end; row += rowBytes, i++) {
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const t = f64.load(row + f) - f64.load(blockMean + f);
      square += weighOne<W>(t * t, weights, i);
    }
  }
  const squares = f64x2.add(f64x2.add(squares0, squares1), f64x2.add(squares2, squares3));
  square += f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  return square;
}
