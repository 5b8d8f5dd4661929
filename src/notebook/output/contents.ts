import { camelCase } from "../../casing.js";
import { compareClasses } from "../../data/partitions/class-order.js";
import { hasEvery, type LoggedEvaluation } from "../../directory/read-metrics.js";
import { nameSettings } from "../../errors.js";
import type { RunDiff } from "../../experiment/diff/diff.js";
import type { Experiment } from "../../experiment/open.js";
import type { RunPlan } from "../../experiment/plan.js";
import type { Prediction } from "../../experiment/predict.js";
import type { Preview } from "../../experiment/preview.js";
import type { Rerun } from "../../experiment/rerun/rerun.js";
import type { RunResult } from "../../experiment/result.js";
import { besides, htmlTable, paragraph, svgImage } from "../../markup/html.js";
import { type Table, textTable } from "../../markup/text-table.js";
import { plural } from "../../printable.js";
import { diffLines, diffReport, diffTables } from "../../report/diff-report.js";
import { planLines, planReport, planTables } from "../../report/plan-report.js";
import { predictionReport, predictionTable } from "../../report/prediction-report.js";
import { previewLines, previewReport, previewTable, promiseLines } from "../../report/preview-report.js";
import { rerunLines, rerunReport } from "../../report/rerun-report.js";
import {
  centroidTable,
  clientTable,
  droppedLines,
  labelLines,
  MAX_COLUMNS,
  metricTable,
  noticeLines,
  outcome,
  runReport,
  type Scored,
  totalRows,
} from "../../report/run-report.js";
import { stabilityTables } from "../../report/stability-table.js";
import {
  choiceReport,
  choiceTable,
  reproductionLegend,
  reproductionMisses,
  reproductionReport,
  reproductionTable,
  SWEEP_LEGEND,
  sweepFailures,
  sweepReport,
  sweepTable,
} from "../../report/study-report.js";
import { twinTables } from "../../report/twin-tables.js";
import type { KChoice } from "../../study/k-choice.js";
import type { Reproduction } from "../../study/reproduce/reproduction.js";
import type { SweepResult } from "../../study/sweep-result.js";
import { UNKNOWN_METRICS } from "../../workflow/metrics.js";
import type { FederatedData } from "../data.js";
import type { Content } from "./frontend.js";

/** What came of running a run again. */
export function rerunContent(rerun: Rerun): Content {
  return { html: paragraph(rerunLines(rerun)), text: rerunReport(rerun) };
}

/** How two runs differ, with settings named as a cell does. */
export function diffContent(diff: RunDiff): Content {
  const tables = diffTables(diff, camelCase).map(([caption, table]) => htmlTable(table, caption));
  return { html: paragraph(diffLines(diff)) + besides(tables), text: diffReport(diff, camelCase) };
}

export function resultContent(result: RunResult): Content {
  const { nColumns } = result.finalMeans;
  const more = nColumns > MAX_COLUMNS ? `, the first ${MAX_COLUMNS} of ${nColumns} features` : "";
  const notices = noticeLines(result.notices);
  const lines = [
    `${outcome(result)} · ${result.experimentDir}`,
    ...labelLines(result),
    ...droppedLines(result),
  ];
  return {
    html:
      paragraph([...lines, ...notices]) +
      besides([
        htmlTable(clientTable(result), "clients"),
        htmlTable(metricTable(result, totalRows(result.clients)), "metrics"),
        htmlTable(centroidTable(result), `centroids on the original scale${more}`),
        ...stabilityTables(result).map(([caption, table]) => htmlTable(table, caption)),
        ...twinTables(result).map(([caption, table]) => htmlTable(table, caption)),
      ]),
    text: notices.map((line) => `${line}\n`).join("") + runReport(result),
  };
}

export function experimentContent(experiment: Experiment): Content {
  const { experimentDir, status, reason, clients, rounds, metrics, finalMeans, featureNames } = experiment;
  const scored = metrics && scoredIn(metrics);
  const noisySizes = metrics?.noisy ?? null;
  const last = rounds.at(-1);
  const counted = clients.flatMap(({ nSamples }) => (nSamples === null ? [] : [{ nSamples }]));
  const line = `${status}${reason === null ? "" : ` (${reason})`}, ${
    last === undefined ? "no round" : `rounds 0 to ${last.round}`
  }, ${clients.length} clients${groupsIn(experiment)} · ${experimentDir}`;
  const tables: [string, Table][] =
    scored !== null && finalMeans !== null && counted.length === clients.length
      ? [
          ["metrics", metricTable(scored, totalRows(counted))],
          [
            "centroids on the original scale",
            centroidTable({ ...scored, finalMeans, featureNames, noisySizes }),
          ],
        ]
      : [["clients", loggedClients(experiment)], ...noisyCentroids(experiment)];
  return {
    html: `${paragraph([line])}${besides(tables.map(([caption, table]) => htmlTable(table, caption)))}`,
    text: `${line}\n\n${tables.map(([, table]) => textTable(table)).join("\n")}`,
  };
}

/** The centroids with noisy sizes, where nobody knows more: of clients elsewhere under differential privacy. */
function noisyCentroids({ metrics: logged, finalMeans, featureNames }: Experiment): [string, Table][] {
  const noisySizes = logged?.noisy ?? null;
  if (noisySizes === null || finalMeans === null) return [];
  const metrics = { ...UNKNOWN_METRICS, clusterSizes: [] };
  const unknown = { metrics, metricsOf: "none", metricsOfPoints: null } as const;
  const table = centroidTable({ ...unknown, finalMeans, featureNames, noisySizes });
  return [["centroids on the original scale", table]];
}

/** The metrics of the rows where they are known, else those of what stands for them; null where they are not whole. */
function scoredIn({ ofPoints, ...ofRows }: LoggedEvaluation): Scored | null {
  const metricsOfPoints = ofPoints !== null && hasEvery(ofPoints) ? ofPoints : null;
  if (hasEvery(ofRows)) return { metrics: ofRows, metricsOf: "rows", metricsOfPoints };
  return metricsOfPoints && { metrics: metricsOfPoints, metricsOf: "points", metricsOfPoints };
}

/** What stands for the rows, where something does. */
function groupsIn({ clients }: Experiment): string {
  if (!areGrouped(clients)) return "";
  const total = (count: (client: Experiment["clients"][number]) => number | null) =>
    clients.reduce((sum, client) => sum + (count(client) ?? 0), 0);
  return `, ${plural(
    total(({ nSamples }) => nSamples),
    "row",
  )} as ${plural(
    total(({ nPoints }) => nPoints),
    "group",
  )}`;
}

function areGrouped(clients: Experiment["clients"]): boolean {
  return clients.some(({ nSamples, nPoints }) => nPoints !== null && nPoints !== nSamples);
}

function loggedClients({ clients }: Experiment): Table {
  const isGrouped = areGrouped(clients);
  const show = (count: number | null) => String(count ?? "unknown");
  return {
    header: ["client", "samples", ...(isGrouped ? ["groups"] : [])],
    rows: clients.map(({ name, nSamples, nPoints }) => [
      name,
      show(nSamples),
      ...(isGrouped ? [show(nPoints)] : []),
    ]),
  };
}

export function dataContent(data: FederatedData): Content {
  const { path, clients, nSamples, nFeatures, featureNames } = data;
  const classes = [...new Set(clients.flatMap((client) => Object.keys(client.classes ?? {})))].sort(
    compareClasses,
  );
  const named = featureNames === null ? "" : `: ${featureNames.join(", ")}`;
  const lines = [
    `${clients.length} clients, ${nSamples} rows of ${nFeatures} features${named} · ${path ?? "in memory"}`,
    ...noticeLines(data.notices),
  ];
  // Nobody reads a table that has a column for each of very many classes.
  const shown = classes.length > 20 ? [] : classes;
  const table: Table = {
    header: ["client", "samples", ...shown],
    rows: clients.map((client) => [
      client.name,
      String(client.nSamples),
      ...shown.map((name) => String(client.classes?.[name] ?? 0)),
    ]),
  };
  return {
    html: paragraph(lines) + htmlTable(table, shown.length > 0 ? "rows, in all and by true label" : ""),
    text: `${lines.join("\n")}\n\n${textTable(table)}`,
  };
}

export function predictionContent(prediction: Prediction): Content {
  const { labels, round, clusterSizes } = prediction;
  const lines = [
    `${labels.length} rows in ${clusterSizes.length} clusters of round ${round}`,
    ...noticeLines(prediction.notices),
  ];
  return {
    html: paragraph(lines) + htmlTable(predictionTable(prediction), "rows of each cluster"),
    text: `${lines.join("\n")}\n\n${predictionReport(prediction)}`,
  };
}

/** What a run would ask, in sentences and tables. */
export function planContent(plan: RunPlan): Content {
  const tables = planTables(plan).map(([caption, table]) => htmlTable(table, caption));
  return {
    html: paragraph(planLines(plan).map(inProgram)) + besides(tables),
    text: inProgram(planReport(plan)),
  };
}

/** What would leave, in sentences and a table. */
export function previewContent(preview: Preview): Content {
  const notices = noticeLines(preview.notices);
  const lines = previewLines(preview).map(inProgram);
  const table = previewTable(preview);
  return {
    html:
      paragraph([...notices, ...lines]) +
      (table === null ? "" : htmlTable(table, "what is disclosed")) +
      paragraph(promiseLines(preview)),
    text: notices.map((line) => `${line}\n`).join("") + inProgram(previewReport(preview)),
  };
}

function inProgram(text: string): string {
  return nameSettings(text, asGiven);
}

/** A setting's name as a cell gives it. */
function asGiven(setting: string): string {
  return setting;
}

export function sweepContent(result: SweepResult): Content {
  const notes = [...noticeLines(result.notices), ...sweepFailures(result, asGiven), SWEEP_LEGEND];
  const [table, text] = [sweepTable(result, asGiven), sweepReport(result, asGiven)];
  return studyContent(result.svg, "the sweep's plot", table, notes, text);
}

export function choiceContent(choice: KChoice): Content {
  const { svg, verdict, notes } = choice;
  const said = [...notes, verdict];
  return studyContent(svg, "the three criteria by k", choiceTable(choice), said, choiceReport(choice));
}

export function reproductionContent(result: Reproduction): Content {
  const notes = [reproductionLegend(result), ...reproductionMisses(result)];
  const text = reproductionReport(result);
  return studyContent(result.svg, "adjusted Rand index by noise", reproductionTable(result), notes, text);
}

function studyContent(svg: string, alt: string, table: Table, notes: string[], text: string): Content {
  return { html: htmlTable(table) + paragraph(notes) + svgImage(svg, alt), text };
}
