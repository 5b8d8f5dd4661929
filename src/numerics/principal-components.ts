import type { Scatter } from "./scatter.js";
import { symmetricEigen } from "./symmetric-eigen.js";

/** The leading directions of variance, as scikit-learn's `PCA` has them. */
export interface PrincipalComponents {
  /** (d,) what is taken from a row before it is projected. */
  mean: Float64Array;
  /** (nComponents, d) row-major, unit vectors, largest variance first. */
  components: Float64Array;
  /** (nComponents,) */
  explainedVariance: Float64Array;
  /** (nComponents,) share of the total variance. */
  explainedVarianceRatio: Float64Array;
  nComponents: number;
}

/**
 * Principal components of a scatter matrix: variances are over the weight of the rows less 1. The sign of each is
 * fixed as scikit-learn fixes it: the coefficient of largest absolute value is positive, the first of those that are
 * equal but for rounding. Cost d^3.
 *
 * @param total scatter of at least two rows, or of points whose weight is above 1
 * @param nComponents how many, at most d
 * @example
 *   const scatter = { nSamples: 3, mean: Float64Array.of(1, 1), upper: Float64Array.of(4, 0, 2) };
 *   principalComponents(scatter, 1).explainedVarianceRatio // => [2 / 3]
 * @see Pearson, On lines and planes of closest fit, Phil. Mag. 2 (1901)
 */
export function principalComponents(total: Scatter, nComponents: number): PrincipalComponents {
  if (last !== null && last.nComponents === nComponents && equalScatters(last.total, total))
    return last.found;
  const found = decompose(total, nComponents);
  last = { total, nComponents, found };
  return found;
}

/** A study asks for the components of the same rows once a seed; with many features that is most of its work. */
let last: { total: Scatter; nComponents: number; found: PrincipalComponents } | null = null;

function equalScatters(a: Scatter, b: Scatter): boolean {
  const equal = (x: Float64Array, y: Float64Array) => x.length === y.length && x.every((v, i) => v === y[i]);
  return a.nSamples === b.nSamples && equal(a.mean, b.mean) && equal(a.upper, b.upper);
}

function decompose(total: Scatter, nComponents: number): PrincipalComponents {
  const d = total.mean.length;
  const covariance: number[][] = Array.from({ length: d }, () => new Array<number>(d));
  let t = 0;
  for (let a = 0; a < d; a++) {
    for (let b = a; b < d; b++) covariance[a][b] = covariance[b][a] = total.upper[t++] / (total.nSamples - 1);
  }
  const { values, vector } = symmetricEigen(covariance);
  // Rounding can leave a variance of zero slightly negative.
  const variances = values.map((value) => Math.max(0, value));
  const totalVariance = variances.reduce((sum, value) => sum + value, 0);
  const components = new Float64Array(nComponents * d);
  for (let c = 0; c < nComponents; c++) {
    for (let f = 0; f < d; f++) components[c * d + f] = vector(f, c);
  }
  return describeComponents(total.mean, components, variances.slice(0, nComponents), totalVariance);
}

/**
 * Coefficients that differ relatively by less than this differ by rounding: those of two standardized features are both
 * 1 / sqrt(2), and either may come out larger.
 */
const TIE = 2 ** -26;

/**
 * Components with the sign that `principalComponents` gives them.
 *
 * @param mean (d,)
 * @param components (nComponents, d) row-major, unit vectors, largest variance first; their signs are changed
 * @param variances (nComponents,)
 * @param totalVariance of all directions together
 */
export function describeComponents(
  mean: Float64Array,
  components: Float64Array,
  variances: readonly number[],
  totalVariance: number,
): PrincipalComponents {
  const d = mean.length;
  for (let at = 0; at < components.length; at += d) {
    const component = components.subarray(at, at + d);
    let largest = 0;
    for (let f = 0; f < d; f++) largest = Math.max(largest, Math.abs(component[f]));
    const decides = component.findIndex((value) => Math.abs(value) >= largest * (1 - TIE));
    if (component[decides] < 0) for (let f = 0; f < d; f++) component[f] = -component[f];
  }
  const explainedVariance = Float64Array.from(variances);
  return {
    mean,
    components,
    explainedVariance,
    explainedVarianceRatio: explainedVariance.map((v) => (totalVariance > 0 ? v / totalVariance : 0)),
    nComponents: variances.length,
  };
}
