import type { LoggedMetrics } from "../../../directory/read-metrics.js";
import { type Block, type Cell, cells, type Prose, type Section, say, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { count, metricText } from "../words.js";
import { costTables } from "./cost.js";

/** A metric, and how a reader takes it. */
export interface Meaning {
  readonly name: string;
  readonly metric: Exclude<keyof LoggedMetrics, "clusterSizes" | "contingency">;
  readonly range: string;
  readonly meaning: string;
  readonly computed: string;
}

/** In the order of the table; definitions are scikit-learn's. */
export const MEANINGS: readonly Meaning[] = [
  {
    name: "adjusted Rand index",
    metric: "adjustedRandIndex",
    range: "−0.5 to 1",
    meaning:
      "agreement with the labels over all rows, corrected for chance: 1 is the same partition, 0 is chance",
    computed: "counts of classes by cluster, summed over clients",
  },
  {
    name: "the same, mean of clients",
    metric: "meanClientAdjustedRandIndex",
    range: "−0.5 to 1",
    meaning:
      "the index of each client alone, averaged with clients weighted by their rows, as Garst & Reinders print it",
    computed: "the same counts, of each client",
  },
  {
    name: "normalized mutual information",
    metric: "normalizedMutualInformation",
    range: "0 to 1",
    meaning: "information that clusters and labels share",
    computed: "counts of classes by cluster, summed over clients",
  },
  {
    name: "silhouette, simplified",
    metric: "simplifiedSilhouetteScore",
    range: "−1 to 1",
    meaning: "how much nearer a row is to its own centroid than to the next: near 0 clusters touch",
    computed: "one sum a client",
  },
  {
    name: "silhouette, exact",
    metric: "silhouetteScore",
    range: "−1 to 1",
    meaning: "the same of row against row",
    computed: "needs all rows in one place: of a simulation only",
  },
  {
    name: "Davies–Bouldin",
    metric: "daviesBouldinScore",
    range: "from 0, low is good",
    meaning: "mean likeness of each cluster with the one most like it",
    computed: "sums of distances by cluster",
  },
  {
    name: "Calinski–Harabasz",
    metric: "calinskiHarabaszScore",
    range: "from 0, high is good",
    meaning: "variance between clusters over variance within",
    computed: "sums and squared distances by cluster",
  },
  {
    name: "inertia",
    metric: "inertia",
    range: "from 0, low is good",
    meaning: "sum of squared distances to the nearest centroid, in the units clustered in",
    computed: "one sum a client",
  },
];

/** How good the clusters are, by what was known to whom. */
export function quality(facts: RunFacts): Section | null {
  const { metrics, privately, summary } = facts;
  if (metrics === null) return null;
  const isKnown = MEANINGS.some(
    ({ metric }) => metrics[metric] !== null || metrics.ofPoints?.[metric] != null,
  );
  const blocks: Block[] = [
    ...(privately === null ? [] : [{ type: "paragraph" as const, text: paidFor(isKnown, summary.isExport) }]),
    ...(isKnown || privately === null ? [metricTable(facts)] : []),
  ];
  const contingency = metrics.contingency ?? metrics.ofPoints?.contingency ?? null;
  if (contingency !== null && contingency.classes.length > 0) {
    blocks.push(contingencyTable(facts, contingency, metrics.contingency === null));
  }
  blocks.push(...costTables(facts));
  return { id: "quality", title: "Quality", blocks };
}

/** Under differential privacy what is evaluated would have to be bought. */
function paidFor(isKnown: boolean, isExport: boolean): Prose {
  if (isKnown) {
    return say`What follows is computed from the rows, for the experimenter, as a simulation can: it left no client and has no noise, and no server of such a run knows it.`;
  }
  return say`No metric is known${isExport ? " here" : ""}: each would have to be bought from the budget that the clusters are found with. What a server knows is the noisy sizes of the clusters, and how far off their means may be.`;
}

function metricTable({ metrics, privately, hasGroups, isSimulation, summary }: RunFacts): TableBlock {
  const { ofPoints } = metrics!;
  // How another program came by its numbers is not known.
  const { isOurs } = summary;
  const isSent = isOurs && privately === null;
  const known = MEANINGS.filter(({ metric }) => metrics![metric] !== null || ofPoints?.[metric] != null);
  const rowsKnown = MEANINGS.some(({ metric }) => metrics![metric] !== null);
  const columns: [string, LoggedMetrics][] = [
    ...(rowsKnown || ofPoints === null
      ? [[hasGroups ? "of rows" : "value", metrics!] as [string, LoggedMetrics]]
      : []),
    ...(ofPoints === null ? [] : [["of groups", ofPoints] as [string, LoggedMetrics]]),
  ];
  const counted = metrics!.nSamples ?? ofPoints?.nSamples ?? null;
  const withheld = metrics!.nSamplesWithheld ?? 0;
  const inTotals = metrics!.nSamplesInInertia;
  const less = [
    ...(withheld > 0
      ? [`Davies–Bouldin and Calinski–Harabasz leave out ${count(withheld)} rows of withheld clusters.`]
      : []),
    ...(counted !== null && inTotals !== null && inTotals < counted
      ? [`Inertia and simplified silhouette are of ${count(inTotals)} of ${count(counted)} rows.`]
      : []),
  ];
  const whose =
    ofPoints === null
      ? ""
      : isSimulation && rowsKnown
        ? "A server knows those of groups, from which all was computed; those of rows only a simulation can tell. "
        : `Of groups of rows, from which all was computed${isSimulation ? "" : ": nobody knows those of rows"}. `;
  return {
    type: "table",
    caption: privately === null ? "Metrics" : "Metrics of the rows, for the experimenter",
    header: [
      "metric",
      "range",
      "meaning",
      ...(isSent ? ["computed from"] : []),
      ...columns.map(([name]) => name),
    ],
    nTexts: isSent ? 4 : 3,
    rows: known.map(({ name, metric, range, meaning, computed }) => [
      ...cells(name, range, meaning, ...(isSent ? [computed] : [])),
      ...columns.map(([, values]): Cell => ({ text: [{ strong: metricText(values[metric]) }] })),
    ]),
    ...(whose + less.join(" ") !== "" && { note: say`${whose + less.join(" ")}` }),
    data: {
      header: ["metric", ...columns.map(([name]) => name.replaceAll(" ", "_"))],
      rows: known.map(({ metric }) => [metric, ...columns.map(([, values]) => values[metric])]),
    },
  };
}

/** The most classes that the table shows. */
const MAX_CLASSES = 40;

function contingencyTable(
  { summary }: RunFacts,
  { classes, counts }: NonNullable<LoggedMetrics["contingency"]>,
  isOfPoints: boolean,
): TableBlock {
  const most = Math.max(1, ...counts.flat());
  const label = summary.configuration.label_column;
  const what = typeof label === "string" ? label : "label";
  const clusters = counts[0].map((_, cluster) => `cluster ${cluster}`);
  return {
    type: "table",
    caption: `Rows of each ${what} in each cluster${isOfPoints ? ", by groups" : ""}`,
    header: [what, ...clusters],
    nTexts: 1,
    rows: classes
      .slice(0, MAX_CLASSES)
      .map((name, i) => [
        ...cells(name),
        ...counts[i].map((rows): Cell => ({ text: [count(rows)], heat: rows / most })),
      ]),
    ...(classes.length > MAX_CLASSES && {
      note: [`And ${count(classes.length - MAX_CLASSES)} more, which the CSV has.`],
    }),
    data: { header: [what, ...clusters], rows: classes.map((name, i) => [name, ...counts[i]]) },
  };
}
