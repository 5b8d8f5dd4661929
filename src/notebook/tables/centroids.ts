import { type ExperimentLike, openFinal } from "../../experiment/open.js";
import { columnNames, type Row, rowOf } from "./row.js";

/**
 * The final centroids, one a row: `cluster`, `nSamples` of the whole federation, and the features on the original
 * scale. Empty unless the run was completed.
 */
export function centroids(experiment: ExperimentLike): Row[] {
  const { finalMeans, metrics, featureNames } = openFinal(experiment);
  if (finalMeans === null) return [];
  const names = columnNames(featureNames, finalMeans.nColumns);
  return Array.from({ length: finalMeans.nRows }, (_, cluster) => ({
    cluster,
    nSamples: metrics?.clusterSizes?.[cluster] ?? null,
    ...rowOf(names, finalMeans, cluster),
  }));
}
