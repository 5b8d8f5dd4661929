import { RunError } from "../../errors.js";
import type { Matrix } from "../../numerics/matrix.js";
import type { CodedTexts, RawPartition } from "../formats/table.js";
import { idNotices, labelNotices } from "../formats/table-notices.js";
import { compareClasses } from "./class-order.js";
import {
  emptyColumnAdvice,
  featureName,
  leftOutNotice,
  missingIn,
  placeOf,
  refusal,
  withoutRows,
} from "./missing-values.js";

/** One client's rows. */
export interface Partition {
  /** (n_samples, n_features), all finite; at least one row and one feature. */
  readonly rows: Matrix;
  /** Null if the file names no columns. */
  readonly featureNames: readonly string[] | null;
  /** (n_samples,) indices into `classes`; null if the file holds no labels. */
  readonly labels: Int32Array | null;
  /** This client's classes: numbers by value first, then text in natural order. */
  readonly classes: readonly string[];
  /** Name of the column the labels are from; absent or null: there are none, or they came without a name. */
  readonly labelColumn?: string | null;
  /** What the holder of the rows should know of them, one line each. */
  readonly notices?: readonly string[];
  /** Indices, rising, of the rows of the table that were left out for missing values; absent: none. */
  readonly leftOut?: readonly number[];
}

/**
 * A client's rows of its table.
 *
 * @param source what to call the client in errors
 * @throws RunError if there are none, at a value that is not finite, and at one that is missing, unless such rows are
 *   to be left out
 */
export function partitionOf(raw: RawPartition, missing: "refuse" | "drop", source: string): Partition {
  if (raw.rows.nRows === 0) throw new RunError(`${source}: no rows`);
  if (raw.rows.nColumns === 0) throw new RunError(`${source}: no features: no column is left for them`);
  const { featureNames, labelColumn, notices } = raw;
  const isWhole = areFinite(raw.rows.data) && (raw.labels === null || !raw.labels.codes.includes(-1));
  if (!isWhole) checkNotInfinite(raw, source);
  const lacks = isWhole ? null : missingIn(raw);
  if (lacks !== null && missing === "refuse") throw refusal(raw, lacks, source);
  const { rows, labels } = lacks === null ? raw : withoutRows(raw, lacks.rows);
  if (rows.nRows === 0) {
    const advice = lacks === null ? null : emptyColumnAdvice(raw, lacks);
    throw new RunError(
      `${source}: no rows are left: each of its ${raw.rows.nRows} has a missing value${advice === null ? "" : `; ${advice}`}`,
    );
  }
  const encoded = encodeLabels(labels);
  return {
    rows,
    featureNames,
    labelColumn,
    notices: [
      ...notices,
      ...(lacks === null ? [] : [leftOutNotice(raw, lacks)]),
      ...idNotices(rows, featureNames),
      ...labelNotices(encoded.classes),
    ],
    ...(lacks !== null && { leftOut: lacks.rows }),
    ...encoded,
  };
}

function areFinite(data: Float64Array): boolean {
  // 0 times anything finite is 0, and times anything else no number: one sum instead of many questions.
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += 0 * data[i];
  return zero === 0;
}

function checkNotInfinite({ rows, featureNames }: RawPartition, source: string): void {
  const { data, nColumns } = rows;
  let at = 0;
  while (at < data.length && (Number.isFinite(data[at]) || Number.isNaN(data[at]))) at++;
  if (at === data.length) return;
  throw new RunError(
    `${placeOf(source, Math.floor(at / nColumns), featureName(featureNames, at % nColumns))}: ` +
      `a finite number expected, found ${data[at]}; leave such rows out first`,
  );
}

function encodeLabels(coded: CodedTexts | null): { labels: Int32Array | null; classes: readonly string[] } {
  if (coded === null) return { labels: null, classes: [] };
  const { codes, texts } = coded;
  const isUsed = new Uint8Array(texts.length);
  for (const code of codes) isUsed[code] = 1;
  const classes = texts.filter((_, code) => isUsed[code] === 1).sort(compareClasses);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const indexOf = Int32Array.from(texts, (text) => indices.get(text) ?? -1);
  return { labels: codes.map((code) => indexOf[code]), classes };
}
