import type { RunResult } from "../experiment/result.js";
import type { Twin, TwinCost, TwinScore } from "../experiment/twin.js";
import { numberColumn } from "../markup/number-column.js";
import type { Table } from "../markup/text-table.js";
import { clustersInUse } from "../workflow/cluster-count.js";

type Compared = Pick<RunResult, "twin" | "metrics">;

/**
 * How the run compares with k-means on the pooled rows, and where groups stand for rows, with k-means on the pooled
 * groups: what groups cost, and what federation did. The numbers of clusters are shown where they differ.
 *
 * @returns tables with their captions; none without a twin
 */
export function twinTables({ twin, metrics }: Compared): [caption: string, table: Table][] {
  if (twin === null) return [];
  const { ofPoints, groupCost } = twin;
  if (ofPoints === undefined || groupCost === undefined) {
    return [["what federation cost", federationTable(twin, metrics)]];
  }
  return [
    ["pooled k-means, scored on rows", pooledTable({ ...twin, ofPoints }, metrics)],
    ["what groups and federation cost, rows against rows", costTable({ ...twin, ofPoints, groupCost })],
  ];
}

/** Names of the two starts. */
function startsOf({ bestStart }: Pick<Twin, "bestStart">): [sameStart: string, bestStart: string] {
  return ["from the same start", `best of ${bestStart.restarts} starts`];
}

function federationTable({ sameStart, bestStart }: Twin, metrics: RunResult["metrics"]): Table {
  const differ = areOfOtherClusters([sameStart, bestStart], metrics);
  const row = (name: string, twin: TwinScore, inertia: string) => {
    const [worse, more] = costCells(twin);
    return [name, ...(differ ? [String(twin.nClusters)] : []), inertia, worse, indexCell(twin), more];
  };
  const inertias = numberColumn([sameStart.inertia, bestStart.inertia]);
  const [same, best] = startsOf({ bestStart });
  return {
    header: [
      "pooled k-means",
      ...(differ ? ["clusters"] : []),
      inertiaHeader(metrics),
      "federated: worse by",
      "adjusted Rand index",
      "federated: more by",
    ],
    rows: [row(same, sameStart, inertias[0]), row(best, bestStart, inertias[1])],
  };
}

function pooledTable(
  { ofPoints, ...ofRows }: Twin & Required<Pick<Twin, "ofPoints">>,
  metrics: RunResult["metrics"],
): Table {
  const [same, best] = startsOf(ofRows);
  const scores: [string, TwinScore][] = [
    [`rows, ${same}`, ofRows.sameStart],
    [`rows, ${best}`, ofRows.bestStart],
    [`groups, ${same}`, ofPoints.sameStart],
    [`groups, ${best}`, ofPoints.bestStart],
  ];
  const inertias = numberColumn(scores.map(([, { inertia }]) => inertia));
  const differ = areOfOtherClusters(
    scores.map(([, score]) => score),
    metrics,
  );
  return {
    header: [
      "pooled k-means",
      ...(differ ? ["clusters"] : []),
      inertiaHeader(metrics),
      "adjusted Rand index",
    ],
    rows: scores.map(([name, score], i) => [
      name,
      ...(differ ? [String(score.nClusters)] : []),
      inertias[i],
      indexCell(score),
    ]),
  };
}

/** Pooled groups against pooled rows; the run against pooled groups; the run against pooled rows. */
function costTable({ ofPoints, groupCost, ...ofRows }: Required<Twin>): Table {
  const [same, best] = startsOf(ofRows);
  return {
    header: ["cost", "inertia: worse by", "adjusted Rand index: more by"],
    rows: [
      [`of groups, ${same}`, ...costCells(groupCost.sameStart)],
      [`of federation, ${same}`, ...costCells(ofPoints.sameStart)],
      [`of both, ${same}`, ...costCells(ofRows.sameStart)],
      [`of groups, ${best}`, ...costCells(groupCost.bestStart)],
      [`of federation, ${best}`, ...costCells(ofPoints.bestStart)],
      [`of both, ${best}`, ...costCells(ofRows.bestStart)],
    ],
  };
}

function areOfOtherClusters(scores: readonly TwinScore[], { clusterSizes }: RunResult["metrics"]): boolean {
  return scores.some(({ nClusters }) => nClusters !== clustersInUse(clusterSizes));
}

function inertiaHeader({ nSamples, nSamplesInInertia }: RunResult["metrics"]): string {
  return nSamplesInInertia < nSamples ? `inertia of ${nSamplesInInertia} rows` : "inertia";
}

function indexCell({ adjustedRandIndex }: TwinScore): string {
  return adjustedRandIndex === null ? "-" : adjustedRandIndex.toFixed(4);
}

function costCells({ inertiaExcess, adjustedRandIndexDifference }: TwinCost): [string, string] {
  return [
    inertiaExcess === null ? "-" : `${withoutMinusZero((100 * inertiaExcess).toFixed(3))} %`,
    adjustedRandIndexDifference === null ? "-" : withoutMinusZero(adjustedRandIndexDifference.toFixed(4)),
  ];
}

/** Of a difference that rounding alone makes, no sign. */
function withoutMinusZero(text: string): string {
  return /^-0\.0+$/.test(text) ? text.slice(1) : text;
}
