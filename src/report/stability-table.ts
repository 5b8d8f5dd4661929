import { renameFields, snakeCase } from "../casing.js";
import type { ClusterStability, Stability } from "../directory/read-stability.js";
import type { Table } from "../markup/text-table.js";
import { plural } from "../printable.js";

/**
 * What a mean similarity says of a cluster.
 *
 * @see the documentation of clusterboot in the R package fpc, whose words and bounds these are
 */
export function readingOf({ meanJaccard }: Pick<ClusterStability, "meanJaccard">): string {
  if (meanJaccard === null) return "unknown";
  if (meanJaccard >= 0.85) return "highly stable";
  if (meanJaccard >= 0.75) return "stable";
  return meanJaccard >= 0.6 ? "a pattern, its members doubtful" : "not to be trusted";
}

/**
 * How stable each cluster is, and what of it.
 *
 * @returns a table with its caption; none where that was not asked for
 */
export function stabilityTables({
  stability,
}: {
  readonly stability: Stability | null;
}): [caption: string, table: Table][] {
  if (stability === null) return [];
  const { clusters, of, resamples, failed } = stability;
  const isOfPoints = of === "points";
  const inSome = (cluster: ClusterStability) => cluster.jaccard.filter((value) => value !== null).length;
  const areInAll = clusters.every((cluster) => inSome(cluster) === resamples);
  const without = failed === 0 ? "" : `, ${failed} of which could not be clustered`;
  return [
    [
      `stability over ${plural(resamples, "resample")} of the ${isOfPoints ? "groups" : "rows"}${without}`,
      {
        header: [
          "cluster",
          ...(isOfPoints ? ["groups", "rows of groups"] : ["rows"]),
          ...(areInAll ? [] : ["resamples"]),
          "mean Jaccard",
          "recovered",
          "dissolved",
          "reading",
        ],
        rows: clusters.map((cluster, c) => [
          String(c),
          ...(isOfPoints ? [String(cluster.nPoints)] : []),
          String(cluster.nSamples),
          ...(areInAll ? [] : [String(inSome(cluster))]),
          cluster.meanJaccard === null ? "-" : cluster.meanJaccard.toFixed(3),
          String(cluster.recovered),
          String(cluster.dissolved),
          readingOf(cluster),
        ]),
      },
    ],
  ];
}

/** What a program reads of it; the directory's file has the similarity of each resample, too. */
export function stabilityJson({ clusters, ...stability }: Stability): object {
  const short = clusters.map(({ jaccard: _, ...cluster }) => cluster);
  return renameFields({ ...stability, clusters: short }, snakeCase) as object;
}
