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
    // Two rows at a time, for the processor's sake.
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
 * `potentials`, with rows that lie feature by feature.
 *
 * @param columns (d, stride) f64, the stride a multiple of 4 and at least n
 * @param distances receives (nPairs, n, 2) f64, squared, of each row to each candidate
 */
export function potentialsOfColumns(
  columns: usize,
  strideBytes: usize,
  n: i32,
  d: i32,
  candidates: usize,
  nPairs: i32,
  closest: usize,
  weights: usize,
  potentials: usize,
  distances: usize,
): void {
  const pairBytes = (<usize>d) << 4;
  for (let pair = 0; pair < nPairs; pair += 2) {
    const a = candidates + <usize>pair * pairBytes;
    const end = a + pairBytes;
    // Without a second pair the first stands in: what is stored as its distances is then written over.
    const hasB = pair + 1 < nPairs;
    const b = hasB ? end : a;
    const out = potentials + ((<usize>pair) << 4);
    let toA = distances + ((<usize>pair * <usize>n) << 4);
    const fromAToB = hasB ? (<usize>n) << 4 : 0;
    let sumA = v128.load(out);
    let sumB = v128.load(out, 16);
    // Four rows at a time, two to a vector.
    for (let i = 0; i < n; i += 4, toA += 64) {
      let p0 = f64x2.splat(0);
      let p1 = p0;
      let q0 = p0;
      let q1 = p0;
      let r0 = p0;
      let r1 = p0;
      let s0 = p0;
      let s1 = p0;
      let column = columns + ((<usize>i) << 3);
      let atB = b;
      for (let atA = a; atA < end; atA += 16, atB += 16, column += strideBytes) {
        const x0 = v128.load(column);
        const x1 = v128.load(column, 16);
        let value = v128.load64_splat(atA);
        p0 = f64x2.add(p0, square(x0, value));
        p1 = f64x2.add(p1, square(x1, value));
        value = v128.load64_splat(atA, 8);
        q0 = f64x2.add(q0, square(x0, value));
        q1 = f64x2.add(q1, square(x1, value));
        value = v128.load64_splat(atB);
        r0 = f64x2.add(r0, square(x0, value));
        r1 = f64x2.add(r1, square(x1, value));
        value = v128.load64_splat(atB, 8);
        s0 = f64x2.add(s0, square(x0, value));
        s1 = f64x2.add(s1, square(x1, value));
      }
      const near = closest + ((<usize>i) << 3);
      const weight = weights + ((<usize>i) << 3);
      const isWeighted = weights !== 0;
      const left = n - i;
      let ofA = v128.shuffle<f64>(p0, q0, 0, 2);
      let ofB = v128.shuffle<f64>(r0, s0, 0, 2);
      v128.store(toA + fromAToB, ofB);
      v128.store(toA, ofA);
      sumA = f64x2.add(sumA, share(near, ofA, isWeighted, weight));
      sumB = f64x2.add(sumB, share(near, ofB, isWeighted, weight));
      if (left < 2) break;
      ofA = v128.shuffle<f64>(p0, q0, 1, 3);
      ofB = v128.shuffle<f64>(r0, s0, 1, 3);
      v128.store(toA + fromAToB, ofB, 16);
      v128.store(toA, ofA, 16);
      sumA = f64x2.add(sumA, share(near + 8, ofA, isWeighted, weight + 8));
      sumB = f64x2.add(sumB, share(near + 8, ofB, isWeighted, weight + 8));
      if (left < 3) break;
      ofA = v128.shuffle<f64>(p1, q1, 0, 2);
      ofB = v128.shuffle<f64>(r1, s1, 0, 2);
      v128.store(toA + fromAToB, ofB, 32);
      v128.store(toA, ofA, 32);
      sumA = f64x2.add(sumA, share(near + 16, ofA, isWeighted, weight + 16));
      sumB = f64x2.add(sumB, share(near + 16, ofB, isWeighted, weight + 16));
      if (left < 4) break;
      ofA = v128.shuffle<f64>(p1, q1, 1, 3);
      ofB = v128.shuffle<f64>(r1, s1, 1, 3);
      v128.store(toA + fromAToB, ofB, 48);
      v128.store(toA, ofA, 48);
      sumA = f64x2.add(sumA, share(near + 24, ofA, isWeighted, weight + 24));
      sumB = f64x2.add(sumB, share(near + 24, ofB, isWeighted, weight + 24));
    }
    v128.store(out, sumA);
    if (hasB) v128.store(out, sumB, 16);
  }
}

/** What a row adds to the potentials of two candidates. */
function share(near: usize, distances: v128, isWeighted: bool, weight: usize): v128 {
  const nearest = f64x2.pmin(v128.load64_splat(near), distances);
  return isWeighted ? f64x2.mul(v128.load64_splat(weight), nearest) : nearest;
}

/** Of the difference of two rows from a candidate in one feature. */
function square(x: v128, value: v128): v128 {
  const t = f64x2.sub(x, value);
  return f64x2.mul(t, t);
}

/**
 * Lowers each row's squared distance to its nearest centroid by a new centroid. Four rows at a time: past the
 * last row, memory must go on for three more.
 *
 * @param centroid (d,) f64, @param closest (m,) f64
 */
export function approach(block: RowBlock, centroid: usize, closest: usize): void {
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
