import { PCA } from "ml-pca";

/** The plane of largest variance through some points. */
export interface PrincipalAxes {
  /** (d,) what is taken from a point before it is projected. */
  readonly mean: Float64Array;
  /** (2, d) row-major, unit vectors. */
  readonly components: Float64Array;
  /** Shares of the total variance. */
  readonly ratio: readonly number[];
}

/** Multiplications that a picture is worth: points beyond it are left out, evenly. */
const MAX_COST = 2e8;
/** Features, or points, of which a matrix of all pairs is decomposed. */
const MAX_DECOMPOSED = 400;

/** Magnitudes of points between which the squares of squares are numbers. */
const MODERATE = [1e-70, 1e70];

/** Coefficients that differ by less, relatively, differ by rounding. */
const TIE = 2 ** -26;

/**
 * Principal axes of points, each with the coefficient of largest absolute value positive, or the first of equals.
 * Cost d^3 and n d^2; of very many features n^3 and n^2 d, from the scalar products of the points.
 *
 * @param parts matrices of d columns, row-major
 * @param d at least 2
 */
export function principalAxes(parts: readonly Float64Array[], d: number): PrincipalAxes {
  const isWide = d > MAX_DECOMPOSED;
  const most = isWide ? Math.min(MAX_DECOMPOSED, Math.sqrt(MAX_COST / d)) : MAX_COST / (d * d);
  const { points, scale } = ofModerateSize(somePoints(parts, d, most));
  const mean = new Float64Array(d);
  if (points.length === 0) points.push(mean);
  else for (const point of points) for (let f = 0; f < d; f++) mean[f] += point[f] / points.length;
  const centred = isWide ? points.map((point) => point.map((value, f) => value - mean[f])) : [];
  const pca = new PCA(isWide ? scalarProducts(centred) : covarianceOf(points, mean), {
    isCovarianceMatrix: true,
  });
  const vectors = pca.getEigenvectors();
  const variances = pca.getEigenvalues().map((value) => Math.max(0, value));
  const totalVariance = variances.reduce((sum, value) => sum + value, 0);
  const components = new Float64Array(2 * d);
  for (const c of [0, 1]) {
    // Of fewer than three points there may be no second axis: they lie on the first.
    if (c >= variances.length) break;
    const vector = isWide ? combined(centred, vectors.getColumn(c), variances[c]) : vectors.getColumn(c);
    const largest = vector.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
    const decides = vector.find((value) => Math.abs(value) >= largest * (1 - TIE)) ?? 0;
    for (let f = 0; f < d; f++) components[c * d + f] = Math.sign(decides) * vector[f];
  }
  const ratio = [0, 1].map((c) => (totalVariance > 0 ? (variances[c] ?? 0) / totalVariance : 0));
  return { mean: mean.map((value) => value * scale), components, ratio };
}

/** Points divided by a power of two, which changes no digit of them, where their squares would overflow or vanish. */
function ofModerateSize(points: Float64Array[]): { points: Float64Array[]; scale: number } {
  let largest = 0;
  for (const point of points) for (const value of point) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || (largest >= MODERATE[0] && largest <= MODERATE[1])) return { points, scale: 1 };
  const scale = 2 ** Math.max(-1000, Math.round(Math.log2(largest / 2)));
  return { points: points.map((point) => point.map((value) => value / scale)), scale };
}

/** Every so many of the points, so that there are at most `most`. */
function somePoints(parts: readonly Float64Array[], d: number, most: number): Float64Array[] {
  const total = parts.reduce((count, part) => count + part.length / d, 0);
  const step = Math.max(1, Math.ceil(total / most));
  const points: Float64Array[] = [];
  let index = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += d, index++) {
      if (index % step === 0) points.push(part.subarray(at, at + d));
    }
  }
  return points;
}

function scalarProducts(points: readonly Float64Array[]): number[][] {
  const products = points.map(() => new Array<number>(points.length));
  for (const [a, left] of points.entries()) {
    for (let b = a; b < points.length; b++) {
      const right = points[b];
      let sum = 0;
      for (let f = 0; f < left.length; f++) sum += left[f] * right[f];
      products[a][b] = products[b][a] = sum;
    }
  }
  return products;
}

/** The axis of an eigenvector of the scalar products; of no variance it is 0. */
function combined(points: readonly Float64Array[], weights: readonly number[], variance: number): number[] {
  const sum = new Array<number>(points[0].length).fill(0);
  if (variance === 0) return sum;
  for (const [i, point] of points.entries()) {
    const weight = weights[i] / Math.sqrt(variance);
    for (let f = 0; f < point.length; f++) sum[f] += weight * point[f];
  }
  return sum;
}

function covarianceOf(points: readonly Float64Array[], mean: Float64Array): number[][] {
  const d = mean.length;
  const covariance = Array.from({ length: d }, () => new Array<number>(d).fill(0));
  const scale = 1 / Math.max(1, points.length - 1);
  const centred = new Float64Array(d);
  for (const point of points) {
    for (let f = 0; f < d; f++) centred[f] = point[f] - mean[f];
    for (let a = 0; a < d; a++) {
      const row = covariance[a];
      for (let b = a; b < d; b++) row[b] += centred[a] * centred[b] * scale;
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) covariance[a][b] = covariance[b][a];
  return covariance;
}
