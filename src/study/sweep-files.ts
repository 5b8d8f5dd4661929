import { join } from "node:path";
import { renameFields, snakeCase } from "../casing.js";
import { SCHEMA_VERSION } from "../directory/layout.js";
import { nameSettingsInFile } from "../errors.js";
import { writeFileAtomically } from "../files/atomic-write.js";
import { chart, type Series } from "../markup/chart.js";
import { csv } from "./csv.js";
import type { CellKey } from "./grid.js";
import { metricName } from "./metric-name.js";
import type { SweepCell, SweepMetric, SweepRun } from "./sweep-result.js";

/**
 * Writes sweep.csv (a row a run), sweep-summary.csv (a row a cell), sweep.json (the summary) and sweep.svg.
 *
 * @param keys names of the grid, in its order
 * @param names names of the summarized numbers
 */
export function writeSweep(
  output: string,
  keys: readonly string[],
  runs: readonly SweepRun[],
  summary: readonly SweepCell[],
  names: readonly string[],
  svg: string,
): void {
  const write = (name: string, text: string) =>
    writeFileAtomically(join(output, name), nameSettingsInFile(text));
  write("sweep.csv", csv([...Object.keys(runs[0])], runs));
  const rows = summary.map((cell) => {
    const row: Record<string, CellKey> = {
      ...cell.keys,
      nCompleted: cell.nCompleted,
      nFailed: cell.nFailed,
      nFewerClusters: cell.nFewerClusters,
    };
    for (const name of names) {
      const { mean = null, sd = null, low = null, high = null } = cell.metrics[name] ?? {};
      Object.assign(row, {
        [`${name}_mean`]: mean,
        [`${name}_sd`]: sd,
        [`${name}_low`]: low,
        [`${name}_high`]: high,
      });
    }
    return row;
  });
  write("sweep-summary.csv", csv(Object.keys(rows[0]), rows));
  const document = {
    schema_version: SCHEMA_VERSION,
    grid: keys.map(snakeCase),
    runs: "sweep.csv",
    summary: summaryRecord(summary),
  };
  write("sweep.json", `${JSON.stringify(document, null, 2)}\n`);
  write("sweep.svg", svg);
}

/** A sweep's summary as JSON holds it: fields as files name them, settings as the grid names them. */
export function summaryRecord(summary: readonly SweepCell[]): object[] {
  return summary.map((cell) => ({ ...(renameFields(cell, snakeCase) as object), keys: cell.keys }));
}

/**
 * The metric's mean and its 95 % interval over the grid: along x the setting with the most numeric values, or
 * else the one with the most values; a line for each combination of the others.
 *
 * @param metric what is shown; null picks one
 * @param nameOf how the plot names a setting
 */
export function sweepChart(
  keys: readonly string[],
  summary: readonly SweepCell[],
  metric: SweepMetric | null,
  nameOf: (setting: string) => string,
): string {
  const known = (name: string) => summary.some((cell) => name in cell.metrics);
  const shown = metric ?? (known("adjustedRandIndex") ? "adjustedRandIndex" : "inertia");
  const valuesOf = (key: string) => [...new Set(summary.map((cell) => cell.keys[key]))];
  const isNumeric = (key: string) => valuesOf(key).every((value) => typeof value === "number");
  const order = [...keys].sort(
    (a, b) =>
      Number(valuesOf(b).length > 1) - Number(valuesOf(a).length > 1) ||
      Number(isNumeric(b)) - Number(isNumeric(a)) ||
      valuesOf(b).length - valuesOf(a).length,
  );
  const x = order[0] ?? null;
  const others = keys.filter((key) => key !== x && valuesOf(key).length > 1);
  const series = new Map<string, Series>();
  for (const cell of summary) {
    const point = cell.metrics[shown];
    if (point === undefined) continue;
    const name = others.map((key) => `${nameOf(key)} ${cell.keys[key]}`).join(", ");
    const one = series.get(name) ?? { name, points: [] };
    series.set(name, one);
    const at = x === null ? 0 : cell.keys[x];
    one.points.push({
      x: typeof at === "number" ? at : String(at),
      y: point.mean,
      low: point.low,
      high: point.high,
    });
  }
  const ofRows = known("inertiaOfPoints") ? " of rows" : "";
  const name = `${metricName(shown)}${ofRows}`;
  const by = x === null ? "" : ` by ${nameOf(x)}`;
  return chart(
    [
      {
        title: `${name[0].toUpperCase()}${name.slice(1)}${by}`,
        xLabel: x === null ? "" : nameOf(x),
        yLabel: "mean and 95 % interval",
        categories: x === null || isNumeric(x) ? null : valuesOf(x).map(String),
        series: [...series.values()],
      },
    ],
    // Bars of several lines would lie over one another.
    { intervals: series.size > 1 ? "bands" : "bars" },
  );
}
