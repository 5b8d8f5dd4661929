/**
 * Squared distance of each of m rows to its own centroid. Four rows at a time, for the processor's sake; past
 * the last row and label, memory must go on for three more.
 *
 * @param rows (m, d) f64
 * @param centroids (k, d) f64
 * @param labels (m,) i32, in 0..k-1
 * @param distances receives (m,) f64
 */
export function ownDistances(
  rows: usize,
  m: i32,
  d: i32,
  centroids: usize,
  labels: usize,
  distances: usize,
): void {
  const rowBytes = (<usize>d) << 3;
  for (let i = 0; i < m; i += 4) {
    const row = rows + <usize>i * rowBytes;
    const label = labels + ((<usize>i) << 2);
    const left = m - i;
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
    const distance = distances + ((<usize>i) << 3);
    f64.store(distance, sum0);
    f64.store(distance, sum1, 8);
    f64.store(distance, sum2, 16);
    f64.store(distance, sum3, 24);
  }
}

/**
 * Adds each of m rows to the sum of its cluster, in order.
 *
 * @param rows (m, d) f64
 * @param labels (m,) i32
 * @param sums (k, d) f64, added to
 */
export function addRows(rows: usize, m: i32, d: i32, labels: usize, sums: usize): void {
  const rowBytes = (<usize>d) << 3;
  const pairBytes = rowBytes & ~15;
  let row = rows;
  for (let i = 0; i < m; i++) {
    const sum = sums + <usize>i32.load(labels + ((<usize>i) << 2)) * rowBytes;
    for (let f: usize = 0; f < pairBytes; f += 16) {
      v128.store(sum + f, f64x2.add(v128.load(sum + f), v128.load(row + f)));
    }
    if (pairBytes < rowBytes)
      f64.store(sum + pairBytes, f64.load(sum + pairBytes) + f64.load(row + pairBytes));
    row += rowBytes;
  }
}
