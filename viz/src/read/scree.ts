import { PCA } from "ml-pca";
import type { Experiment } from "./experiment.js";

/** How much of the variance each principal component explains. */
export interface Scree {
  /** 0 to 1, in the order of the components. */
  readonly shares: readonly number[];
  /** What the components are of; of the run's own, what it recorded. */
  readonly of: "recorded" | "rows" | "groups" | "rows and groups";
  /** Components that there are, also those of which nothing is known. */
  readonly nAll: number;
}

/** A matrix of more features than this is not decomposed for a picture. */
const MOST_FEATURES = 300;

/**
 * All shares, where the run recorded them or its points are there to compute them from; else those that it recorded, of
 * the components that it drew.
 *
 * @returns null where nothing is known; of one or two features, which are drawn as they are
 */
export function explainedBy({ explained, nFeatures, clients }: Experiment): Scree | null {
  const known = clients.flatMap(({ points }) => points ?? []);
  const isAll = explained.length >= nFeatures || explained.reduce((sum, share) => sum + share, 0) > 1 - 1e-9;
  if (!isAll && known.length === clients.length && nFeatures > 2 && nFeatures <= MOST_FEATURES) {
    const shares = sharesOf(known, nFeatures);
    const nWeighted = known.filter(({ weights }) => weights !== null).length;
    const of = nWeighted === 0 ? "rows" : nWeighted === known.length ? "groups" : "rows and groups";
    if (shares !== null) return { shares, of, nAll: nFeatures };
  }
  if (explained.length === 0) return null;
  return { shares: explained, of: "recorded", nAll: isAll ? explained.length : nFeatures };
}

/** @returns null where nothing varies */
function sharesOf(
  parts: readonly { readonly features: Float64Array; readonly weights: Float64Array | null }[],
  d: number,
): number[] | null {
  const sums = new Float64Array(d);
  let total = 0;
  forEachPoint(parts, d, (features, at, weight) => {
    total += weight;
    for (let f = 0; f < d; f++) sums[f] += weight * features[at + f];
  });
  if (total === 0) return null;
  const mean = sums.map((sum) => sum / total);
  const covariance = Array.from({ length: d }, () => new Array<number>(d).fill(0));
  const centred = new Float64Array(d);
  forEachPoint(parts, d, (features, at, weight) => {
    for (let f = 0; f < d; f++) centred[f] = features[at + f] - mean[f];
    for (let a = 0; a < d; a++) {
      for (let b = a; b < d; b++) covariance[a][b] += (weight * centred[a] * centred[b]) / total;
    }
  });
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) covariance[a][b] = covariance[b][a];
  const values = new PCA(covariance, { isCovarianceMatrix: true })
    .getEigenvalues()
    .map((value) => Math.max(0, value));
  const all = values.reduce((sum, value) => sum + value, 0);
  return all > 0 ? values.map((value) => value / all) : null;
}

function forEachPoint(
  parts: readonly { readonly features: Float64Array; readonly weights: Float64Array | null }[],
  d: number,
  use: (features: Float64Array, at: number, weight: number) => void,
): void {
  for (const { features, weights } of parts) {
    for (let at = 0, i = 0; at < features.length; at += d, i++)
      use(features, at, weights === null ? 1 : weights[i]);
  }
}
