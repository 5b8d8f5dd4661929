import { type ExperimentLike, openFinal } from "../../experiment/open.js";
import { columnNames, type Row, rowOf } from "./row.js";

/** One row of `centroids`. */
export interface CentroidRow extends Row {
  cluster: number;
  /** Rows of the whole federation that are nearest to it; null where rows are not known. */
  nSamples: number | null;
  /** Where points stand for rows: rows behind those points that are nearest. */
  nSamplesOfPoints?: number | null;
}

/**
 * The final centroids, one a row: `cluster`, `nSamples`, `nSamplesOfPoints` where points stand for rows, and the
 * features on the original scale. Empty unless the run was completed.
 */
export function centroids(experiment: ExperimentLike): CentroidRow[] {
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
