import { BLOCK_ROWS } from "../../blocks";
import { addWeightedRow } from "../bounded/sums.as";
import { DirectProblem } from "./problem.as";

/* All distances, every time: where rows or features are few, bounds would cost more than they save. */

/**
 * Assigns rows to their nearest centroids and adds to the sums and counts of each cluster: a row a lane, the operations
 * of the reference in its order.
 *
 * @returns the sum of squared distances, weighted
 */
export function assignDirect(p: DirectProblem): f64 {
  const weights = p.weights;
  const distances = p.distances;
  let inertia: f64 = 0;
  for (let start = 0; start < p.n; start += BLOCK_ROWS) {
    const end = min(p.n, start + BLOCK_ROWS);
    if (p.d === 2) nearestOfPairs(p, start, end);
    else nearest(p, start, end);
    sumDirect(p, start, end);
    let blockInertia: f64 = 0;
    if (weights === 0) {
      for (let i = <usize>start; i < <usize>end; i++) blockInertia += f64.load(distances + (i << 3));
    } else {
      for (let i = <usize>start; i < <usize>end; i++) {
        blockInertia += f64.load(weights + (i << 3)) * f64.load(distances + (i << 3));
      }
    }
    inertia += blockInertia;
  }
  return inertia;
}

/** Adds rows that have been assigned, those from `start`, where a block begins, up to `end`, to the sums and counts. */
export function sumDirect(p: DirectProblem, start: i32, end: i32): void {
  const weights = p.weights;
  const labels = p.labels;
  const counts = p.counts;
  const blockSums = p.blockSums;
  const sums = p.sums;
  const rowBytes = (<usize>p.d) << 3;
  const sumBytes = <usize>p.k * rowBytes;
  let row = p.rows + <usize>start * rowBytes;
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

/** Finds the nearest centroids of some rows of two features. */
function nearestOfPairs(p: DirectProblem, start: i32, end: i32): void {
  const strideBytes = (<usize>p.stride) << 3;
  const k = p.k;
  const one = f64x2.splat(1);
  for (let i = <usize>start; i < <usize>end; i += 4) {
    const rows = p.columns + (i << 3);
    let best0 = f64x2.splat(Infinity);
    let best1 = best0;
    let label0 = f64x2.splat(0);
    let label1 = label0;
    let index = label0;
    let centroid = p.centroids;
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
    storeNearest(p, i, label0, label1, best0, best1);
  }
}

/** Finds the nearest centroids of some rows. */
function nearest(p: DirectProblem, start: i32, end: i32): void {
  const strideBytes = (<usize>p.stride) << 3;
  const k = p.k;
  const rowBytes = (<usize>p.d) << 3;
  const one = f64x2.splat(1);
  for (let i = <usize>start; i < <usize>end; i += 4) {
    const rows = p.columns + (i << 3);
    let best0 = f64x2.splat(Infinity);
    let best1 = best0;
    let label0 = f64x2.splat(0);
    let label1 = label0;
    let index = label0;
    let centroid = p.centroids;
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
    storeNearest(p, i, label0, label1, best0, best1);
  }
}

/** Labels, as float64, and squared distances of four rows from the i-th on. */
function storeNearest(
  p: DirectProblem,
  i: usize,
  label0: v128,
  label1: v128,
  best0: v128,
  best1: v128,
): void {
  const label = p.labels + (i << 2);
  i32.store(label, <i32>f64x2.extract_lane(label0, 0));
  i32.store(label, <i32>f64x2.extract_lane(label0, 1), 4);
  i32.store(label, <i32>f64x2.extract_lane(label1, 0), 8);
  i32.store(label, <i32>f64x2.extract_lane(label1, 1), 12);
  const distance = p.distances + (i << 3);
  v128.store(distance, best0);
  v128.store(distance, best1, 16);
}
