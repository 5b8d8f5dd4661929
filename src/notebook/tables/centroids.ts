import { type ExperimentLike, openFinal } from "../../experiment/open.js";
import { columnNames, type Row, rowOf } from "./row.js";

/**
 * The final centroids, one a row: `cluster`, `nSamples` (rows of the whole federation that are nearest to it; null where
 * rows are not known), `nSamplesOfPoints` where points stand for rows (rows behind those that are nearest), and the
 * features on the original scale. Empty unless the run was completed.
 */
export function centroids(experiment: ExperimentLike): Row[] {
  const { finalMeans, metrics, featureNames } = openFinal(experiment);
  if (finalMeans === null) return [];
  const ofPoints = metrics?.ofPoints ?? null;
  const names = columnNames(featureNames, finalMeans.nColumns);
  return Array.from({ length: finalMeans.nRows }, (_, cluster) => ({
    cluster,
    nSamples: metrics?.clusterSizes?.[cluster] ?? null,
    ...(ofPoints && { nSamplesOfPoints: ofPoints.clusterSizes?.[cluster] ?? null }),
    ...rowOf(names, finalMeans, cluster),
  }));
}
