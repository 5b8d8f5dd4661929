import type { RunResult } from "../experiment/result.js";
import type { Twin, TwinScore } from "../experiment/twin.js";
import type { Metrics } from "../workflow/metrics.js";
import { significant, textTable } from "./text-table.js";

/** A table's parts as text. */
export interface Table {
  header: string[];
  rows: string[][];
}

/** What a person reads at the end of a run. */
export function report(result: RunResult): string {
  const text = ({ header, rows }: Table) => textTable(header, rows);
  const { nColumns } = result.finalMeans;
  const more = nColumns > MAX_COLUMNS ? `  and ${nColumns - MAX_COLUMNS} more features\n` : "";
  return (
    `\n${text(clientTable(result))}\n${text(metricTable(result.metrics))}\n${text(centroidTable(result))}${more}\n` +
    `${droppedLines(result)
      .map((line) => `${line}\n`)
      .join("")}` +
    `${result.twin === null ? "" : `\n${text(twinTable(result.twin))}`}` +
    `${outcome(result)}, ${result.seconds.toFixed(2)} s\n${result.experimentDir}\n`
  );
}

/**
 * What a program reads at the end of a run: one JSON object.
 *
 * @param video its path; null leaves the key out
 */
export function reportJson(result: RunResult, video: string | null = null): string {
  return `${JSON.stringify(
    {
      experiment_dir: result.experimentDir,
      rounds: result.rounds,
      converged: result.converged,
      ...(result.cycleLength !== null && { cycle_length: result.cycleLength }),
      metrics: result.metrics,
      ...(result.notices.length > 0 && { notices: result.notices }),
      ...(result.twin && { twin: result.twin }),
      run_hash: result.runHash,
      ...(video === null ? {} : { video }),
    },
    null,
    2,
  )}\n`;
}

/** Wider tables of centroids are for arrays. */
export const MAX_COLUMNS = 6;

/** All of them are in the summary. */
const MAX_DROPPED = 5;

export function outcome({ rounds, converged, cycleLength }: RunResult): string {
  const how =
    cycleLength === null
      ? converged
        ? "converged"
        : "not converged"
      : `ended in a cycle of ${cycleLength} rounds, at the one of least inertia`;
  return `${rounds} round${rounds === 1 ? "" : "s"}, ${how}`;
}

export function clientTable({ clients, metrics }: RunResult): Table {
  return {
    header: ["client", "samples", "clusters held", "means withheld"],
    rows: clients.map(({ name, nSamples, clustersHeld, meansWithheld }) => [
      name,
      String(nSamples),
      clustersHeld === null ? "-" : `${clustersHeld} of ${metrics.cluster_sizes.length}`,
      String(meansWithheld),
    ]),
  };
}

export function metricTable(metrics: Metrics): Table {
  const values = [
    ["inertia", metrics.inertia],
    ["silhouette (exact)", metrics.silhouette_score],
    ["silhouette (simplified)", metrics.simplified_silhouette_score],
    ["adjusted Rand index", metrics.adjusted_rand_index],
    ["adjusted Rand index, mean of clients", metrics.mean_client_adjusted_rand_index],
    ["normalized mutual information", metrics.normalized_mutual_information],
    ["Davies-Bouldin", metrics.davies_bouldin_score],
    ["Calinski-Harabasz", metrics.calinski_harabasz_score],
  ] as const;
  return {
    header: ["metric", "value"],
    rows: values.map(([name, value]) => [name, value === null ? "-" : significant(value)]),
  };
}

/** On the original scale. */
export function centroidTable({
  featureNames,
  finalMeans,
  metrics,
}: Pick<RunResult, "featureNames" | "finalMeans" | "metrics">): Table {
  const { data, nRows, nColumns } = finalMeans;
  const names = featureNames ?? Array.from({ length: nColumns }, (_, f) => `feature ${f}`);
  const shown = names.slice(0, MAX_COLUMNS);
  return {
    header: ["centroid", "rows", ...shown],
    rows: Array.from({ length: nRows }, (_, c) => [
      String(c),
      String(metrics.cluster_sizes[c]),
      ...shown.map((_, f) => significant(data[c * nColumns + f])),
    ]),
  };
}

/** What federation cost, against k-means of the pooled rows. */
export function twinTable({ same_start, best_start }: Twin): Table {
  const row = (name: string, twin: TwinScore) => [
    name,
    significant(twin.inertia),
    twin.inertia_excess === null ? "-" : `${(100 * twin.inertia_excess).toFixed(3)} %`,
    twin.adjusted_rand_index === null ? "-" : significant(twin.adjusted_rand_index),
    twin.adjusted_rand_index_difference === null ? "-" : twin.adjusted_rand_index_difference.toFixed(4),
  ];
  return {
    header: ["pooled k-means", "inertia", "federated: worse by", "adjusted Rand index", "federated: more by"],
    rows: [row("from the same start", same_start), row(`best of ${best_start.restarts} starts`, best_start)],
  };
}

/** What whoever runs it should know. */
export function noticeLines(notices: readonly string[]): string[] {
  return notices.map((notice) => `note: ${notice}`);
}

/** Who missed what. */
export function droppedLines({ dropped }: RunResult): string[] {
  const lines = dropped
    .slice(0, MAX_DROPPED)
    .map(({ step, client, reason }) => `without ${client} in ${step}: ${reason}`);
  if (dropped.length > MAX_DROPPED) lines.push(`and ${dropped.length - MAX_DROPPED} more`);
  return lines;
}
