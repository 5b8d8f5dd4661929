import { potentialsOfColumns } from "../seeding/seeding.as";

/** A float in [0, 1) of the random stream that is being drawn from. */
declare function uniform(): f64;

/**
 * Draws starting centroids by greedy k-means++, as `kMeansPlusPlus` does, and assigns each row to its nearest.
 *
 * @param rows (n, d) f64, @param columns (d, stride) f64, the same feature by feature
 * @param stride rows of a column in memory, a multiple of 4, n at least
 * @param weights (n,) f64, or 0 for weights of 1
 * @param labels receives (n,) i32, and may be written to as far as the stride
 * @param closest receives (n,) f64 squared distances, and may be written to as far as the stride
 * @param cumulative scratch, (n,) f64
 * @param nCandidates tries a centroid, @param panels scratch for them, (nPairs, d, 2) f64, @param tried (nPairs, 2) i32
 * @param sums scratch, (nPairs, 2) f64, @param distances scratch, (nPairs, n, 2) f64
 * @param centroids receives (k, d) f64
 * @returns how many there are, at most k
 */
export function drawStart(
  rows: usize,
  columns: usize,
  stride: i32,
  n: i32,
  d: i32,
  k: i32,
  weights: usize,
  labels: usize,
  closest: usize,
  cumulative: usize,
  nCandidates: i32,
  panels: usize,
  tried: usize,
  sums: usize,
  distances: usize,
  centroids: usize,
): i32 {
  const nPairs = (nCandidates + 1) >> 1;
  const rowBytes = (<usize>d) << 3;
  let total: f64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    total += weights !== 0 ? f64.load(weights + (i << 3)) : 1;
    f64.store(cumulative + (i << 3), total);
    f64.store(closest + (i << 3), Infinity);
  }
  let chosen = drawIndex(cumulative, n, total);
  memory.copy(centroids, rows + <usize>chosen * rowBytes, rowBytes);
  approachColumns(columns, (<usize>stride) << 3, n, d, centroids, closest);
  memory.fill(labels, 0, (<usize>n) << 2);
  for (let c = 1; c < k; c++) {
    const centroid = centroids + <usize>c * rowBytes;
    total = accumulate(closest, weights, n, cumulative);
    if (total === 0) return c;
    for (let t = 0; t < nPairs << 1; t++) {
      if (t < nCandidates) chosen = drawIndex(cumulative, n, total);
      i32.store(tried + ((<usize>t) << 2), chosen);
      let panel = panels + <usize>(t >> 1) * (rowBytes << 1) + ((<usize>(t & 1)) << 3);
      const row = rows + <usize>chosen * rowBytes;
      for (let f: usize = 0; f < rowBytes; f += 8, panel += 16) f64.store(panel, f64.load(row + f));
    }
    memory.fill(sums, 0, (<usize>nPairs) << 4);
    potentialsOfColumns(
      columns,
      (<usize>stride) << 3,
      n,
      d,
      panels,
      nPairs,
      closest,
      weights,
      sums,
      distances,
    );
    let best: usize = 0;
    for (let t: usize = 1; t < <usize>nCandidates; t++) {
      if (f64.load(sums + (t << 3)) < f64.load(sums + (best << 3))) best = t;
    }
    chosen = i32.load(tried + (best << 2));
    memory.copy(centroid, rows + <usize>chosen * rowBytes, rowBytes);
    // How far the rows are from it, is known.
    take(c, distances + (((best >> 1) * <usize>n) << 4) + ((best & 1) << 3), n, closest, labels);
  }
  return k;
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

/** Assigns rows that are nearer to a new centroid to it. @param distance every other f64 of 2 n */
function take(centroid: i32, distance: usize, n: i32, closest: usize, labels: usize): void {
  const label = i32x4.splat(centroid);
  for (let i: usize = 0; i < <usize>n; i += 4, distance += 64) {
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

/** `approach`, with rows that lie feature by feature. */
function approachColumns(
  columns: usize,
  strideBytes: usize,
  n: i32,
  d: i32,
  centroid: usize,
  closest: usize,
): void {
  const end = centroid + ((<usize>d) << 3);
  for (let i: usize = 0; i < <usize>n; i += 4) {
    let column = columns + (i << 3);
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
    const near = closest + (i << 3);
    v128.store(near, f64x2.pmin(v128.load(near), sum0));
    v128.store(near, f64x2.pmin(v128.load(near, 16), sum1), 16);
  }
}
