import { openBlocks } from "./kernels/statistics/blocks.js";

/** First and second moments of each feature over some rows, in the feature's unit and its square. */
export interface Moments {
  nSamples: number;
  /** (d,) */
  sums: Float64Array;
  /** (d,) sums of squared differences from the mean of the same rows. */
  centeredSquaredSums: Float64Array;
}

/**
 * Moments of each feature. Squares are taken about the rows' own mean, which a large offset cannot cancel
 * away; with count and sum they carry just what plain squared sums do. Cost n * d.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @see Chan, Golub & LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983), section 3
 */
export function moments(rows: Float64Array, d: number): Moments {
  const nSamples = rows.length / d;
  const origin = rows.slice(0, d);
  const shifts = columnMeans(rows, origin);
  const centeredSquaredSums = new Float64Array(d);
  const bytes = d * 8;
  const { kernels, at, view, forEach } = openBlocks(rows, d, { origin: bytes, mean: bytes, sums: bytes });
  view("origin", d).set(origin);
  view("mean", d).set(shifts);
  const sums = view("sums", d);
  forEach((address, m) => {
    sums.fill(0);
    kernels.addSquares(address, m, d, at.origin, at.mean, at.sums);
    for (let f = 0; f < d; f++) centeredSquaredSums[f] += sums[f];
  });
  return { nSamples, sums: shifts.map((shift, f) => (origin[f] + shift) * nSamples), centeredSquaredSums };
}

/**
 * Means of the columns relative to an origin: a constant column gives exactly 0.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param origin (d,)
 * @returns (d,) mean of (row - origin)
 */
export function columnMeans(rows: Float64Array, origin: Float64Array): Float64Array {
  const d = origin.length;
  const n = rows.length / d;
  const total = new Float64Array(d);
  const { kernels, at, view, forEach } = openBlocks(rows, d, { origin: d * 8, sums: d * 8 });
  view("origin", d).set(origin);
  const sums = view("sums", d);
  forEach((address, m) => {
    sums.fill(0);
    kernels.addShifted(address, m, d, at.origin, at.sums);
    for (let f = 0; f < d; f++) total[f] += sums[f];
  });
  return total.map((sum) => sum / n);
}

/**
 * Pools moments, in the order given. Means are taken relative to the first part's, so that rounding does not
 * grow with the number of parts into a spread that a constant feature does not have.
 *
 * @param parts at least one, all of d features
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
 * Whether a feature is constant but for what rounding can do to so many rows: shares that add up to 1 +- a few units
 * in the last place do not differ.
 *
 * @param variance population variance, in the square of the feature's unit
 * @param mean in the feature's unit
 * @see scikit-learn, StandardScaler: the rule by which it leaves a feature's scale alone
 */
export function isConstant(variance: number, mean: number, nSamples: number): boolean {
  // Of the square roots of the rule's two sides, which do not overflow.
  const relative = nSamples * Number.EPSILON;
  return Math.sqrt(variance * Math.max(0, 1 - relative)) <= relative * Math.abs(mean);
}
