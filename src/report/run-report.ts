import { renameFields, snakeCase } from "../casing.js";
import { nameSettings } from "../errors.js";
import type { RunResult } from "../experiment/result.js";
import { numberColumn } from "../markup/number-column.js";
import { type Table, textTable } from "../markup/text-table.js";
import { plural, printableLine } from "../printable.js";
import type { NoisySizes } from "../workflow/evaluate.js";
import { hasGroups } from "../workflow/protection.js";
import { stabilityJson, stabilityTables } from "./stability-table.js";
import { twinTables } from "./twin-tables.js";

/** What a person reads at the end of a run. */
export function runReport(result: RunResult): string {
  const { nColumns } = result.finalMeans;
  const more = nColumns > MAX_COLUMNS ? `  and ${nColumns - MAX_COLUMNS} more features\n` : "";
  const parts = [
    "\n",
    textTable(clientTable(result)),
    "\n",
    ...labelLines(result).map((line) => `${line}\n`),
    ...(result.metricsOf === "none" ? [] : [textTable(metricTable(result, totalRows(result.clients))), "\n"]),
    textTable(centroidTable(result)),
    `${more}\n`,
    ...droppedLines(result).map((line) => `${line}\n`),
    ...stabilityTables(result).map(([caption, table]) => `\n${caption}\n${textTable(table, 1)}`),
    ...twinTables(result).map(([, table]) => `\n${textTable(table)}`),
    `${outcome(result)}, ${result.seconds.toFixed(2)} s\n${result.experimentDir}\n`,
  ];
  return parts.join("");
}

/**
 * What a program reads at the end of a run: one JSON object.
 *
 * @param made what was made of it, by kind: paths; null leaves the key out
 */
export function runJson(
  result: RunResult,
  made: { readonly [kind in "video" | "report"]?: string | null } = {},
): string {
  return `${JSON.stringify(
    {
      experiment_dir: result.experimentDir,
      rounds: result.rounds,
      converged: result.converged,
      ...(result.cycleLength !== null && { cycle_length: result.cycleLength }),
      n_clusters: result.nClusters,
      metrics: renameFields(
        result.metricsOf === "none" ? unknown(result.metrics) : result.metrics,
        snakeCase,
      ),
      ...(result.noisySizes && { noisy: renameFields(result.noisySizes, snakeCase) }),
      ...(result.metricsOfPoints && {
        metrics_of: result.metricsOf,
        metrics_of_points: renameFields(result.metricsOfPoints, snakeCase),
      }),
      ...(result.notices.length > 0 && { notices: result.notices }),
      ...(result.stability && { stability: stabilityJson(result.stability) }),
      ...(result.twin && { twin: renameFields(result.twin, snakeCase) }),
      run_hash: result.runHash,
      ...Object.fromEntries(Object.entries(made).filter(([, path]) => path !== null)),
    },
    null,
    2,
  )}\n`;
}

/** The same metrics, none of which is known: sizes with noise are no metric of rows. */
function unknown(metrics: RunResult["metrics"]): Record<string, null> {
  return Object.fromEntries(Object.keys(metrics).map((name) => [name, null]));
}

/** The most features that a table of centroids shows; the array `finalMeans` has all of them. */
export const MAX_COLUMNS = 6;

/** The most lines on clients that missed a step; the directory's summary has all of them. */
const MAX_DROPPED = 5;

/** Rows of the whole federation, as far as clients tell. */
export function totalRows(clients: readonly { nSamples: number }[]): number {
  return clients.reduce((sum, { nSamples }) => sum + (nSamples || 0), 0);
}

export function outcome({
  rounds,
  converged,
  cycleLength,
  nClusters,
  clustersAsked,
  protection,
}: RunResult): string {
  const how =
    cycleLength === null
      ? converged
        ? protection.privately
          ? "as planned"
          : "converged"
        : "not converged"
      : `ended in a cycle of ${cycleLength} rounds, at the one of least inertia`;
  const fewer = nClusters < clustersAsked ? `, ${nClusters} of the ${clustersAsked} clusters asked` : "";
  return `${plural(rounds, "round")}, ${how}${fewer}`;
}

/** The clients; with the groups that stand for their rows, or the means that a threshold withheld, where there are such. */
export function clientTable({ clients, metrics, protection }: RunResult): Table {
  const counted = hasGroups(protection);
  const withholds = protection.mode === "threshold";
  return {
    header: [
      "client",
      "samples",
      ...(counted ? ["groups"] : []),
      "clusters held",
      ...(withholds ? ["means withheld"] : []),
    ],
    rows: clients.map(({ name, nSamples, nPoints, clustersHeld, meansWithheld }) => [
      name,
      Number.isNaN(nSamples) ? "-" : String(nSamples),
      ...(counted ? [String(nPoints)] : []),
      clustersHeld === null ? "-" : `${clustersHeld} of ${metrics.clusterSizes.length}`,
      ...(withholds ? [String(meansWithheld)] : []),
    ]),
  };
}

/** Metrics, and whose they are. */
export type Scored = Pick<RunResult, "metrics" | "metricsOf" | "metricsOfPoints">;

/**
 * The metrics of the rows, and beside them those of the groups that stand for them; of rows that nobody knows, those of
 * the groups alone, as far as they are known. If one of them is of fewer rows than the federation has, a column says of
 * how many rows each is.
 *
 * @param nSamples rows of the whole federation
 */
export function metricTable({ metrics, metricsOf, metricsOfPoints }: Scored, nSamples: number): Table {
  const counted = metrics.nSamples;
  // A directory that an earlier version wrote does not say of how many rows the totals are.
  const inTotals = metrics.nSamplesInInertia ?? counted;
  const shared = counted - metrics.nSamplesWithheld;
  const values = [
    ["inertia", "inertia", inTotals],
    ["silhouette (exact)", "silhouetteScore", nSamples],
    ["silhouette (simplified)", "simplifiedSilhouetteScore", inTotals],
    ["adjusted Rand index", "adjustedRandIndex", counted],
    ["adjusted Rand index, mean of clients", "meanClientAdjustedRandIndex", counted],
    ["normalized mutual information", "normalizedMutualInformation", counted],
    ["Davies-Bouldin", "daviesBouldinScore", shared],
    ["Calinski-Harabasz", "calinskiHarabaszScore", shared],
  ] as const;
  const someLack = values.some(([, metric, rows]) => metrics[metric] !== null && rows < nSamples);
  const ofRows = metricsOf === "rows";
  const told = values.filter(([, metric]) => ofRows || metrics[metric] !== null);
  const column = (of: Scored["metrics"]) => numberColumn(told.map(([, metric]) => of[metric]));
  const [whole, points] = [column(metrics), metricsOfPoints && column(metricsOfPoints)];
  return {
    header: [
      "metric",
      ...(ofRows ? [metricsOfPoints === null ? "value" : "of rows"] : []),
      ...(metricsOfPoints === null ? [] : ["of groups"]),
      ...(someLack ? [metricsOfPoints === null ? "of rows" : "rows"] : []),
    ],
    rows: told.map(([name, metric, rows], i) => [
      name,
      ...(ofRows ? [whole[i]] : []),
      ...(points === null ? [] : [points[i]]),
      ...(someLack ? [metrics[metric] === null ? "-" : `${rows} of ${nSamples}`] : []),
    ]),
  };
}

/**
 * The centroids on the original scale, with how many rows are nearest to each, where that is known, and how many the
 * groups have that are.
 */
export function centroidTable({
  featureNames,
  finalMeans,
  metrics,
  metricsOf,
  metricsOfPoints,
  noisySizes,
}: Scored & Pick<RunResult, "featureNames" | "finalMeans"> & Partial<Pick<RunResult, "noisySizes">>): Table {
  const { data, nRows, nColumns } = finalMeans;
  const names = featureNames ?? Array.from({ length: nColumns }, (_, f) => `x${f}`);
  const shown = names.slice(0, MAX_COLUMNS);
  const sizes: [string, readonly (number | string)[]][] = [
    ...(metricsOf === "rows" ? [["rows", metrics.clusterSizes] as [string, number[]]] : []),
    ...(metricsOfPoints === null
      ? []
      : [["rows of groups", metricsOfPoints.clusterSizes] as [string, number[]]]),
    ...(noisySizes ? [["rows, noisy", withError(noisySizes)] as [string, string[]]] : []),
  ];
  const columns = shown.map((_, f) =>
    numberColumn(Array.from({ length: nRows }, (_, c) => data[c * nColumns + f])),
  );
  return {
    header: ["centroid", ...sizes.map(([name]) => name), ...shown],
    rows: Array.from({ length: nRows }, (_, c) => [
      String(c),
      ...sizes.map(([, size]) => String(size[c])),
      ...columns.map((column) => column[c]),
    ]),
  };
}

/** Noisy sizes with the standard error that they all have: "152 ± 27". */
function withError({ sizes, sizeError }: NoisySizes): string[] {
  return sizes.map((size) => `${size} ± ${Math.max(1, Math.round(sizeError))}`);
}

/** Says which column the labels came from. */
export function labelLines({ labels, clients }: RunResult): string[] {
  if (labels === null) return [];
  const { columns, nClasses, nClients } = labels;
  const names = columns.length === 0 ? "" : `${columns.join(", ")}, `;
  const at = nClients < clients.length ? ` at ${nClients} of ${clients.length} clients` : "";
  return [printableLine(`labels: ${names}${nClasses} class${nClasses === 1 ? "" : "es"}${at}`)];
}

/** The notices of a run, for whoever runs it. */
export function noticeLines(notices: readonly string[]): string[] {
  return notices.map((notice) => printableLine(`note: ${nameSettings(notice, (name) => name)}`));
}

/** Says which client missed which step, and why. */
export function droppedLines({ dropped }: RunResult): string[] {
  const lines = dropped
    .slice(0, MAX_DROPPED)
    .map(({ step, client, reason }) => printableLine(`without ${client} in ${step}: ${reason}`));
  if (dropped.length > MAX_DROPPED) lines.push(`and ${dropped.length - MAX_DROPPED} more`);
  return lines;
}
