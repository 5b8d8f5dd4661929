import { RunError, theSetting } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import type { CodedTexts, RawPartition } from "../formats/table.js";

/** The rows in which something is missing. */
interface Missing {
  /** Indices, rising. */
  readonly rows: readonly number[];
  /** How often each feature is missing. */
  readonly byFeature: readonly number[];
  readonly ofLabel: number;
}

/** @returns null where nothing is missing */
export function missingIn({ rows: { data, nRows, nColumns }, labels }: RawPartition): Missing | null {
  const rows: number[] = [];
  const byFeature = new Array<number>(nColumns).fill(0);
  let ofLabel = 0;
  for (let i = 0; i < nRows; i++) {
    let isWhole = true;
    for (let f = 0; f < nColumns; f++) {
      if (!Number.isNaN(data[i * nColumns + f])) continue;
      byFeature[f] += 1;
      isWhole = false;
    }
    if (labels !== null && labels.codes[i] < 0) {
      ofLabel += 1;
      isWhole = false;
    }
    if (!isWhole) rows.push(i);
  }
  return rows.length === 0 ? null : { rows, byFeature, ofLabel };
}

/** What to do about a feature that is missing in every one of several rows; null where there is none. */
export function emptyColumnAdvice(
  { rows, featureNames }: RawPartition,
  { byFeature }: Missing,
): string | null {
  const feature = rows.nRows < 2 ? -1 : byFeature.indexOf(rows.nRows);
  if (feature < 0) return null;
  const out = featureNames === null ? "first" : `with ${theSetting("dropColumns")} ${featureNames[feature]}`;
  return `${featureName(featureNames, feature)} has no value at all: leave it out ${out}`;
}

/** Why a table with missing values is not taken, and what to do about it. */
export function refusal(raw: RawPartition, missing: Missing, source: string): RunError {
  const {
    rows: [first, ...others],
  } = missing;
  const { data, nRows, nColumns } = raw.rows;
  const feature = data.subarray(first * nColumns, (first + 1) * nColumns).findIndex(Number.isNaN);
  const name = feature < 0 ? "label" : featureName(raw.featureNames, feature);
  const at = raw.missingAt ?? placeOf(source, first, name);
  const count = others.length + 1;
  const advice =
    emptyColumnAdvice(raw, missing) ??
    `fill them in, or leave such rows out with ${theSetting("missing")} drop`;
  return new RunError(
    `${at}: a missing value; ${count} of ${nRows} rows ${count === 1 ? "has" : "have"} one: ${advice}`,
  );
}

/** How many rows were left out, and what they lack, in one line. */
export function leftOutNotice(raw: RawPartition, { rows, byFeature, ofLabel }: Missing): string {
  const counts = byFeature.map((count, f): [number, string] => [count, featureName(raw.featureNames, f)]);
  const labels = raw.labelColumn === null ? "labels" : `column ${JSON.stringify(raw.labelColumn)}`;
  const lacks = [...counts, [ofLabel, labels] as const]
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} in ${name}`);
  const which = `${rows.length} of ${raw.rows.nRows} rows ${rows.length === 1 ? "is" : "are"}`;
  return `${which} left out for missing values: ${lacks.join(", ")}`;
}

/** A table's rows without some, which are rising indices; the memory is the same. */
export function withoutRows(
  raw: RawPartition,
  left: readonly number[],
): { rows: Matrix; labels: CodedTexts | null } {
  const { data, nRows, nColumns } = raw.rows;
  const codes = raw.labels?.codes ?? new Int32Array(nRows);
  let kept = 0;
  let next = 0;
  for (let i = 0; i < nRows; i++) {
    if (left[next] === i) {
      next += 1;
      continue;
    }
    data.copyWithin(kept * nColumns, i * nColumns, (i + 1) * nColumns);
    codes[kept++] = codes[i];
  }
  return {
    rows: { data: data.subarray(0, kept * nColumns), nRows: kept, nColumns },
    labels: raw.labels && { ...raw.labels, codes: codes.subarray(0, kept) },
  };
}

/** A row of a table, for errors. */
export function placeOf(source: string, row: number, column: string): string {
  return `${source}: row ${row} (counted from 0), ${column}`;
}

/** A feature, for errors. */
export function featureName(names: readonly string[] | null, feature: number): string {
  return names === null ? `feature ${feature}` : `column ${JSON.stringify(names[feature])}`;
}
