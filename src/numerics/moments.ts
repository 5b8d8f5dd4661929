import { BLOCK_ROWS } from "./assign.js";

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
  for (let start = 0; start < nSamples; start += BLOCK_ROWS) {
    const block = new Float64Array(d);
    for (let i = start; i < Math.min(nSamples, start + BLOCK_ROWS); i++) {
      for (let f = 0; f < d; f++) {
        const difference = rows[i * d + f] - origin[f] - shifts[f];
        block[f] += difference * difference;
      }
    }
    for (let f = 0; f < d; f++) centeredSquaredSums[f] += block[f];
  }
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
  const sums = new Float64Array(d);
  for (let start = 0; start < n; start += BLOCK_ROWS) {
    const block = new Float64Array(d);
    for (let i = start; i < Math.min(n, start + BLOCK_ROWS); i++) {
      for (let f = 0; f < d; f++) block[f] += rows[i * d + f] - origin[f];
    }
    for (let f = 0; f < d; f++) sums[f] += block[f];
  }
  return sums.map((sum) => sum / n);
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
