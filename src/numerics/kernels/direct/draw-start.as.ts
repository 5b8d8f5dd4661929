import { DirectProblem } from "./problem.as";

/** A float in [0, 1) of the random stream that is being drawn from. */
declare function uniform(): f64;

/**
 * Draws starting centroids by greedy k-means++, as `kMeansPlusPlus` does, and assigns each row to its nearest.
 *
 * @returns how many there are, at most k
 */
export function drawStart(p: DirectProblem): i32 {
  const n = p.n;
  const nCandidates = p.nCandidates;
  const weights = p.drawWeights;
  const distances = p.distances;
  const cumulative = p.cumulative;
  const potentials = p.potentials;
  const nPairs = (nCandidates + 1) >> 1;
  const rowBytes = (<usize>p.d) << 3;
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    total += weights !== 0 ? f64.load(weights + (i << 3)) : 1;
    f64.store(cumulative + (i << 3), total);
    f64.store(distances + (i << 3), Infinity);
  }
  let chosen = drawIndex(cumulative, n, total);
  memory.copy(p.centroids, p.rows + <usize>chosen * rowBytes, rowBytes);
  approachFirst(p);
  memory.fill(p.labels, 0, (<usize>n) << 2);
  for (let c = 1; c < p.k; c++) {
    total = accumulate(distances, weights, n, cumulative);
    if (total === 0) return c;
    for (let t = 0; t < nPairs << 1; t++) {
      if (t < nCandidates) chosen = drawIndex(cumulative, n, total);
      i32.store(p.candidateRows + ((<usize>t) << 2), chosen);
      let candidate = p.candidates + <usize>(t >> 1) * (rowBytes << 1) + ((<usize>(t & 1)) << 3);
      const row = p.rows + <usize>chosen * rowBytes;
      for (let f: usize = 0; f < rowBytes; f += 8, candidate += 16) f64.store(candidate, f64.load(row + f));
    }
    memory.fill(potentials, 0, (<usize>nPairs) << 4);
    addPotentials(p, nPairs);
    let best: usize = 0;
    for (let t: usize = 1; t < <usize>nCandidates; t++) {
      if (f64.load(potentials + (t << 3)) < f64.load(potentials + (best << 3))) best = t;
    }
    chosen = i32.load(p.candidateRows + (best << 2));
    memory.copy(p.centroids + <usize>c * rowBytes, p.rows + <usize>chosen * rowBytes, rowBytes);
    takeNearer(p, c, p.candidateDistances + (((best >> 1) * <usize>n) << 4) + ((best & 1) << 3));
  }
  return p.k;
}

/** Running sums of values, with weights unless their address is 0; returns the last. */
function accumulate(values: usize, weights: usize, n: i32, cumulative: usize): f64 {
  const end = values + ((<usize>n) << 3);
  let total: f64 = 0;
  if (weights !== 0) {
    for (; values < end; values += 8, weights += 8, cumulative += 8) {
      total += f64.load(weights) * f64.load(values);
      f64.store(cumulative, total);
    }
    return total;
  }
  for (; values + 32 <= end; values += 32, cumulative += 32) {
    total += f64.load(values);
    f64.store(cumulative, total);
    total += f64.load(values, 8);
    f64.store(cumulative, total, 8);
    total += f64.load(values, 16);
    f64.store(cumulative, total, 16);
    total += f64.load(values, 24);
    f64.store(cumulative, total, 24);
  }
  for (; values < end; values += 8, cumulative += 8) {
    total += f64.load(values);
    f64.store(cumulative, total);
  }
  return total;
}

/** Assigns rows that are nearer to a new centroid to it. @param distance every other f64 of 2 n, how far the rows are from it */
function takeNearer(p: DirectProblem, centroid: i32, distance: usize): void {
  const label = i32x4.splat(centroid);
  const closest = p.distances;
  const labels = p.labels;
  for (let i: usize = 0; i < <usize>p.n; i += 4, distance += 64) {
    const near = closest + (i << 3);
    const near0 = v128.load(near);
    const near1 = v128.load(near, 16);
    const next0 = v128.load64_lane(distance, v128.load64_zero(distance), 1, 16);
    const next1 = v128.load64_lane(distance, v128.load64_zero(distance, 32), 1, 48);
    const isNearer = v128.shuffle<i32>(f64x2.lt(next0, near0), f64x2.lt(next1, near1), 0, 2, 4, 6);
    v128.store(near, f64x2.pmin(near0, next0));
    v128.store(near, f64x2.pmin(near1, next1), 16);
    const at = labels + (i << 2);
    v128.store(at, v128.bitselect(label, v128.load(at), isNearer));
  }
}

/** The index whose share of the running sums a uniform draw falls into. */
function drawIndex(cumulative: usize, n: i32, total: f64): i32 {
  const target = uniform() * total;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (f64.load(cumulative + ((<usize>middle) << 3)) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Lowers each row's squared distance to its nearest centroid by the first centroid. */
function approachFirst(p: DirectProblem): void {
  const strideBytes = (<usize>p.stride) << 3;
  const centroid = p.centroids;
  const end = centroid + ((<usize>p.d) << 3);
  for (let i: usize = 0; i < <usize>p.n; i += 4) {
    let column = p.columns + (i << 3);
    let sum0 = f64x2.splat(0);
    let sum1 = sum0;
    for (let at = centroid; at < end; at += 8) {
      const value = v128.load64_splat(at);
      const t0 = f64x2.sub(v128.load(column), value);
      const t1 = f64x2.sub(v128.load(column, 16), value);
      sum0 = f64x2.add(sum0, f64x2.mul(t0, t0));
      sum1 = f64x2.add(sum1, f64x2.mul(t1, t1));
      column += strideBytes;
    }
    const near = p.distances + (i << 3);
    v128.store(near, f64x2.pmin(v128.load(near), sum0));
    v128.store(near, f64x2.pmin(v128.load(near, 16), sum1), 16);
  }
}

/** Adds to each candidate's potential how far each row would be from its nearest centroid with it. */
function addPotentials(p: DirectProblem, nPairs: i32): void {
  const n = p.n;
  const weights = p.drawWeights;
  const columns = p.columns;
  const closest = p.distances;
  const strideBytes = (<usize>p.stride) << 3;
  const pairBytes = (<usize>p.d) << 4;
  for (let pair = 0; pair < nPairs; pair += 2) {
    const a = p.candidates + <usize>pair * pairBytes;
    const end = a + pairBytes;
    // Without a second pair the first stands in: what is stored as its distances is then written over.
    const hasB = pair + 1 < nPairs;
    const b = hasB ? end : a;
    const out = p.potentials + ((<usize>pair) << 4);
    let toA = p.candidateDistances + ((<usize>pair * <usize>n) << 4);
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
