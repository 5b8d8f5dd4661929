import type { Configuration } from "../experiment/settings.js";
import { plural } from "../printable.js";
import { clustersInUse } from "../workflow/cluster-count.js";
import type { Metrics } from "../workflow/metrics.js";
import type { Done } from "./pool.js";
import { hasAllClusters, type Trial } from "./trial.js";

/* What a study could not run or compare, in words. */

/**
 * A line on the numbers of clusters that could not be run, for each reason.
 *
 * @param done one entry a number
 */
export function failureNotes(kValues: readonly number[], done: readonly Done[]): string[] {
  const byReason = new Map<string, number[]>();
  for (const [i, { error }] of done.entries()) {
    if (error !== null) byReason.set(error, [...(byReason.get(error) ?? []), kValues[i]]);
  }
  return Array.from(byReason, ([error, ks]) => `k = ${ks.join(", ")} could not be run: ${error}`);
}

/** A line on the runs of one number of clusters that failed, and one on those that ended with fewer clusters. */
export function notesOf(configuration: Configuration, nSeeds: number, { result }: Done): string[] {
  const k = configuration.kGlobal;
  if (result === null) return [];
  const notes: string[] = [];
  const { trials, failures } = result;
  if (failures.length > 0) {
    const { seed, error } = failures[0];
    notes.push(`k = ${k}: ${failures.length} of ${nSeeds} runs failed; with seed ${seed}: ${error}`);
  }
  const fewer = trials.filter((trial) => !hasAllClusters(trial, configuration));
  return [...notes, ...fewerNote(fewer, nSeeds, configuration).map((line) => `k = ${k}: ${line}`)];
}

/**
 * A line on trials that ended with fewer clusters than were asked for; none where there are no such.
 *
 * @param fewer these trials
 * @param nRuns how many runs there were in all
 */
export function fewerNote(
  fewer: readonly Trial[],
  nRuns: number,
  configuration: Configuration | null,
): string[] {
  if (fewer.length === 0 || configuration === null) return [];
  const which = `${fewer.length} of ${plural(nRuns, "run")}`;
  const found = foundClusters(fewer);
  return [
    `${which} ended with ${found} of the ${configuration.kGlobal} clusters asked, and are not compared`,
  ];
}

/** How many clusters trials ended with: "4", or "4 to 6". */
function foundClusters(trials: readonly Pick<Trial, "metrics">[]): string {
  const found = trials.map(({ metrics }) => clustersInUse(metrics.clusterSizes));
  const [least, most] = [Math.min(...found), Math.max(...found)];
  return least === most ? String(least) : `${least} to ${most}`;
}

/** Of how many rows the totals are, where in some run they are not of all. */
export function rowNotes(trials: readonly Trial[]): string[] {
  const note = trials.map(({ metrics }) => rowNote(metrics)).find((text) => text !== null);
  return note == null ? [] : [note];
}

/** Of how many rows inertia and simplified silhouette are; null where of all. */
function rowNote({ nSamples, nSamplesInInertia }: Metrics): string | null {
  // What an earlier version found does not say.
  if (nSamplesInInertia === undefined || nSamplesInInertia === nSamples) return null;
  return (
    `inertia and simplified silhouette are of ${nSamplesInInertia} of the ${nSamples} rows: clients of fewer ` +
    "rows than their privacy threshold send no totals"
  );
}
