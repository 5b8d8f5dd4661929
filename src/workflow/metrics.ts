import {
  adjustedRandIndex,
  type ContingencyTable,
  normalizedMutualInformation,
} from "../numerics/contingency.js";
import { calinskiHarabaszScore, daviesBouldinScore } from "../numerics/dispersion.js";
import { meansFromSums } from "../numerics/means.js";
import { addUp } from "../numerics/small-arrays.js";
import type { ClientDispersion } from "./dispersion.js";
import { type Fit, reportedSums } from "./evaluation.js";

/** What `federated_kmeans_metrics.json` holds; null is unknown. Names as scikit-learn's, where it has one. */
export interface Metrics {
  /** NaN where it is unknown: under `dp`, but in a simulation. */
  inertia: number;
  silhouetteScore: number | null;
  simplifiedSilhouetteScore: number | null;
  adjustedRandIndex: number | null;
  meanClientAdjustedRandIndex: number | null;
  normalizedMutualInformation: number | null;
  daviesBouldinScore: number | null;
  calinskiHarabaszScore: number | null;
  nSamples: number;
  /** Rows that inertia and simplified silhouette are of: clients of fewer rows than their threshold send no totals. */
  nSamplesInInertia: number;
  /** Rows left out of Davies-Bouldin and Calinski-Harabasz because their clients withhold their clusters. */
  nSamplesWithheld: number;
  clusterSizes: number[];
  /** Rows by class and cluster, where all clients have labels, of no more than 100 classes. */
  contingency: Contingency | null;
}

/** What is known where nobody may count rows. */
export const UNKNOWN_METRICS: Omit<Metrics, "clusterSizes"> = {
  inertia: Number.NaN,
  silhouetteScore: null,
  simplifiedSilhouetteScore: null,
  adjustedRandIndex: null,
  meanClientAdjustedRandIndex: null,
  normalizedMutualInformation: null,
  daviesBouldinScore: null,
  calinskiHarabaszScore: null,
  nSamples: 0,
  nSamplesInInertia: 0,
  nSamplesWithheld: 0,
  contingency: null,
};

/** Rows of each class in each cluster. */
export interface Contingency {
  classes: string[];
  /** A row a class, a column a cluster. */
  counts: number[][];
}

/** A table of more classes than this nobody reads. */
const MOST_CLASSES = 100;

/**
 * The server's half of the evaluation phase: combines replies, in client order, into the metrics of the whole
 * federation.
 *
 * @param fits one a client
 * @param dispersions one a client; null if not all of them answered, which leaves two metrics unknown
 * @param k number of clusters
 * @param silhouette the exact silhouette, where a simulation could compute it
 */
export function combineMetrics(
  fits: readonly Fit[],
  dispersions: readonly ClientDispersion[] | null,
  k: number,
  silhouette: number | null,
): Metrics {
  const total = (value: (fit: Fit) => number) => fits.reduce((sum, fit) => sum + value(fit), 0);
  const inTotals = total((fit) => fit.nSamples);
  const clusterSizes = Array.from({ length: k }, (_, c) => total((fit) => fit.counts[c]));
  const reported = reportedSums(fits);
  const dispersion = dispersions && {
    means: meansFromSums(reported.sums, reported.counts, new Float64Array(reported.sums.length)),
    counts: reported.counts,
    distanceSums: addUp(dispersions.map((client) => client.distanceSums)),
    squaredDistanceSums: addUp(dispersions.map((client) => client.squaredDistanceSums)),
  };
  const allRows = clusterSizes.reduce((sum, size) => sum + size, 0);
  // A client that takes part with nothing tells of no labels either.
  const taking = fits.filter(({ counts }) => counts.some((count) => count > 0));
  const labelled = taking.length > 0 && taking.every((fit) => fit.classes.length > 0);
  const classes = [...new Set(labelled ? taking.flatMap((fit) => fit.classes) : [])];
  const table = labelled ? pooledTable(taking, classes, k) : null;
  return {
    inertia: total((fit) => fit.inertia),
    silhouetteScore: silhouette,
    simplifiedSilhouetteScore:
      k < 2 || inTotals === 0 ? null : total((fit) => fit.simplifiedSilhouetteSum) / inTotals,
    adjustedRandIndex: table && adjustedRandIndex(table),
    meanClientAdjustedRandIndex: labelled ? meanClientAri(taking, k, allRows) : null,
    normalizedMutualInformation: table && normalizedMutualInformation(table),
    daviesBouldinScore: dispersion && daviesBouldinScore(dispersion),
    calinskiHarabaszScore: dispersion && calinskiHarabaszScore(dispersion),
    nSamples: allRows,
    nSamplesInInertia: inTotals,
    nSamplesWithheld: allRows - reported.counts.reduce((sum, count) => sum + count, 0),
    clusterSizes: clusterSizes,
    contingency: table && classes.length <= MOST_CLASSES ? contingencyOf(table, classes) : null,
  };
}

/** One table over all clients, whose classes are matched by name. */
function pooledTable(fits: readonly Fit[], classes: readonly string[], k: number): ContingencyTable {
  const counts = new Float64Array(classes.length * k);
  for (const fit of fits) {
    fit.classes.forEach((name, row) => {
      const pooledRow = classes.indexOf(name);
      for (let c = 0; c < k; c++) counts[pooledRow * k + c] += fit.contingency[row * k + c];
    });
  }
  return { counts, nClasses: classes.length, nClusters: k };
}

function contingencyOf({ counts, nClusters }: ContingencyTable, classes: string[]): Contingency {
  return {
    classes,
    counts: classes.map((_, row) => [...counts.subarray(row * nClusters, (row + 1) * nClusters)]),
  };
}

/** The mean that Garst & Reinders print: each client's own index, weighted by its rows. */
function meanClientAri(fits: readonly Fit[], k: number, nSamples: number): number {
  const weighted = fits.reduce((sum, fit) => {
    const rows = fit.counts.reduce((rows, count) => rows + count, 0);
    const table = {
      counts: Float64Array.from(fit.contingency),
      nClasses: fit.classes.length,
      nClusters: k,
    };
    return sum + rows * adjustedRandIndex(table);
  }, 0);
  return weighted / nSamples;
}
