import { type ExperimentLike, openFinal } from "../../experiment/open.js";
import { columnNames, type Row, rowOf } from "./row.js";

/** One row of `centroids`. */
export interface CentroidRow extends Row {
  cluster: number;
  /** Rows of the whole federation that are nearest to it; null where rows are not known. */
  nSamples: number | null;
  /** Where points stand for rows: rows behind those points that are nearest. */
  nSamplesOfPoints?: number | null;
  /** Under differential privacy: rows as a server knows them, with noise. */
  nSamplesNoisy?: number;
  /** Under differential privacy: standard error of `nSamplesNoisy`. */
  nSamplesError?: number;
  /** Under differential privacy: what noise adds to any coordinate of the mean, where the bounds are from -1 to 1. */
  standardError?: number;
}

/**
 * The final centroids, one a row: `cluster`, `nSamples`, `nSamplesOfPoints` where points stand for rows,
 * `nSamplesNoisy`, `nSamplesError` and `standardError` under differential privacy, and the features on the original scale. Empty unless the run was completed.
 */
export function centroids(experiment: ExperimentLike): CentroidRow[] {
  const { finalMeans, metrics, featureNames } = openFinal(experiment);
  if (finalMeans === null) return [];
  const { ofPoints = null, noisy = null } = metrics ?? {};
  const names = columnNames(featureNames, finalMeans.nColumns);
  return Array.from({ length: finalMeans.nRows }, (_, cluster) => ({
    cluster,
    nSamples: metrics?.clusterSizes?.[cluster] ?? null,
    ...(ofPoints && { nSamplesOfPoints: ofPoints.clusterSizes?.[cluster] ?? null }),
    ...(noisy && {
      nSamplesNoisy: noisy.sizes[cluster],
      nSamplesError: noisy.sizeError,
      standardError: noisy.standardErrors[cluster],
    }),
    ...rowOf(names, finalMeans, cluster),
  }));
}
