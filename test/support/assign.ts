import { BLOCK_ROWS } from "#src/numerics/blocks.js";

/**
 * Finds the nearest centroid of every row (squared Euclidean distance; the lower index wins a tie).
 * Cost n * k * d.
 *
 * @param rows (n, d) row-major
 * @param d number of features
 * @param centroids (k, d) row-major, k >= 1
 * @param labels (n,) receives the index of each row's centroid; what it held before is a guess that saves time
 *   where it is right and changes nothing where it is wrong
 * @returns the inertia: the sum of squared distances to the nearest centroid
 * @see Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28 (1982)
 */
export function assign(rows: Float64Array, d: number, centroids: Float64Array, labels: Int32Array): number {
  const n = labels.length;
  let inertia = 0;
  for (let start = 0; start < n; start += BLOCK_ROWS) {
    const end = Math.min(n, start + BLOCK_ROWS);
    inertia += assignBlock(rows, d, centroids, labels, start, end);
  }
  return inertia;
}

function assignBlock(
  rows: Float64Array,
  d: number,
  centroids: Float64Array,
  labels: Int32Array,
  start: number,
  end: number,
): number {
  if (d === 2) return assignBlockOfPairs(rows, centroids, labels, start, end);
  const length = centroids.length;
  let blockInertia = 0;
  for (let i = start; i < end; i++) {
    const row = i * d;
    const guess = labels[i] * d < length ? Math.max(0, labels[i] * d) : 0;
    let label = guess;
    let best = distanceWithin(rows, row, centroids, guess, d, Infinity);
    for (let c = 0; c < length; c += d) {
      if (c === guess) continue;
      const distance = distanceWithin(rows, row, centroids, c, d, best);
      // Of equals the lower index wins.
      if (distance <= best && (distance < best || c < label)) {
        best = distance;
        label = c;
      }
    }
    labels[i] = label / d;
    blockInertia += best;
  }
  return blockInertia;
}

/** Features between two looks at whether a distance is already too large to matter. */
const STRIDE = 8;

/** Squared distance of a row to a centroid, both by offset; or some number above `bound`, if it is above. */
function distanceWithin(
  rows: Float64Array,
  row: number,
  centroids: Float64Array,
  c: number,
  d: number,
  bound: number,
): number {
  let distance = 0;
  for (let f = 0; f < d; ) {
    const end = Math.min(d, f + STRIDE);
    for (; f < end; f++) {
      const difference = rows[row + f] - centroids[c + f];
      distance += difference * difference;
    }
    if (distance > bound) return distance;
  }
  return distance;
}

/** Two features, as maps and published studies have: the same operations in the same order, unrolled. */
function assignBlockOfPairs(
  rows: Float64Array,
  centroids: Float64Array,
  labels: Int32Array,
  start: number,
  end: number,
): number {
  const length = centroids.length;
  let blockInertia = 0;
  for (let i = start; i < end; i++) {
    const x = rows[2 * i];
    const y = rows[2 * i + 1];
    let best = Infinity;
    let label = 0;
    for (let c = 0; c < length; c += 2) {
      const dx = x - centroids[c];
      const dy = y - centroids[c + 1];
      const distance = dx * dx + dy * dy;
      if (distance < best) {
        best = distance;
        label = c;
      }
    }
    labels[i] = label >> 1;
    blockInertia += best;
  }
  return blockInertia;
}

/**
 * Sums the rows, or the weighted rows, of each cluster.
 *
 * @param rows (n, d) row-major
 * @param d number of features
 * @param k number of clusters
 * @param labels (n,) cluster of each row, in 0..k-1
 * @param weights (n,) non-negative, or null for 1 each
 * @returns sums (k, d) row-major, and counts (k,): the number of rows, or their total weight
 */
export function clusterSums(
  rows: Float64Array,
  d: number,
  k: number,
  labels: Int32Array,
  weights: Float64Array | null,
): { sums: Float64Array; counts: Float64Array } {
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  for (let start = 0; start < labels.length; start += BLOCK_ROWS) {
    const end = Math.min(labels.length, start + BLOCK_ROWS);
    const blockSums = new Float64Array(k * d);
    for (let i = start; i < end; i++) {
      const weight = weights === null ? 1 : weights[i];
      counts[labels[i]] += weight;
      for (let f = 0; f < d; f++) blockSums[labels[i] * d + f] += weight * rows[i * d + f];
    }
    for (let f = 0; f < sums.length; f++) sums[f] += blockSums[f];
  }
  return { sums, counts };
}
