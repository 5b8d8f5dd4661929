import { colourOf, ON_PAGE } from "../../../markup/palette.js";
import { line, rect, svgDocument } from "../../../markup/svg.js";
import type { Matrix } from "../../../numerics/matrix.js";
import { type Cell, cells, strong, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { count, metricText, percent } from "../words.js";

/** The most features that are columns of the table of clusters; of more they are its rows. */
const MOST_COLUMNS = 8;
/** The most features that the table shows then. */
const MOST_ROWS = 40;

/** A cluster a row: how many rows, whose, and its mean on the original scale. */
export function profiles(facts: RunFacts): TableBlock {
  const { finalMeans, featureNames } = facts;
  const sizes = sizesOf(facts);
  const means = finalMeans ?? facts.last.means;
  const known = sizes.of === "noise" ? (facts.metrics?.clusterSizes ?? null) : null;
  const errors = errorsOf(facts, means);
  const sizeError = sizes.of === "noise" ? (facts.metrics?.noisy?.sizeError ?? null) : null;
  const sizeText = (size: number) => withError(count(size), sizeError);
  const total = sizes.sizes?.reduce((sum, size) => sum + size, 0) ?? 0;
  const isOriginal = finalMeans !== null;
  const names =
    means.nColumns === featureNames.length
      ? featureNames
      : Array.from({ length: means.nColumns }, (_, i) => `column ${i}`);
  const holders = holdersOf(facts);
  const data: NonNullable<TableBlock["data"]> = {
    header: [
      "cluster",
      ...(sizes.of === "noise" ? ["noisy_rows"] : []),
      "rows",
      "clients",
      ...names,
      ...(errors === null ? [] : names.map((name) => `standard error of ${name}`)),
    ],
    rows: Array.from({ length: means.nRows }, (_, c) => [
      c,
      ...(sizes.of === "noise" ? [sizes.sizes?.[c] ?? null, known?.[c] ?? null] : [sizes.sizes?.[c] ?? null]),
      holders?.[c] ?? null,
      ...means.data.subarray(c * means.nColumns, (c + 1) * means.nColumns),
      ...(errors === null ? [] : names.map((_, f) => errors(c, f))),
    ]),
  };
  const scale = isOriginal ? "on the original scale" : "in the units clustered in";
  const note = noteOf(facts, isOriginal);
  const nShown = Math.min(names.length, names.length > MOST_COLUMNS ? MOST_ROWS : MOST_COLUMNS);
  const more =
    names.length > nShown
      ? ` The ${nShown} features in which the clusters differ most are shown of ${count(names.length)}; the CSV has all.`
      : "";
  const caption = `What each cluster is like: means ${scale}`;
  const sizeName = {
    rows: "rows",
    groups: "rows, in groups",
    messages: "rows, as last sent",
    noise: "rows, noisy",
  }[sizes.of];
  if (names.length > MOST_COLUMNS)
    return wideProfiles(facts, {
      means,
      names,
      nShown,
      caption,
      note: `${note}${more}`,
      data,
      sizes: sizes.sizes,
      sizeName,
      sizeText,
      errors,
    });
  return {
    type: "table",
    caption,
    header: [
      "cluster",
      ...(known === null ? [] : ["rows"]),
      ...(sizes.sizes === null ? [] : [sizeName, sizes.of === "noise" ? "share, noisy" : "share"]),
      ...(holders === null ? [] : ["clients"]),
      ...names,
    ],
    nTexts: 1,
    rows: Array.from({ length: means.nRows }, (_, c) => [
      { text: [strong(c)], cluster: c } as Cell,
      ...(known === null ? [] : cells(count(known[c]))),
      ...(sizes.sizes === null ? [] : cells(sizeText(sizes.sizes[c]), percent(sizes.sizes[c], total))),
      ...(holders === null ? [] : cells(`${holders[c]} of ${facts.counts.length}`)),
      ...names.map((_, f): Cell => meanCell(facts, { means, errors, isOriginal }, c, f)),
    ]),
    ...(note !== "" && { note: [note] }),
    data,
  };
}

interface Wide {
  readonly means: Matrix;
  readonly names: readonly string[];
  readonly nShown: number;
  readonly caption: string;
  readonly note: string;
  readonly data: NonNullable<TableBlock["data"]>;
  readonly sizes: readonly number[] | null;
  readonly sizeName: string;
  readonly sizeText: (size: number) => string;
  readonly errors: Errors | null;
}

/** Standard error of a cluster's mean in a feature, in the units of the table. */
type Errors = (cluster: number, feature: number) => number;

/** What noise leaves unknown of each mean; null without noise. */
function errorsOf({ privately, last, normalization, finalMeans }: RunFacts, means: Matrix): Errors | null {
  const { standardErrors } = last;
  if (privately === null || standardErrors?.length !== means.nRows) return null;
  // The box is as wide in each feature; the bounds are not.
  return (cluster, feature) =>
    standardErrors[cluster] * (finalMeans === null ? 1 : (normalization?.std[feature] ?? Number.NaN));
}

/** A number, and how far off it may be, to two digits. */
function withError(text: string, error: number | null): string {
  if (error === null || !Number.isFinite(error)) return text;
  const digits = error >= 10 || error < 1e-3 ? String(Number(error.toPrecision(2))) : error.toPrecision(2);
  return `${text}\u00a0±\u00a0${digits}`;
}

/** Of many features each is a row, and the cells are the darker the farther the cluster is from the whole. */
function wideProfiles(
  facts: RunFacts,
  { means, names, nShown, caption, note, data, sizes, sizeName, sizeText, errors }: Wide,
): TableBlock {
  const { normalization } = facts;
  const scores = (f: number) =>
    Array.from({ length: means.nRows }, (_, c) => scoreOf(facts, means.data[c * means.nColumns + f], f) ?? 0);
  const spread = names.map((_, f) => Math.max(...scores(f)) - Math.min(...scores(f)));
  const chosen = names
    .map((_, f) => f)
    .sort((a, b) => spread[b] - spread[a])
    .slice(0, nShown)
    .sort((a, b) => a - b);
  const most = Math.max(1e-9, ...chosen.flatMap((f) => scores(f).map(Math.abs)));
  return {
    type: "table",
    caption,
    header: ["feature", ...Array.from({ length: means.nRows }, (_, c) => `cluster ${c}`)],
    nTexts: 1,
    rows: [
      ...(sizes === null ? [] : [cells(sizeName, ...sizes.map(sizeText))]),
      ...chosen.map((f) => [
        ...cells(names[f]),
        ...scores(f).map(
          (score, c): Cell => ({
            text: [withError(metricText(means.data[c * means.nColumns + f]), errors?.(c, f) ?? null)],
            ...(normalization !== null && { heat: Math.abs(score) / most }),
          }),
        ),
      ]),
    ],
    ...(note !== "" && { note: [note] }),
    data,
  };
}

const ERRORS =
  "±: standard error, of sizes that of their noise (what is below 0 stands as 0), of means what the algorithm estimates that noise leaves. " +
  "Shrinkage, and rows that are clipped or move between clusters, add to it: with a small epsilon means may be 2 to 5 times as far off.";

const BAR = { width: 64, height: 10 } as const;

/** A mean, and a bar of how many standard deviations it is from that of the federation. */
function meanCell(
  facts: RunFacts,
  { means, errors, isOriginal }: { means: Matrix; errors: Errors | null; isOriginal: boolean },
  cluster: number,
  feature: number,
): Cell {
  const value = means.data[cluster * means.nColumns + feature];
  // Of bounds, which may be wide, a bar says little, and numbers with their errors want the room.
  const score = isOriginal && facts.privately === null ? scoreOf(facts, value, feature) : null;
  const text = [withError(metricText(value), errors?.(cluster, feature) ?? null)];
  if (score === null) return { text };
  const half = BAR.width / 2;
  const length = (half * Math.min(Math.abs(score), MOST_DEVIATIONS)) / MOST_DEVIATIONS;
  const bar = rect(
    { x: score < 0 ? half - length : half, y: 1, width: length, height: BAR.height - 2 },
    { fill: colourOf(cluster) },
  );
  const middle = line([half, 0], [half, BAR.height], { stroke: ON_PAGE.quiet, "stroke-width": 1 });
  return {
    text,
    bar: svgDocument([BAR.width, BAR.height], [bar, middle], { "aria-hidden": "true" }, ON_PAGE).trim(),
  };
}

/** Standard deviations at which a bar ends. */
const MOST_DEVIATIONS = 2;

/**
 * Standard deviations from the mean of the federation, or half-widths of the bounds from their middle; null where that is
 * not known, or all rows are equal.
 */
function scoreOf({ normalization }: RunFacts, value: number, feature: number): number | null {
  if (normalization === null || !(normalization.std[feature] > 0)) return null;
  return (value - normalization.mean[feature]) / normalization.std[feature];
}

function noteOf(
  { normalization, privately, featureNames: { length: nFeatures } }: RunFacts,
  isOriginal: boolean,
): string {
  if (normalization === null || !isOriginal) return "";
  if (privately !== null) {
    const shades =
      nFeatures > MOST_COLUMNS
        ? " The darker a cell, the farther the cluster is from the middle of the bounds."
        : "";
    return `${ERRORS}${shades}`;
  }
  const what = "standard deviations from the mean of the federation";
  return nFeatures > MOST_COLUMNS
    ? `The darker a cell, the farther the cluster is from the whole, in ${what}.`
    : `Bars: ${what}; they end at ${MOST_DEVIATIONS}.`;
}

/** Rows of each cluster under the final means; of a run that was cut short as clients are counted, or as they last said. */
function sizesOf({ metrics, last, counts }: RunFacts): {
  sizes: readonly number[] | null;
  of: "rows" | "groups" | "messages" | "noise";
} {
  // What a server knows, and goes with the means: of a simulation rows are told beside it.
  if (metrics?.noisy != null) return { sizes: metrics.noisy.sizes, of: "noise" };
  if (metrics?.clusterSizes != null) return { sizes: metrics.clusterSizes, of: "rows" };
  if (metrics?.ofPoints?.clusterSizes != null) return { sizes: metrics.ofPoints.clusterSizes, of: "groups" };
  const of = counts[0]?.of ?? null;
  if (of !== null && counts.every((client) => client.of === of)) {
    const sizes = last.means.nRows;
    return {
      sizes: Array.from({ length: sizes }, (_, c) => counts.reduce((sum, one) => sum + one.sizes![c], 0)),
      of,
    };
  }
  return { sizes: last.sizes, of: "messages" };
}

/** (k,) clients with a row of each cluster; null where a client's are not known. */
function holdersOf({ counts, last }: RunFacts): number[] | null {
  if (counts.length === 0 || counts.some(({ sizes }) => sizes === null)) return null;
  return Array.from(
    { length: last.means.nRows },
    (_, c) => counts.filter(({ sizes }) => sizes![c] > 0).length,
  );
}
