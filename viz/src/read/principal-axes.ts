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

/**
 * Principal axes of points, each with the coefficient of largest absolute value positive. Cost d^3 and n d^2.
 *
 * @param parts matrices of d columns, row-major
 * @param d at least 2
 */
export function principalAxes(parts: readonly Float64Array[], d: number): PrincipalAxes {
  const total = parts.reduce((count, part) => count + part.length / d, 0);
  const step = Math.max(1, Math.ceil((total * d * d) / MAX_COST));
  const points: Float64Array[] = [];
  let index = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += d, index++) {
      if (index % step === 0) points.push(part.subarray(at, at + d));
    }
  }
  const mean = new Float64Array(d);
  for (const point of points) for (let f = 0; f < d; f++) mean[f] += point[f] / points.length;
  const covariance = covarianceOf(points, mean);
  const pca = new PCA(covariance, { isCovarianceMatrix: true });
  const vectors = pca.getEigenvectors();
  const variances = pca.getEigenvalues().map((value) => Math.max(0, value));
  const totalVariance = variances.reduce((sum, value) => sum + value, 0);
  const components = new Float64Array(2 * d);
  for (const c of [0, 1]) {
    const vector = vectors.getColumn(c);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    for (let f = 0; f < d; f++) components[c * d + f] = Math.sign(largest) * vector[f];
  }
  const ratio = [0, 1].map((c) => (totalVariance > 0 ? variances[c] / totalVariance : 0));
  return { mean, components, ratio };
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
