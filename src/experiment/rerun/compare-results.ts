import { existsSync } from "node:fs";
import { layoutOf } from "../../directory/layout.js";
import { readMatrix, readVector } from "../../directory/read-array.js";
import { type LoggedMetrics, readMetrics } from "../../directory/read-metrics.js";
import { type ArrayDifference, matrixDifference, numbersDifference } from "./compare-round.js";

/** A figure of the evaluation that differs; null where it is not known. */
export interface MetricDifference {
  /** As `Metrics` calls it; `ofPoints.` before one of the points. */
  readonly metric: string;
  readonly recorded: unknown;
  readonly found: unknown;
}

/**
 * Compares how rows became those that are clustered, before any round.
 *
 * @returns null where each array is the same bit by bit
 * @throws RunError if one cannot be read
 */
export function transformDifference(recorded: string, found: string): ArrayDifference | null {
  const [before, now] = [layoutOf(recorded), layoutOf(found)];
  for (const name of ["mean", "std"] as const) {
    const [a, b] = [before.normalization(name), now.normalization(name)];
    const array = `normalization/${name}`;
    if (!existsSync(a) || !existsSync(b)) {
      if (existsSync(a) || existsSync(b)) return onlyOne(array, existsSync(a));
      continue;
    }
    const difference = numbersDifference(array, readVector(a, null), readVector(b, null));
    if (difference !== null) return difference;
  }
  const [a, b] = [before.pca("components"), now.pca("components")];
  if (!existsSync(a) || !existsSync(b)) {
    return existsSync(a) || existsSync(b) ? onlyOne("pca/components", existsSync(a)) : null;
  }
  return matrixDifference("pca/components", readMatrix(a, null, "", null), readMatrix(b, null, "", null));
}

function onlyOne(array: string, isFirst: boolean): ArrayDifference {
  return { array, problem: `only the ${isFirst ? "first" : "second"} has it`, largest: null };
}

/**
 * Compares what two completed runs ended with: their final means, on the original scale, and their metrics.
 *
 * @throws RunError if a file of them cannot be read
 */
export function resultDifferences(
  recorded: string,
  found: string,
): { finalMeans: ArrayDifference | null; metrics: MetricDifference[] } {
  const meansOf = (directory: string) => readMatrix(layoutOf(directory).finalMeans, null, "", null);
  return {
    finalMeans: matrixDifference("final_means", meansOf(recorded), meansOf(found)),
    metrics: metricDifferences(readMetrics(recorded), readMetrics(found)),
  };
}

function metricDifferences(
  { ofPoints: recordedPoints, ...recorded }: ReturnType<typeof readMetrics>,
  { ofPoints: foundPoints, ...found }: ReturnType<typeof readMetrics>,
): MetricDifference[] {
  const of = (a: Partial<LoggedMetrics>, b: Partial<LoggedMetrics>, prefix: string): MetricDifference[] =>
    (Object.keys({ ...a, ...b }) as (keyof LoggedMetrics)[])
      .filter((name) => JSON.stringify(a[name] ?? null) !== JSON.stringify(b[name] ?? null))
      .map((name) => ({ metric: prefix + name, recorded: a[name] ?? null, found: b[name] ?? null }));
  return [...of(recorded, found, ""), ...of(recordedPoints ?? {}, foundPoints ?? {}, "ofPoints.")];
}
