import { renameFields, snakeCase } from "../casing.js";
import type { RunPlan } from "../experiment/plan.js";
import { significant, type Table, textTable } from "../markup/text-table.js";
import { plural, printableLine } from "../printable.js";
import { LEAST_SIGNAL } from "../workflow/clustering/dp-plan.js";

/** The most features that a table shows; JSON has all of them. */
const MAX_FEATURES = 20;
/** The most clients that a line names. */
const MAX_CLIENTS = 5;

/** What a person reads instead of running. */
export function planReport(plan: RunPlan): string {
  const { features } = plan;
  const more = features.length - MAX_FEATURES;
  return [
    ...planLines(plan),
    "",
    textTable(questionTable(plan)),
    `Noise of a size: standard deviation in rows; of the average of all rounds ${rounded(plan.sizeError)} rows.`,
    `Error of a mean: standard error, at most, of a cluster of ${Math.round(plan.declaredRows / plan.clusters)} rows, in a box from -1 to 1;`,
    "at the end, in the features' units:",
    "",
    textTable(featureTable(plan)).trimEnd(),
    ...(more > 0 ? [`  and ${plural(more, "more feature")}`] : []),
    "",
    "Planned by public figures: no row was read; nothing was asked, spent or written.",
    "",
  ].join("\n");
}

/** What a program reads: one JSON object. */
export function planJson({ kind: _, ...plan }: RunPlan): string {
  return `${JSON.stringify(renameFields(plan, snakeCase), null, 2)}\n`;
}

/** Its clients, notices, and how much can be learned, a line each. */
export function planLines({ clients, features, clusters, mu, signal, notices }: RunPlan): string[] {
  const names = clients.slice(0, MAX_CLIENTS).join(", ");
  const others = clients.length > MAX_CLIENTS ? ` and ${clients.length - MAX_CLIENTS} more` : "";
  return [
    `${plural(clients.length, "client")} (${names}${others}), ${plural(features.length, "feature")}, ${plural(clusters, "cluster")}`,
    ...notices,
    `mu ${rounded(mu, 3)}; signal ${rounded(signal, 3)}: rows of a cluster over the noise on them, which is to be at least ${LEAST_SIGNAL}`,
  ].map(printableLine);
}

/** The tables of a plan, by caption. */
export function planTables(plan: RunPlan): [caption: string, table: Table][] {
  const { sizeError, declaredRows, clusters } = plan;
  const rows = Math.round(declaredRows / clusters);
  return [
    [
      `what each client would be asked; noise in rows (${rounded(sizeError)} in the average of all rounds), errors in a box from -1 to 1`,
      questionTable(plan),
    ],
    [
      `standard error, at most, of the mean of a cluster of ${rows} rows, in the features' units`,
      featureTable(plan),
    ],
  ];
}

function questionTable({ questions }: RunPlan): Table {
  return {
    header: ["question", "centres", "of mu^2", "epsilon in all", "noise of a size", "error of a mean"],
    rows: questions.map(({ name, centres, share, epsilonInAll, countError, meanError }) => [
      name,
      String(centres),
      `${(100 * share).toFixed(1)} %`,
      rounded(epsilonInAll, 4),
      rounded(countError),
      rounded(meanError),
    ]),
  };
}

function featureTable({ features }: RunPlan): Table {
  return {
    header: ["feature", "low", "high", "error of a mean"],
    rows: features
      .slice(0, MAX_FEATURES)
      .map(({ name, low, high, meanError }) => [
        name,
        significant(low),
        significant(high),
        rounded(meanError),
      ]),
  };
}

function rounded(value: number, digits = 2): string {
  return significant(Number(value.toPrecision(digits)));
}
