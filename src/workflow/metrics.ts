import {
  adjustedRandIndex,
  type ContingencyTable,
  normalizedMutualInformation,
} from "../numerics/contingency.js";
import { calinskiHarabaszScore, daviesBouldinScore } from "../numerics/dispersion.js";
import { meansFromSums } from "../numerics/means.js";
import { addUp, type ClientDispersion, type Fit, reportedSums } from "./evaluation.js";

/** What `federated_kmeans_metrics.json` holds; null is unknown. Names as scikit-learn's, where it has one. */
export interface Metrics {
  inertia: number;
  silhouette_score: number | null;
  simplified_silhouette_score: number | null;
  adjusted_rand_index: number | null;
  mean_client_adjusted_rand_index: number | null;
  normalized_mutual_information: number | null;
  davies_bouldin_score: number | null;
  calinski_harabasz_score: number | null;
  n_samples: number;
  /** Rows that inertia and simplified silhouette are of: clients of fewer rows than their threshold send no totals. */
  n_samples_in_inertia: number;
  /** Rows left out of Davies-Bouldin and Calinski-Harabasz because their clients withhold their clusters. */
  n_samples_withheld: number;
  cluster_sizes: number[];
}

/**
 * The server's half of the evaluation phase: combines replies, in client order, into the metrics of the whole federation.
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
  const labelled = fits.every((fit) => fit.classes.length > 0);
  const table = labelled ? pooledTable(fits, k) : null;
  return {
    inertia: total((fit) => fit.inertia),
    silhouette_score: silhouette,
    simplified_silhouette_score:
      k < 2 || inTotals === 0 ? null : total((fit) => fit.simplifiedSilhouetteSum) / inTotals,
    adjusted_rand_index: table && adjustedRandIndex(table),
    mean_client_adjusted_rand_index: labelled ? meanClientAri(fits, k, allRows) : null,
    normalized_mutual_information: table && normalizedMutualInformation(table),
    davies_bouldin_score: dispersion && daviesBouldinScore(dispersion),
    calinski_harabasz_score: dispersion && calinskiHarabaszScore(dispersion),
    n_samples: allRows,
    n_samples_in_inertia: inTotals,
    n_samples_withheld: allRows - reported.counts.reduce((sum, count) => sum + count, 0),
    cluster_sizes: clusterSizes,
  };
}

/** One table over all clients, whose classes are matched by name. */
function pooledTable(fits: readonly Fit[], k: number): ContingencyTable {
  const classes = [...new Set(fits.flatMap((fit) => fit.classes))];
  const counts = new Float64Array(classes.length * k);
  for (const fit of fits) {
    fit.classes.forEach((name, row) => {
      const pooledRow = classes.indexOf(name);
      for (let c = 0; c < k; c++) counts[pooledRow * k + c] += fit.contingency[row * k + c];
    });
  }
  return { counts, nClasses: classes.length, nClusters: k };
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
