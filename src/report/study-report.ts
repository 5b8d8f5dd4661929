import { kebabCase } from "../casing.js";
import { significant, type Table, textTable } from "../markup/text-table.js";
import type { KChoice } from "../study/k-choice.js";
import { metricName } from "../study/metric-name.js";
import type { ReproducedCell, Reproduction } from "../study/reproduce/reproduction.js";
import { summaryRecord } from "../study/sweep-files.js";
import type { SweepResult } from "../study/sweep-result.js";

/**
 * What a person reads at the end of a sweep.
 *
 * @param nameOf what to call a setting
 */
export function sweepReport(result: SweepResult, nameOf: (setting: string) => string = kebabCase): string {
  const failures = sweepFailures(result, nameOf).map((line) => `${line}\n`);
  const notices = result.notices.map((line) => `note: ${line}\n`);
  return `\n${textTable(sweepTable(result, nameOf), Math.max(1, Object.keys(result.summary[0].keys).length))}\n${notices.join("")}${failures.join("")}${SWEEP_LEGEND}\n${result.output ?? ""}\n`;
}

/** What a program reads at the end of a sweep: its summary as JSON. */
export function sweepJson({ summary }: SweepResult): string {
  return `${JSON.stringify(summaryRecord(summary), null, 2)}\n`;
}

export const SWEEP_LEGEND = "mean ± standard deviation over seeds";

/** @param nameOf what to call a setting */
export function sweepTable({ summary }: SweepResult, nameOf: (setting: string) => string = kebabCase): Table {
  const keys = Object.keys(summary[0].keys);
  const has = (name: string) => summary.some((cell) => name in cell.metrics);
  const shown = ["adjustedRandIndex", "inertia", "simplifiedSilhouetteScore", "rounds"]
    .flatMap((name) => [name, `${name}OfPoints`])
    .filter(has);
  const write = new Map(shown.map((name) => [name, spreadsOf(summary, name)]));
  const rows = summary.map((cell) => [
    ...(keys.length === 0 ? ["all"] : keys.map((key) => String(cell.keys[key]))),
    `${cell.nCompleted} of ${cell.nCompleted + cell.nFailed}`,
    ...shown.map((name) => write.get(name)!(cell.metrics[name])),
  ]);
  const header = [
    ...(keys.length === 0 ? ["runs"] : keys.map(nameOf)),
    keys.length === 0 ? "completed" : "runs",
    ...shown.map((name) => (name.endsWith("OfPoints") ? "of groups" : metricName(name))),
  ];
  return { header, rows };
}

/** Digits of the largest number of a column; the others have as many decimals, so that they can be compared. */
const DIGITS = 5;

/** How a column writes its means and deviations. */
function spreadsOf(
  summary: SweepResult["summary"],
  name: string,
): (found: SweepResult["summary"][number]["metrics"][string] | undefined) => string {
  const found = summary.flatMap(({ metrics }) => (name in metrics ? [metrics[name]] : []));
  const largest = Math.max(...found.map(({ mean }) => Math.abs(mean)));
  const areWhole = found.every(
    ({ mean, sd }) => Number.isInteger(mean) && (sd === null || Number.isInteger(sd)),
  );
  // Numbers of rounds are of few digits.
  const most = name.startsWith("rounds") ? 1 : DIGITS - Math.max(1, Math.floor(Math.log10(largest || 1)) + 1);
  const isUsual = largest === 0 || (largest >= 1e-3 && largest < 1e7);
  const write = (value: number) =>
    isUsual ? value.toFixed(areWhole ? 0 : Math.max(0, most)) : significant(value);
  return (one) => {
    if (one === undefined) return "-";
    return `${write(one.mean)}${one.sd === null ? "" : ` ± ${write(one.sd)}`}`;
  };
}

/**
 * A line for each combination of which a run failed, and for each note on runs that are not compared.
 *
 * @param nameOf what to call a setting
 */
export function sweepFailures(
  { summary }: SweepResult,
  nameOf: (setting: string) => string = kebabCase,
): string[] {
  return summary.flatMap(({ keys, error, notes }) => {
    const what = Object.entries(keys).map(([key, value]) => `${nameOf(key)} ${value}`);
    const of = what.length === 0 ? "" : `${what.join(", ")}: `;
    const failed = error === null ? [] : [`failed: ${of}${error}`];
    return [...failed, ...notes.map((line) => `${of}${line}`)];
  });
}

/** What a person reads at the end of a choice of k. */
export function choiceReport(choice: KChoice): string {
  const notes = choice.notes.map((line) => `${line}\n`).join("");
  return `\n${textTable(choiceTable(choice))}\n${notes}${choice.verdict}\n${choice.output ?? ""}\n`;
}

export function choiceTable({ scores }: KChoice): Table {
  const digits = (value: number | null | undefined) =>
    value == null ? "-" : Number(value.toPrecision(5)).toString();
  const differ = scores.some(({ nRuns }) => nRuns !== scores[0].nRuns);
  const rows = scores.map(({ k, nRuns, inertia, simplifiedSilhouette, stability }) => [
    String(k),
    ...(differ ? [String(nRuns)] : []),
    digits(inertia.mean),
    digits(simplifiedSilhouette?.mean),
    digits(stability),
  ]);
  const runs = differ ? ["runs"] : [];
  return { header: ["k", ...runs, "inertia", "simplified silhouette", "agreement of seeds"], rows };
}

/** What a person reads at the end of the published study. */
export function reproductionReport(result: Reproduction): string {
  const { runsDone, seconds, cpuSeconds, load, output } = result;
  const runs = `${result.runs.length} runs; ${runsDone} made now, with those of tuning`;
  return (
    `\n${textTable(reproductionTable(result))}\n${reproductionLegend(result)}\n` +
    `${reproductionMisses(result)
      .map((line) => `${line}\n`)
      .join("")}` +
    `${runs}; ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processor time; ` +
    `load average ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after\n${output ?? ""}\n`
  );
}

export function reproductionLegend({ isGenerated }: Reproduction): string {
  const legend = "with each mean its difference from the published one; ± standard deviation";
  return isGenerated ? `${legend}; generated data, another draw than the published` : legend;
}

export function reproductionMisses({ cells }: Reproduction): string[] {
  return cells.flatMap(({ cell, missed }) => missed.map((what) => `${cell.name}: ${what}`));
}

export function reproductionTable({ cells }: Reproduction): Table {
  const four = (value: number) => value.toFixed(4);
  const against = (found: number, published: number) =>
    `${four(found)} ${found >= published ? "+" : "-"}${Math.abs(found - published).toFixed(4)}`;
  const spread = ({ mean, sd }: ReproducedCell["central"]) => `${four(mean)} ± ${four(sd ?? 0)}`;
  const rows = cells.map(({ cell, fkm, central, kFed, kFedLocal, bestLloyd, missed }) => [
    cell.name,
    ...fkm.map(({ mean }, i) => against(mean, cell.fkm[i].mean)),
    against(kFed.mean, cell.kFed.mean),
    String(kFedLocal),
    against(central.mean, cell.central.mean),
    spread(central),
    spread(bestLloyd),
    missed.length === 0 ? "ok" : "MISSED",
  ]);
  const header = [
    "adjusted Rand index",
    "fkm, round 1",
    "round 10",
    "round 100",
    "k-fed",
    "k'",
    "central",
    "central",
    "best-lloyd",
    "",
  ];
  return { header, rows };
}
