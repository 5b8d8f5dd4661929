import { openBlocks } from "./kernels/statistics/blocks.js";

/** First and second moments of each feature over some rows, in the feature's unit and its square: weighted sums. */
export interface Moments {
  /** Number of rows, or their total weight. */
  nSamples: number;
  /** (d,) */
  sums: Float64Array;
  /** (d,) sums of squared differences from the mean of the same rows. */
  centeredSquaredSums: Float64Array;
}

/**
 * Moments of each feature; a row of weight w counts as w rows. Squares are taken about the rows' own mean, which a
 * large offset cannot cancel away; with count and sum they carry just what plain squared sums do. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @throws RangeError if the numbers make no whole rows
 * @example
 *   moments(Float64Array.of(1, 2, 6), 1, null) // => { nSamples: 3, sums: [9], centeredSquaredSums: [14] }
 * @see Chan, Golub & LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983), section 3
 */
export function moments(rows: Float64Array, d: number, weights: Float64Array | null): Moments {
  const origin = originOf(rows, d, weights);
  const shifts = columnMeans(rows, origin, weights);
  const centeredSquaredSums = new Float64Array(d);
  const bytes = d * 8;
  const { kernels, at, view, forEach } = openBlocks(rows, d, weights, {
    origin: bytes,
    mean: bytes,
    sums: bytes,
  });
  view("origin", d).set(origin);
  view("mean", d).set(shifts);
  const sums = view("sums", d);
  let nSamples = 0;
  forEach((block, weight) => {
    nSamples += weight;
    sums.fill(0);
    kernels.addSquares(block, at.origin, at.mean, at.sums);
    for (let f = 0; f < d; f++) centeredSquaredSums[f] += sums[f];
  });
  return { nSamples, sums: shifts.map((shift, f) => (origin[f] + shift) * nSamples), centeredSquaredSums };
}

/** (d,) the first row that counts. Sums relative to it are exactly 0 where a column is constant. */
function originOf(rows: Float64Array, d: number, weights: Float64Array | null): Float64Array {
  const first = weights === null ? 0 : weights.findIndex((weight) => weight > 0);
  return rows.slice(first * d, (first + 1) * d);
}

/**
 * Mean of rows: that of a constant column is its value. Parameters as of `moments`. Cost n * d.
 *
 * @returns (d,)
 * @example meanRow(Float64Array.of(0, 7, 3, 7), 2, Float64Array.of(1, 2)) // => [2, 7]
 */
export function meanRow(rows: Float64Array, d: number, weights: Float64Array | null): Float64Array {
  const origin = originOf(rows, d, weights);
  return columnMeans(rows, origin, weights).map((shift, f) => origin[f] + shift);
}

/**
 * Means of the columns relative to an origin: a constant column gives exactly 0. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param origin (d,)
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @returns (d,) mean of (row - origin)
 * @example columnMeans(Float64Array.of(1, 2, 6), Float64Array.of(1), null) // => [2]
 */
export function columnMeans(
  rows: Float64Array,
  origin: Float64Array,
  weights: Float64Array | null,
): Float64Array {
  const d = origin.length;
  const total = new Float64Array(d);
  const { kernels, at, view, forEach } = openBlocks(rows, d, weights, { origin: d * 8, sums: d * 8 });
  view("origin", d).set(origin);
  const sums = view("sums", d);
  let nSamples = 0;
  forEach((block, weight) => {
    nSamples += weight;
    sums.fill(0);
    kernels.addShifted(block, at.origin, at.sums);
    for (let f = 0; f < d; f++) total[f] += sums[f];
  });
  return total.map((sum) => sum / nSamples);
}

/**
 * Pools moments, in the order given. Means are taken relative to the first part's, so that rounding does not
 * grow with the number of parts into a spread that a constant feature does not have. Cost parts * d.
 *
 * @param parts at least one, all of d features
 * @example
 *   const parts = [[1, 2, 6], [4]].map((values) => moments(Float64Array.from(values), 1, null));
 *   combineMoments(parts) // => { nSamples: 4, sums: [13], centeredSquaredSums: [59 / 4] }
 * @see Chan, Golub & LeVeque 1983, eq. 2.1
 */
export function combineMoments(parts: readonly Moments[]): Moments {
  const nSamples = parts.reduce((sum, part) => sum + part.nSamples, 0);
  const sums = new Float64Array(parts[0].sums.length);
  const centeredSquaredSums = new Float64Array(sums.length);
  for (let f = 0; f < sums.length; f++) {
    const origin = parts[0].sums[f] / parts[0].nSamples;
    let weightedShifts = 0;
    for (const part of parts) weightedShifts += part.nSamples * (part.sums[f] / part.nSamples - origin);
    const shift = weightedShifts / nSamples;
    sums[f] = (origin + shift) * nSamples;
    for (const part of parts) {
      const offset = part.sums[f] / part.nSamples - origin - shift;
      centeredSquaredSums[f] += part.centeredSquaredSums[f] + part.nSamples * offset * offset;
    }
  }
  return { nSamples, sums, centeredSquaredSums };
}

/**
 * Whether a feature is constant, but for what rounding can do to the sums of so many rows: shares that add up to 1
 * give or take a few units in the last place do not differ.
 *
 * @param variance population variance, in the square of the feature's unit
 * @param mean in the feature's unit
 * @see scikit-learn, StandardScaler: the rule by which it leaves a feature's scale alone
 */
export function isConstant(variance: number, mean: number, nSamples: number): boolean {
  // The square roots of both sides of the rule are compared, as its squares could overflow.
  const relative = nSamples * Number.EPSILON;
  return Math.sqrt(variance * Math.max(0, 1 - relative)) <= relative * Math.abs(mean);
}
