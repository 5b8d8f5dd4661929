import { openBlocks } from "./kernels/statistics/blocks.js";
import { meanRow } from "./moments.js";

/** Count, mean and scatter matrix of some rows. */
export interface Scatter {
  /** Number of rows, or their total weight. */
  nSamples: number;
  /** (d,) */
  mean: Float64Array;
  /** (d * (d + 1) / 2,) upper triangle, row by row, of the sum of (x - mean)(x - mean)^T. */
  upper: Float64Array;
}

/**
 * Scatter of rows about their own mean, in the product of two features' units; a row of weight w counts as w rows. Over
 * nSamples - 1 it is their covariance. Cost n * d^2 / 2.
 *
 * @param rows (n, d) row-major, n >= 1
 * @param d number of features
 * @param weights (n,) non-negative with a positive sum, or null for 1 each
 * @throws RangeError if the numbers make no whole rows
 * @example
 *   scatter(Float64Array.of(0, 0, 2, 4), 2, null) // => { nSamples: 2, mean: [1, 2], upper: [2, 4, 8] }
 */
export function scatter(rows: Float64Array, d: number, weights: Float64Array | null): Scatter {
  const mean = meanRow(rows, d, weights);
  const upper = new Float64Array((d * (d + 1)) / 2);
  const sizes = { mean: d * 8, centered: d * 8, upper: upper.length * 8 };
  const { kernels, at, view, forEach } = openBlocks(rows, d, weights, sizes);
  view("mean", d).set(mean);
  const ofBlock = view("upper", upper.length);
  let nSamples = 0;
  forEach((block, weight) => {
    nSamples += weight;
    ofBlock.fill(0);
    kernels.addProducts(block, at.mean, at.centered, at.upper);
    for (let t = 0; t < upper.length; t++) upper[t] += ofBlock[t];
  });
  return { nSamples, mean, upper };
}

/**
 * The scatter of rows each feature of which is divided by its scale. Of one whose scale is 0, a constant feature, all
 * becomes 0. Cost d^2.
 *
 * @param scale (d,) standard deviations, as of a `Standardization`
 * @example
 *   const told = { nSamples: 2, mean: Float64Array.of(1, 2), upper: Float64Array.of(2, 4, 8) };
 *   scaleScatter(told, Float64Array.of(1, 2)) // => { nSamples: 2, mean: [1, 1], upper: [2, 2, 2] }
 */
export function scaleScatter({ nSamples, mean, upper }: Scatter, scale: Float64Array): Scatter {
  const over = (value: number, f: number) => (scale[f] > 0 ? value / scale[f] : 0);
  const scaled = new Float64Array(upper.length);
  let t = 0;
  for (let a = 0; a < scale.length; a++) {
    // One after the other, as the product of two scales may be beyond 64 bits.
    for (let b = a; b < scale.length; b++, t++) scaled[t] = over(over(upper[t], a), b);
  }
  return { nSamples, mean: mean.map(over), upper: scaled };
}

/**
 * Pools scatters, in the order given. Means are taken relative to the first part's, so that equal rows pool to
 * a scatter of exactly 0. Cost parts * d^2.
 *
 * @param parts at least one, all of d features
 * @example
 *   const parts = [Float64Array.of(0, 0, 2, 4), Float64Array.of(1, 2)].map((rows) => scatter(rows, 2, null));
 *   combineScatters(parts) // => { nSamples: 3, mean: [1, 2], upper: [2, 4, 8] }
 * @see Chan, Golub & LeVeque 1983, eq. 2.1, for each pair of features
 */
export function combineScatters(parts: readonly Scatter[]): Scatter {
  const d = parts[0].mean.length;
  const nSamples = parts.reduce((sum, part) => sum + part.nSamples, 0);
  const origin = parts[0].mean;
  const shift = new Float64Array(d);
  for (const part of parts) {
    for (let f = 0; f < d; f++) shift[f] += (part.nSamples / nSamples) * (part.mean[f] - origin[f]);
  }
  const upper = new Float64Array((d * (d + 1)) / 2);
  for (const part of parts) {
    for (let t = 0; t < upper.length; t++) upper[t] += part.upper[t];
    addOuterProduct(
      upper,
      part.mean.map((value, f) => value - origin[f] - shift[f]),
      part.nSamples,
    );
  }
  return { nSamples, mean: origin.map((value, f) => value + shift[f]), upper };
}

function addOuterProduct(upper: Float64Array, vector: Float64Array, weight: number): void {
  let t = 0;
  for (let a = 0; a < vector.length; a++) {
    const scaled = weight * vector[a];
    for (let b = a; b < vector.length; b++) upper[t++] += scaled * vector[b];
  }
}
