import { RowBlock } from "../memory/row-block.as";

/**
 * One step of k-means++ over m rows: how far each row is from its nearest centroid if a candidate were added,
 * summed with weights, in order, for each of up to eight candidates.
 *
 * @param candidates (nPairs, d, 2) f64
 * @param closest (m,) f64 squared distances to the centroids so far
 * @param potentials (nPairs, 2) f64, added to
 */
export function potentials(
  block: RowBlock,
  candidates: usize,
  nPairs: i32,
  closest: usize,
  potentials: usize,
): void {
  const m = block.m;
  const weights = block.weights;
  const rowBytes = (<usize>block.d) << 3;
  const pairBytes = rowBytes << 1;
  const one = f64x2.splat(1);
  for (let pair = 0; pair < nPairs; pair += 2) {
    const a = candidates + <usize>pair * pairBytes;
    const hasB = pair + 1 < nPairs;
    const b = hasB ? a + pairBytes : a;
    const out = potentials + ((<usize>pair) << 4);
    let sumA = v128.load(out);
    let sumB = hasB ? v128.load(out, 16) : f64x2.splat(0);
    // Two rows at a time, so that the processor does not wait for one sum before it begins the next.
    let row = block.rows;
    for (let i = 0; i < m; i += 2) {
      const hasNext = i + 1 < m;
      const next = hasNext ? row + rowBytes : row;
      let distanceA = f64x2.splat(0);
      let distanceB = distanceA;
      let nextA = distanceA;
      let nextB = distanceA;
      for (let f: usize = 0; f < rowBytes; f += 8) {
        const candidateA = v128.load(a + (f << 1));
        const candidateB = v128.load(b + (f << 1));
        let x = v128.load64_splat(row + f);
        let t = f64x2.sub(x, candidateA);
        distanceA = f64x2.add(distanceA, f64x2.mul(t, t));
        t = f64x2.sub(x, candidateB);
        distanceB = f64x2.add(distanceB, f64x2.mul(t, t));
        x = v128.load64_splat(next + f);
        t = f64x2.sub(x, candidateA);
        nextA = f64x2.add(nextA, f64x2.mul(t, t));
        t = f64x2.sub(x, candidateB);
        nextB = f64x2.add(nextB, f64x2.mul(t, t));
      }
      row = next + rowBytes;
      const at = (<usize>i) << 3;
      let near = v128.load64_splat(closest + at);
      let weight = weights !== 0 ? v128.load64_splat(weights + at) : one;
      sumA = f64x2.add(sumA, f64x2.mul(weight, f64x2.pmin(near, distanceA)));
      sumB = f64x2.add(sumB, f64x2.mul(weight, f64x2.pmin(near, distanceB)));
      if (!hasNext) break;
      near = v128.load64_splat(closest + at, 8);
      weight = weights !== 0 ? v128.load64_splat(weights + at, 8) : one;
      sumA = f64x2.add(sumA, f64x2.mul(weight, f64x2.pmin(near, nextA)));
      sumB = f64x2.add(sumB, f64x2.mul(weight, f64x2.pmin(near, nextB)));
    }
    v128.store(out, sumA);
    if (hasB) v128.store(out, sumB, 16);
  }
}

/**
 * Lowers each row's squared distance to its nearest centroid where a new centroid is nearer. The kernel takes four rows
 * at a time: behind the last row there must be memory for three more.
 *
 * @param centroid (d,) f64, @param closest (m,) f64
 */
export function lowerClosest(block: RowBlock, centroid: usize, closest: usize): void {
  const rowBytes = (<usize>block.d) << 3;
  for (let i = 0; i < block.m; i += 4) {
    const row = block.rows + <usize>i * rowBytes;
    let sum0: f64 = 0;
    let sum1: f64 = 0;
    let sum2: f64 = 0;
    let sum3: f64 = 0;
    for (let f: usize = 0; f < rowBytes; f += 8) {
      const value = f64.load(centroid + f);
      const t0 = f64.load(row + f) - value;
      const t1 = f64.load(row + rowBytes + f) - value;
      const t2 = f64.load(row + 2 * rowBytes + f) - value;
      const t3 = f64.load(row + 3 * rowBytes + f) - value;
      sum0 += t0 * t0;
      sum1 += t1 * t1;
      sum2 += t2 * t2;
      sum3 += t3 * t3;
    }
    const at = closest + ((<usize>i) << 3);
    if (sum0 < f64.load(at)) f64.store(at, sum0);
    if (sum1 < f64.load(at, 8)) f64.store(at, sum1, 8);
    if (sum2 < f64.load(at, 16)) f64.store(at, sum2, 16);
    if (sum3 < f64.load(at, 24)) f64.store(at, sum3, 24);
  }
}
