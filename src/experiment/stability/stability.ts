import { join } from "node:path";
import type { Stability } from "../../directory/read-stability.js";
import { Pool } from "../../threads/pool.js";
import { policyOf } from "../privacy-settings.js";
import { clusterResamples, type ResampleResult, type ResampleTask } from "./resample.js";

/** A cluster is recovered in a resample where the similarity is at least the first, and dissolved where at most the second. */
export const RECOVERED = 0.75;
export const DISSOLVED = 0.5;

/**
 * How stable the clusters of a run are: as many resamples of the points as the configuration asks for are clustered as
 * the run was, and each of its clusters is compared with the most similar one found. The same for any number of threads.
 *
 * @param threads 0: on the calling thread
 * @throws RunError if a partition cannot be read, or a thread fails; the signal's reason once it is aborted
 * @see Hennig, Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52 (2007); and
 *   clusterboot of the R package fpc
 */
export async function stabilityOf(
  run: Omit<ResampleTask, "from" | "to">,
  threads: number,
  signal: AbortSignal,
): Promise<Stability> {
  const { stability: resamples } = run.configuration;
  const done =
    threads === 0
      ? [await clusterResamples({ ...run, from: 0, to: resamples }, signal)]
      : await inThreads(run, resamples, threads, signal);
  return summaryOf(run, done);
}

async function inThreads(
  run: Omit<ResampleTask, "from" | "to">,
  resamples: number,
  threads: number,
  signal: AbortSignal,
): Promise<ResampleResult[]> {
  const count = Math.min(threads, resamples);
  const program = join(__dirname, "resample-worker.cjs");
  const pool = new Pool<ResampleTask, ResampleResult>(program, "a thread that resamples", count, signal);
  const bound = (part: number) => Math.round((part * resamples) / count);
  try {
    const parts = Array.from({ length: count }, (_, part) => ({
      ...run,
      from: bound(part),
      to: bound(part + 1),
    }));
    return await Promise.all(parts.map((part) => pool.run(part)));
  } finally {
    await pool.close();
  }
}

function summaryOf(
  { configuration, means }: Pick<ResampleTask, "configuration" | "means">,
  done: readonly ResampleResult[],
): Stability {
  const resamples = done.flatMap((part) => part.resamples);
  const failures = resamples.flatMap((one) => ("failure" in one ? [one.failure] : []));
  const { nPoints, nSamples } = done[0];
  return {
    resamples: resamples.length,
    of: policyOf(configuration).groupSize > 1 ? "points" : "rows",
    failed: failures.length,
    failure: failures[0] ?? null,
    clusters: Array.from({ length: means.nRows }, (_, cluster) => {
      const jaccard = resamples.map((one) =>
        "failure" in one || Number.isNaN(one.jaccard[cluster]) ? null : one.jaccard[cluster],
      );
      const known = jaccard.filter((value) => value !== null);
      return {
        nPoints: nPoints[cluster],
        nSamples: nSamples[cluster],
        meanJaccard: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
        recovered: known.filter((value) => value >= RECOVERED).length,
        dissolved: known.filter((value) => value <= DISSOLVED).length,
        jaccard,
      };
    }),
  };
}
