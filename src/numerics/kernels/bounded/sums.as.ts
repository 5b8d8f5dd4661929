import { BLOCK_ROWS } from "../../blocks";
import { BoundedProblem } from "./problem.as";

/*
 * Sums of the rows of each cluster in each block of rows, kept while labels change: only the clusters of a block
 * that won or lost a row are added up again. What they add up to is bit for bit the sum over all rows, block by block.
 */

/** Features that could be added up while a processor recovers from a wrong guess whether a row is to be. */
const GUESSED_FEATURES: usize = 32;

/** Marks the clusters that some rows left and joined. @param before (m,) i32, their labels before */
export function noteMoves(p: BoundedProblem, list: usize, m: i32, before: usize): void {
  const labels = p.labels;
  const dirty = p.dirty;
  const counts = p.counts;
  for (let i: usize = 0; i < <usize>m; i++) {
    const from = <usize>i32.load(before + (i << 2));
    const to = <usize>i32.load(labels + ((<usize>i32.load(list + (i << 2))) << 2));
    if (from === to) continue;
    store<u8>(dirty + from, 1);
    store<u8>(dirty + to, 1);
    // With weights, counts are sums in the order of the rows; see `total`.
    if (p.weights !== 0) continue;
    f64.store(counts + (from << 3), f64.load(counts + (from << 3)) - 1);
    f64.store(counts + (to << 3), f64.load(counts + (to << 3)) + 1);
  }
}

/** Adds up again the clusters of a block, rows from `start` up to `end`, that are marked; unmarks them. */
export function sumBlock(p: BoundedProblem, start: i32, end: i32): void {
  const k = <usize>p.k;
  const dirty = p.dirty;
  let nDirty: usize = 0;
  for (let c: usize = 0; c < k; c++) nDirty += load<u8>(dirty + c);
  if (nDirty === 0) return;
  const d = <usize>p.d;
  const rowBytes = d << 3;
  const labels = p.labels;
  const weights = p.weights;
  const sums = p.blockSums + <usize>(start / BLOCK_ROWS) * k * rowBytes;
  // Either all rows are added up anew, or those of the clusters that changed are picked out.
  const isWhole = nDirty * (d + GUESSED_FEATURES) > k * (d + 1);
  for (let c: usize = 0; c < k; c++) {
    if (isWhole || load<u8>(dirty + c) === 1) memory.fill(sums + c * rowBytes, 0, rowBytes);
  }
  let row = p.rows + <usize>start * rowBytes;
  if (rowBytes === 16 && isWhole && weights === 0) {
    // `addRow` takes longer to see that there are two features than to add them.
    for (let i = <usize>start; i < <usize>end; i++, row += 16) {
      const sum = sums + ((<usize>i32.load(labels + (i << 2))) << 4);
      v128.store(sum, f64x2.add(v128.load(sum), v128.load(row)));
    }
    finishBlock(p);
    return;
  }
  for (let i = <usize>start; i < <usize>end; i++, row += rowBytes) {
    const label = <usize>i32.load(labels + (i << 2));
    if (!isWhole && load<u8>(dirty + label) === 0) continue;
    if (weights === 0) addRow(sums + label * rowBytes, row, rowBytes);
    else addWeightedRow(sums + label * rowBytes, row, rowBytes, f64.load(weights + (i << 3)));
  }
  finishBlock(p);
}

/** What has been marked is now for `total` to add up. */
function finishBlock(p: BoundedProblem): void {
  const dirty = p.dirty;
  const stale = p.stale;
  for (let c: usize = 0; c < <usize>p.k; c++) {
    store<u8>(stale + c, load<u8>(stale + c) | load<u8>(dirty + c));
  }
  memory.fill(dirty, 0, p.k);
}

/** Brings `sums` and `counts` of all blocks up to date. */
export function total(p: BoundedProblem): void {
  const k = <usize>p.k;
  const rowBytes = (<usize>p.d) << 3;
  const stale = p.stale;
  const sums = p.sums;
  let nStale: usize = 0;
  for (let c: usize = 0; c < k; c++) {
    nStale += load<u8>(stale + c);
    if (load<u8>(stale + c) === 1) memory.fill(sums + c * rowBytes, 0, rowBytes);
  }
  if (nStale === 0) return;
  if (p.weights !== 0) countMembers(p);
  let block = p.blockSums;
  for (let start = 0; start < p.n; start += BLOCK_ROWS, block += k * rowBytes) {
    for (let c: usize = 0; c < k; c++) {
      if (load<u8>(stale + c) === 1) addRow(sums + c * rowBytes, block + c * rowBytes, rowBytes);
    }
  }
  memory.fill(stale, 0, k);
}

/** Counts the rows of each cluster, or adds up their weights, into `counts`. */
export function countMembers(p: BoundedProblem): void {
  const labels = p.labels;
  const counts = p.counts;
  const weights = p.weights;
  memory.fill(counts, 0, (<usize>p.k) << 3);
  for (let i: usize = 0; i < <usize>p.n; i++) {
    const count = counts + ((<usize>i32.load(labels + (i << 2))) << 3);
    f64.store(count, f64.load(count) + (weights === 0 ? 1 : f64.load(weights + (i << 3))));
  }
}

function addRow(sum: usize, row: usize, rowBytes: usize): void {
  const end = sum + rowBytes;
  for (; sum + 32 <= end; sum += 32, row += 32) {
    v128.store(sum, f64x2.add(v128.load(sum), v128.load(row)));
    v128.store(sum, f64x2.add(v128.load(sum, 16), v128.load(row, 16)), 16);
  }
  if (sum + 16 <= end) {
    v128.store(sum, f64x2.add(v128.load(sum), v128.load(row)));
    sum += 16;
    row += 16;
  }
  if (sum < end) f64.store(sum, f64.load(sum) + f64.load(row));
}

export function addWeightedRow(sum: usize, row: usize, rowBytes: usize, weight: f64): void {
  const pairBytes = rowBytes & ~15;
  const weights = f64x2.splat(weight);
  for (let f: usize = 0; f < pairBytes; f += 16) {
    v128.store(sum + f, f64x2.add(v128.load(sum + f), f64x2.mul(weights, v128.load(row + f))));
  }
  if (pairBytes < rowBytes) {
    f64.store(sum + pairBytes, f64.load(sum + pairBytes) + weight * f64.load(row + pairBytes));
  }
}

/** Sum of squared distances of the rows to their centroids, for each of some blocks. */
export function inertiaRows(p: BoundedProblem, from: i32, to: i32): void {
  for (let start = from; start < to; start += BLOCK_ROWS) scoreBlock(p, start, min(to, start + BLOCK_ROWS));
}

/** The same for one block. Four rows at a time, for the processor's sake. */
export function scoreBlock(p: BoundedProblem, start: i32, end: i32): void {
  const rowBytes = (<usize>p.d) << 3;
  const centroids = p.centroids;
  const weights = p.weights;
  let blockSum: f64 = 0;
  for (let i = start; i < end; i += 4) {
    const row = p.rows + <usize>i * rowBytes;
    const label = p.labels + ((<usize>i) << 2);
    const left = end - i;
    const centroid0 = centroids + <usize>i32.load(label) * rowBytes;
    const centroid1 = left > 1 ? centroids + <usize>i32.load(label, 4) * rowBytes : centroid0;
    const centroid2 = left > 2 ? centroids + <usize>i32.load(label, 8) * rowBytes : centroid0;
    const centroid3 = left > 3 ? centroids + <usize>i32.load(label, 12) * rowBytes : centroid0;
    let sum0: f64 = 0;
    let sum1: f64 = 0;
    let sum2: f64 = 0;
    let sum3: f64 = 0;
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const t0 = f64.load(row + f) - f64.load(centroid0 + f);
      const t1 = f64.load(row + rowBytes + f) - f64.load(centroid1 + f);
      const t2 = f64.load(row + 2 * rowBytes + f) - f64.load(centroid2 + f);
      const t3 = f64.load(row + 3 * rowBytes + f) - f64.load(centroid3 + f);
      sum0 += t0 * t0;
      sum1 += t1 * t1;
      sum2 += t2 * t2;
      sum3 += t3 * t3;
    }
    if (weights !== 0) {
      const weight = weights + ((<usize>i) << 3);
      sum0 *= f64.load(weight);
      if (left > 1) sum1 *= f64.load(weight, 8);
      if (left > 2) sum2 *= f64.load(weight, 16);
      if (left > 3) sum3 *= f64.load(weight, 24);
    }
    blockSum += sum0;
    if (left > 1) blockSum += sum1;
    if (left > 2) blockSum += sum2;
    if (left > 3) blockSum += sum3;
  }
  f64.store(p.inertias + ((<usize>(start / BLOCK_ROWS)) << 3), blockSum);
}
