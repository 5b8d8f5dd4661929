import { assignRows } from "./assignment.js";
import type { Experiment } from "./experiment.js";

/** Silhouette coefficients of all points that a directory has of its clients, under the means of a round. */
export interface Silhouettes {
  /** Exact: from the distances of all pairs. Simplified: from the distances to the means. */
  readonly kind: "exact" | "simplified";
  readonly of: "rows" | "groups" | "rows and groups";
  /** (n,) from -1 to 1. */
  readonly coefficients: Float64Array;
  /** (n,) the cluster of each: its nearest mean. */
  readonly labels: Uint16Array;
  /** (n,) rows behind each; null: each is a row. */
  readonly weights: Float64Array | null;
  /** Clients whose points these are, of `Experiment.clients`. */
  readonly nClients: number;
  /** Over all rows. */
  readonly mean: number;
  /** One a cluster. */
  readonly clusters: readonly SilhouetteOfCluster[];
}

export interface SilhouetteOfCluster {
  readonly nPoints: number;
  readonly nRows: number;
  /** null of a cluster without points. */
  readonly mean: number | null;
}

const MOST_POINTS = 20_000;
/** Differences that exact coefficients are worth, of all pairs and features. */
const MOST_COST = 2e9;

/** More points have no exact coefficients, whose cost grows with the pairs of them. */
export function mostExact(nFeatures: number): number {
  return Math.min(MOST_POINTS, Math.floor(Math.sqrt(MOST_COST / nFeatures)));
}

interface Points {
  /** (n, d) row-major. */
  readonly features: Float64Array;
  readonly labels: Uint16Array;
  readonly weights: Float64Array | null;
  readonly d: number;
  readonly k: number;
}

/**
 * Coefficients under the means of a round: exact ones where the points are few, else simplified ones. A point of weight w
 * counts as w rows, each of which has the others at distance 0. One that is alone in its cluster has 0.
 *
 * @returns null where there are no points, or none but those of one cluster
 * @see Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20 (1987), section 2
 * @see Hruschka, de Castro & Campello, Evolutionary algorithms for clustering gene-expression data, ICDM 2004
 */
export function silhouettesOf(
  { clients, rounds, nFeatures }: Experiment,
  roundIndex: number,
): Silhouettes | null {
  const { k, means } = rounds[roundIndex];
  const known = clients.flatMap(({ points }) => points ?? []);
  const n = known.reduce((sum, { nPoints }) => sum + nPoints, 0);
  const features = new Float64Array(n * nFeatures);
  const weights = new Float64Array(n).fill(1);
  let at = 0;
  for (const part of known) {
    features.set(part.features, at * nFeatures);
    if (part.weights !== null) weights.set(part.weights, at);
    at += part.nPoints;
  }
  const isWeighted = known.some((part) => part.weights !== null);
  const labels = assignRows(features, nFeatures, means);
  const points = { features, labels, weights: isWeighted ? weights : null, d: nFeatures, k };
  const sizes = sizesOf(points);
  if (sizes.filter((size) => size > 0).length < 2) return null;
  const isExact = n <= mostExact(nFeatures);
  const coefficients = isExact ? exact(points, sizes) : simplified(points, means);
  const sums = new Float64Array(k);
  const counts = new Array<number>(k).fill(0);
  labels.forEach((label, i) => {
    sums[label] += weights[i] * coefficients[i];
    counts[label]++;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    kind: isExact ? "exact" : "simplified",
    of: !isWeighted ? "rows" : known.every((part) => part.weights !== null) ? "groups" : "rows and groups",
    coefficients,
    labels,
    weights: points.weights,
    nClients: known.length,
    mean: sums.reduce((sum, one) => sum + one, 0) / total,
    clusters: counts.map((nPoints, c) => ({
      nPoints,
      nRows: sizes[c],
      mean: nPoints === 0 ? null : sums[c] / sizes[c],
    })),
  };
}

function sizesOf({ labels, weights, k }: Points): Float64Array {
  const sizes = new Float64Array(k);
  labels.forEach((label, i) => {
    sizes[label] += weights === null ? 1 : weights[i];
  });
  return sizes;
}

/** Cost n^2 d / 2. */
function exact({ features, labels, weights, d, k }: Points, sizes: Float64Array): Float64Array {
  const n = labels.length;
  // (n, k) sums of the distances to the rows of each cluster.
  const sums = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const ofI = i * d;
    const weight = weights === null ? 1 : weights[i];
    const label = labels[i];
    for (let j = i + 1; j < n; j++) {
      let square = 0;
      for (let f = 0, ofJ = j * d; f < d; f++, ofJ++) {
        const difference = features[ofI + f] - features[ofJ];
        square += difference * difference;
      }
      const distance = Math.sqrt(square);
      sums[i * k + labels[j]] += weights === null ? distance : weights[j] * distance;
      sums[j * k + label] += weight * distance;
    }
  }
  return Float64Array.from(labels, (own, i) => {
    if (sizes[own] <= 1) return 0;
    let between = Infinity;
    for (let c = 0; c < k; c++) {
      if (c !== own && sizes[c] > 0) between = Math.min(between, sums[i * k + c] / sizes[c]);
    }
    return coefficient(sums[i * k + own] / (sizes[own] - 1), between);
  });
}

/** Cost n k d. */
function simplified({ features, labels, d, k }: Points, means: Float64Array): Float64Array {
  return Float64Array.from(labels, (own, i) => {
    let within = 0;
    let between = Infinity;
    for (let c = 0; c < k; c++) {
      let square = 0;
      for (let f = 0; f < d; f++) square += (features[i * d + f] - means[c * d + f]) ** 2;
      if (c === own) within = Math.sqrt(square);
      else between = Math.min(between, Math.sqrt(square));
    }
    return coefficient(within, between);
  });
}

function coefficient(within: number, between: number): number {
  const larger = Math.max(within, between);
  return larger === 0 ? 0 : (between - within) / larger;
}
