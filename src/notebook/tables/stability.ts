import { readStability } from "../../directory/read-stability.js";
import { RunError, theSetting } from "../../errors.js";
import { directoryOf, type ExperimentLike } from "../../experiment/open.js";
import { readingOf } from "../../report/stability-table.js";
import type { Row } from "./row.js";

/** One row of `stability`. */
export interface StabilityRow extends Row {
  cluster: number;
  /** Rows behind what was resampled of the cluster. */
  nSamples: number;
  /** Mean over the resamples of the Jaccard similarity with the most similar cluster found; null in no resample. */
  meanJaccard: number | null;
  /** Resamples in which the similarity was at least 0.75, */
  recovered: number;
  /** and those in which it was at most 0.5. */
  dissolved: number;
  resamples: number;
  /** What the mean says: "highly stable" from 0.85 on, "stable" from 0.75 on. */
  reading: string;
}

/**
 * How stable each cluster of a run is, one a row: which clusters to trust (Hennig 2007).
 *
 * @param experiment the result of a run with `stability`, or its experiment directory
 * @throws RunError if the run did not look, or if the file is not as it should be
 * @example const result = await fk.run({ data, kGlobal: 3, stability: 100 });
 * fk.stability(result);
 */
export function stability(experiment: ExperimentLike): StabilityRow[] {
  const directory = directoryOf(experiment);
  const found = readStability(directory);
  if (found === null) {
    throw new RunError(`${directory} holds no stability: run it with ${theSetting("stability")} 100, say`);
  }
  return found.clusters.map((cluster, c) => ({
    cluster: c,
    nSamples: cluster.nSamples,
    meanJaccard: cluster.meanJaccard,
    recovered: cluster.recovered,
    dissolved: cluster.dissolved,
    resamples: cluster.jaccard.filter((value) => value !== null).length,
    reading: readingOf(cluster),
  }));
}
