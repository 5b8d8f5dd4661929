import { renameFields, snakeCase } from "../casing.js";
import { nameSettings } from "../errors.js";
import type { RunResult } from "../experiment/result.js";
import type { Twin, TwinScore } from "../experiment/twin.js";
import { significant, type Table, textTable } from "../markup/text-table.js";
import { plural } from "../printable.js";
import type { Metrics } from "../workflow/metrics.js";

/** What a person reads at the end of a run. */
export function runReport(result: RunResult): string {
  const { nColumns } = result.finalMeans;
  const more = nColumns > MAX_COLUMNS ? `  and ${nColumns - MAX_COLUMNS} more features\n` : "";
  const parts = [
    "\n",
    textTable(clientTable(result)),
    "\n",
    ...labelLines(result).map((line) => `${line}\n`),
    textTable(metricTable(result.metrics, totalRows(result.clients))),
    "\n",
    textTable(centroidTable(result)),
    `${more}\n`,
    ...droppedLines(result).map((line) => `${line}\n`),
    result.twin === null ? "" : `\n${textTable(twinTable(result.twin, result))}`,
    `${outcome(result)}, ${result.seconds.toFixed(2)} s\n${result.experimentDir}\n`,
  ];
  return parts.join("");
}

/**
 * What a program reads at the end of a run: one JSON object.
 *
 * @param video its path; null leaves the key out
 */
export function runJson(result: RunResult, video: string | null = null): string {
  return `${JSON.stringify(
    {
      experiment_dir: result.experimentDir,
      rounds: result.rounds,
      converged: result.converged,
      ...(result.cycleLength !== null && { cycle_length: result.cycleLength }),
      n_clusters: result.nClusters,
      metrics: renameFields(result.metrics, snakeCase),
      ...(result.notices.length > 0 && { notices: result.notices }),
      ...(result.twin && { twin: renameFields(result.twin, snakeCase) }),
      run_hash: result.runHash,
      ...(video === null ? {} : { video }),
    },
    null,
    2,
  )}\n`;
}

/** The most features that a table of centroids shows; the array `finalMeans` has all of them. */
export const MAX_COLUMNS = 6;

/** The most lines on clients that missed a step; the directory's summary has all of them. */
const MAX_DROPPED = 5;

/** Rows of the whole federation. */
export function totalRows(clients: readonly { nSamples: number }[]): number {
  return clients.reduce((sum, { nSamples }) => sum + nSamples, 0);
}

export function outcome({ rounds, converged, cycleLength, nClusters, clustersAsked }: RunResult): string {
  const how =
    cycleLength === null
      ? converged
        ? "converged"
        : "not converged"
      : `ended in a cycle of ${cycleLength} rounds, at the one of least inertia`;
  const fewer = nClusters < clustersAsked ? `, ${nClusters} of the ${clustersAsked} clusters asked` : "";
  return `${plural(rounds, "round")}, ${how}${fewer}`;
}

export function clientTable({ clients, metrics }: RunResult): Table {
  return {
    header: ["client", "samples", "clusters held", "means withheld"],
    rows: clients.map(({ name, nSamples, clustersHeld, meansWithheld }) => [
      name,
      String(nSamples),
      clustersHeld === null ? "-" : `${clustersHeld} of ${metrics.clusterSizes.length}`,
      String(meansWithheld),
    ]),
  };
}

/**
 * The metrics. If one of them is of fewer rows than the federation has, a column says of how many rows each is.
 *
 * @param nSamples rows of the whole federation
 */
export function metricTable(metrics: Metrics, nSamples: number): Table {
  const counted = metrics.nSamples;
  // A directory that an earlier version wrote does not say of how many rows the totals are.
  const inTotals = metrics.nSamplesInInertia ?? counted;
  const told = counted - metrics.nSamplesWithheld;
  const values = [
    ["inertia", metrics.inertia, inTotals],
    ["silhouette (exact)", metrics.silhouetteScore, nSamples],
    ["silhouette (simplified)", metrics.simplifiedSilhouetteScore, inTotals],
    ["adjusted Rand index", metrics.adjustedRandIndex, counted],
    ["adjusted Rand index, mean of clients", metrics.meanClientAdjustedRandIndex, counted],
    ["normalized mutual information", metrics.normalizedMutualInformation, counted],
    ["Davies-Bouldin", metrics.daviesBouldinScore, told],
    ["Calinski-Harabasz", metrics.calinskiHarabaszScore, told],
  ] as const;
  const someLack = values.some(([, value, rows]) => value !== null && rows < nSamples);
  return {
    header: ["metric", "value", ...(someLack ? ["of rows"] : [])],
    rows: values.map(([name, value, rows]) => [
      name,
      value === null ? "-" : significant(value),
      ...(someLack ? [value === null ? "-" : `${rows} of ${nSamples}`] : []),
    ]),
  };
}

/** The centroids on the original scale. */
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
      String(metrics.clusterSizes[c]),
      ...shown.map((_, f) => significant(data[c * nColumns + f])),
    ]),
  };
}

/**
 * How the run compares with k-means on the pooled rows: what federation cost. The numbers of clusters are shown where
 * they differ.
 */
export function twinTable(
  { sameStart, bestStart }: Twin,
  { nClusters, metrics }: Pick<RunResult, "nClusters" | "metrics">,
): Table {
  const differ = [sameStart, bestStart].some((twin) => twin.nClusters !== nClusters);
  const row = (name: string, twin: TwinScore) => [
    name,
    ...(differ ? [String(twin.nClusters)] : []),
    significant(twin.inertia),
    twin.inertiaExcess === null ? "-" : `${(100 * twin.inertiaExcess).toFixed(3)} %`,
    twin.adjustedRandIndex === null ? "-" : significant(twin.adjustedRandIndex),
    twin.adjustedRandIndexDifference === null ? "-" : twin.adjustedRandIndexDifference.toFixed(4),
  ];
  return {
    header: [
      "pooled k-means",
      ...(differ ? ["clusters"] : []),
      metrics.nSamplesInInertia < metrics.nSamples
        ? `inertia of ${metrics.nSamplesInInertia} rows`
        : "inertia",
      "federated: worse by",
      "adjusted Rand index",
      "federated: more by",
    ],
    rows: [row("from the same start", sameStart), row(`best of ${bestStart.restarts} starts`, bestStart)],
  };
}

/** Says which column the labels came from. */
export function labelLines({ labels, clients }: RunResult): string[] {
  if (labels === null) return [];
  const { columns, nClasses, nClients } = labels;
  const names = columns.length === 0 ? "" : `${columns.join(", ")}, `;
  const at = nClients < clients.length ? ` at ${nClients} of ${clients.length} clients` : "";
  return [`labels: ${names}${nClasses} class${nClasses === 1 ? "" : "es"}${at}`];
}

/** The notices of a run, for whoever runs it. */
export function noticeLines(notices: readonly string[]): string[] {
  return notices.map((notice) => `note: ${nameSettings(notice, (name) => name)}`);
}

/** Says which client missed which step, and why. */
export function droppedLines({ dropped }: RunResult): string[] {
  const lines = dropped
    .slice(0, MAX_DROPPED)
    .map(({ step, client, reason }) => `without ${client} in ${step}: ${reason}`);
  if (dropped.length > MAX_DROPPED) lines.push(`and ${dropped.length - MAX_DROPPED} more`);
  return lines;
}
