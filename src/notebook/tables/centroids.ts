import { type ExperimentLike, openFinal } from "../../experiment/open.js";
import { columnNames, type Row, rowOf } from "./row.js";

/**
 * The final centroids, one a row: `cluster`, `nSamples` of the whole federation (where nobody knew the rows' clusters, those
 * behind its points), and the features on the original
 * scale. Empty unless the run was completed.
 */
export function centroids(experiment: ExperimentLike): Row[] {
  const { finalMeans, metrics, featureNames } = openFinal(experiment);
  if (finalMeans === null) return [];
  const names = columnNames(featureNames, finalMeans.nColumns);
  const sizes = metrics?.clusterSizes ?? metrics?.ofPoints?.clusterSizes;
  return Array.from({ length: finalMeans.nRows }, (_, cluster) => ({
    cluster,
    nSamples: sizes?.[cluster] ?? null,
    ...rowOf(names, finalMeans, cluster),
  }));
}
