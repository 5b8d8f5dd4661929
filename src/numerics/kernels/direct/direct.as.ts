import { BLOCK_ROWS } from "../bounded/problem.as";
import { addWeightedRow } from "../bounded/sums.as";

/* All distances, every time: where rows or features are few, bounds would cost more than they save. */

/**
 * Assigns rows to their nearest centroids and sums each cluster: a row a lane, the operations of the reference
 * in its order.
 *
 * @param rows (n, d) f64, @param columns (d, stride) f64, the same feature by feature
 * @param stride rows of a column in memory, a multiple of 4, n at least
 * @param centroids (k, d) f64
 * @param weights (n,) f64, or 0 for weights of 1
 * @param labels receives (n,) i32, and may be written to as far as the stride
 * @param distances scratch, (stride,) f64
 * @param blockSums scratch, (k, d) f64
 * @param sums (k, d) f64, added to
 * @param counts (k,) f64, added to
 * @returns the sum of squared distances, without weights
 */
export function assignDirect(
  rows: usize,
  columns: usize,
  stride: i32,
  n: i32,
  d: i32,
  centroids: usize,
  k: i32,
  weights: usize,
  labels: usize,
  distances: usize,
  blockSums: usize,
  sums: usize,
  counts: usize,
): f64 {
  const strideBytes = (<usize>stride) << 3;
  let inertia: f64 = 0;
  for (let start = 0; start < n; start += BLOCK_ROWS) {
    const end = min(n, start + BLOCK_ROWS);
    nearestDirect(columns, strideBytes, start, end, d, centroids, k, labels, distances);
    sumDirect(rows, start, end, d, k, weights, labels, blockSums, sums, counts);
    let blockInertia: f64 = 0;
    for (let i = <usize>start; i < <usize>end; i++) blockInertia += f64.load(distances + (i << 3));
    inertia += blockInertia;
  }
  return inertia;
}

/**
 * Sums each cluster of rows that have been assigned, those from `start`, where a block begins, up to `end`.
 *
 * @param rows, d, k, weights, labels, blockSums, sums, counts as of `assignDirect`
 */
export function sumDirect(
  rows: usize,
  start: i32,
  end: i32,
  d: i32,
  k: i32,
  weights: usize,
  labels: usize,
  blockSums: usize,
  sums: usize,
  counts: usize,
): void {
  const rowBytes = (<usize>d) << 3;
  const sumBytes = <usize>k * rowBytes;
  let row = rows + <usize>start * rowBytes;
  for (let block = start; block < end; block += BLOCK_ROWS) {
    const blockEnd = min(end, block + BLOCK_ROWS);
    memory.fill(blockSums, 0, sumBytes);
    for (let i = <usize>block; i < <usize>blockEnd; i++, row += rowBytes) {
      const label = <usize>i32.load(labels + (i << 2));
      const weight = weights !== 0 ? f64.load(weights + (i << 3)) : 1;
      const count = counts + (label << 3);
      f64.store(count, f64.load(count) + weight);
      addWeightedRow(blockSums + label * rowBytes, row, rowBytes, weight);
    }
    for (let at: usize = 0; at < sumBytes; at += 8) {
      f64.store(sums + at, f64.load(sums + at) + f64.load(blockSums + at));
    }
  }
}

/**
 * Turns rows into columns.
 *
 * @param rows (n, d) f64; memory must go on for one more row
 * @param columns receives (d, stride) f64
 * @param stride rows of a column in memory, n + 1 at least
 */
export function transpose(rows: usize, n: i32, d: i32, columns: usize, stride: i32): void {
  const rowBytes = (<usize>d) << 3;
  const strideBytes = (<usize>stride) << 3;
  const pairBytes = rowBytes & ~15;
  for (let i: usize = 0; i < <usize>n; i += 2) {
    const row = rows + i * rowBytes;
    let column = columns + (i << 3);
    for (let f: usize = 0; f < pairBytes; f += 16) {
      const a = v128.load(row + f);
      const b = v128.load(row + rowBytes + f);
      v128.store(column, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(column + strideBytes, v128.shuffle<f64>(a, b, 1, 3));
      column += strideBytes << 1;
    }
    if (pairBytes < rowBytes) {
      f64.store(column, f64.load(row + pairBytes));
      f64.store(column, f64.load(row + rowBytes + pairBytes), 8);
    }
  }
}

function nearestDirect(
  columns: usize,
  strideBytes: usize,
  start: i32,
  end: i32,
  d: i32,
  centroids: usize,
  k: i32,
  labels: usize,
  distances: usize,
): void {
  const one = f64x2.splat(1);
  for (let i = <usize>start; i < <usize>end; i += 4) {
    const rows = columns + (i << 3);
    let best0 = f64x2.splat(Infinity);
    let best1 = best0;
    let label0 = f64x2.splat(0);
    let label1 = label0;
    let index = label0;
    let centroid = centroids;
    if (d === 2) {
      const x0 = v128.load(rows);
      const x1 = v128.load(rows, 16);
      const y0 = v128.load(rows + strideBytes);
      const y1 = v128.load(rows + strideBytes, 16);
      for (let c = 0; c < k; c++) {
        const x = v128.load64_splat(centroid);
        const y = v128.load64_splat(centroid, 8);
        const dx0 = f64x2.sub(x0, x);
        const dx1 = f64x2.sub(x1, x);
        const dy0 = f64x2.sub(y0, y);
        const dy1 = f64x2.sub(y1, y);
        const sum0 = f64x2.add(f64x2.mul(dx0, dx0), f64x2.mul(dy0, dy0));
        const sum1 = f64x2.add(f64x2.mul(dx1, dx1), f64x2.mul(dy1, dy1));
        label0 = v128.bitselect(index, label0, f64x2.lt(sum0, best0));
        label1 = v128.bitselect(index, label1, f64x2.lt(sum1, best1));
        best0 = f64x2.pmin(best0, sum0);
        best1 = f64x2.pmin(best1, sum1);
        index = f64x2.add(index, one);
        centroid += 16;
      }
    } else {
      const rowBytes = (<usize>d) << 3;
      let c = 0;
      // Two centroids at a time, for the processor's sake.
      for (; c + 1 < k; c += 2) {
        let sum0 = f64x2.splat(0);
        let sum1 = sum0;
        let next0 = sum0;
        let next1 = sum0;
        let column = rows;
        for (let f: usize = 0; f < rowBytes; f += 8) {
          const x0 = v128.load(column);
          const x1 = v128.load(column, 16);
          let value = v128.load64_splat(centroid + f);
          let t = f64x2.sub(x0, value);
          sum0 = f64x2.add(sum0, f64x2.mul(t, t));
          t = f64x2.sub(x1, value);
          sum1 = f64x2.add(sum1, f64x2.mul(t, t));
          value = v128.load64_splat(centroid + rowBytes + f);
          t = f64x2.sub(x0, value);
          next0 = f64x2.add(next0, f64x2.mul(t, t));
          t = f64x2.sub(x1, value);
          next1 = f64x2.add(next1, f64x2.mul(t, t));
          column += strideBytes;
        }
        centroid += rowBytes << 1;
        label0 = v128.bitselect(index, label0, f64x2.lt(sum0, best0));
        label1 = v128.bitselect(index, label1, f64x2.lt(sum1, best1));
        best0 = f64x2.pmin(best0, sum0);
        best1 = f64x2.pmin(best1, sum1);
        index = f64x2.add(index, one);
        label0 = v128.bitselect(index, label0, f64x2.lt(next0, best0));
        label1 = v128.bitselect(index, label1, f64x2.lt(next1, best1));
        best0 = f64x2.pmin(best0, next0);
        best1 = f64x2.pmin(best1, next1);
        index = f64x2.add(index, one);
      }
      if (c < k) {
        let sum0 = f64x2.splat(0);
        let sum1 = sum0;
        let column = rows;
        for (let f: usize = 0; f < rowBytes; f += 8) {
          const value = v128.load64_splat(centroid + f);
          const t0 = f64x2.sub(v128.load(column), value);
          const t1 = f64x2.sub(v128.load(column, 16), value);
          sum0 = f64x2.add(sum0, f64x2.mul(t0, t0));
          sum1 = f64x2.add(sum1, f64x2.mul(t1, t1));
          column += strideBytes;
        }
        label0 = v128.bitselect(index, label0, f64x2.lt(sum0, best0));
        label1 = v128.bitselect(index, label1, f64x2.lt(sum1, best1));
        best0 = f64x2.pmin(best0, sum0);
        best1 = f64x2.pmin(best1, sum1);
      }
    }
    const label = labels + (i << 2);
    i32.store(label, <i32>f64x2.extract_lane(label0, 0));
    i32.store(label, <i32>f64x2.extract_lane(label0, 1), 4);
    i32.store(label, <i32>f64x2.extract_lane(label1, 0), 8);
    i32.store(label, <i32>f64x2.extract_lane(label1, 1), 12);
    v128.store(distances + (i << 3), best0);
    v128.store(distances + (i << 3), best1, 16);
  }
}
