import type { RunResult } from "../experiment/result.js";

/** What a person reads at the end of a run. */
export function report(result: RunResult): string {
  const { metrics } = result;
  const clients = table(
    ["client", "samples", "clusters held", "means withheld"],
    result.clients.map(({ name, nSamples, clustersHeld, meansWithheld }) => [
      name,
      String(nSamples),
      clustersHeld === null ? "-" : `${clustersHeld} of ${metrics.cluster_sizes.length}`,
      String(meansWithheld),
    ]),
  );
  const scores = table(
    ["metric", "value"],
    (
      [
        ["inertia", metrics.inertia],
        ["silhouette (exact)", metrics.silhouette_score],
        ["silhouette (simplified)", metrics.simplified_silhouette_score],
        ["adjusted Rand index", metrics.adjusted_rand_index],
        ["adjusted Rand index, mean of clients", metrics.mean_client_adjusted_rand_index],
        ["normalized mutual information", metrics.normalized_mutual_information],
        ["Davies-Bouldin", metrics.davies_bouldin_score],
        ["Calinski-Harabasz", metrics.calinski_harabasz_score],
      ] as const
    ).map(([name, value]) => [name, value === null ? "-" : significant(value)]),
  );
  const names =
    result.featureNames ?? Array.from({ length: result.finalMeans.nColumns }, (_, f) => `feature ${f}`);
  const shown = names.slice(0, MAX_COLUMNS);
  const { data, nRows, nColumns } = result.finalMeans;
  const centroids = table(
    ["centroid", "rows", ...shown],
    Array.from({ length: nRows }, (_, c) => [
      String(c),
      String(metrics.cluster_sizes[c]),
      ...shown.map((_, f) => significant(data[c * nColumns + f])),
    ]),
  );
  const more = names.length > shown.length ? `  and ${names.length - shown.length} more features\n` : "";
  const how = result.converged ? "converged" : "not converged";
  const rounds = `${result.rounds} round${result.rounds === 1 ? "" : "s"}`;
  const dropped = result.dropped
    .slice(0, MAX_DROPPED)
    .map(({ step, client, reason }) => `without ${client} in ${step}: ${reason}\n`);
  if (result.dropped.length > MAX_DROPPED) dropped.push(`and ${result.dropped.length - MAX_DROPPED} more\n`);
  return (
    `\n${clients}\n${scores}\n${centroids}${more}\n${dropped.join("")}` +
    `${rounds}, ${how}, ${result.seconds.toFixed(2)} s\n${result.experimentDir}\n`
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
      metrics: result.metrics,
      run_hash: result.runHash,
      ...(video === null ? {} : { video }),
    },
    null,
    2,
  )}\n`;
}

/** Wider tables of centroids are for a notebook. */
const MAX_COLUMNS = 6;

/** All of them are in the summary. */
const MAX_DROPPED = 5;

/** Names to the left, numbers to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}

function significant(value: number): string {
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e7)
    ? value.toExponential(3)
    : Number(value.toPrecision(5)).toString();
}
