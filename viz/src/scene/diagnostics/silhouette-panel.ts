import type { Silhouettes } from "../../read/silhouette.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { tickText } from "../marks/ticks.js";
import type { Rect } from "../stage/layout.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { apart } from "./apart.js";
import { type Bars, barsOf, inColumns, outlineOf } from "./silhouette-bars.js";

/** A cluster's symbol and number, at the left of its bars. */
const NAME = 48;
/** Its mean and its rows, at the right. */
const MEAN = 42;
const ROWS = 58;
/** A line of these. */
const LINE = 14;
const HEADING = 34;
const AXIS = 34;
const COLUMN_GAP = 28;
const LARGEST_GAP = 9;
const STEP = 0.2;

/**
 * Silhouette coefficients as bars, sorted in each cluster, with the mean of each and of all. So many clusters that their
 * lines would touch stand in columns of one scale.
 *
 * @param area with the axes' ticks and names
 */
export function silhouetteMarks(silhouettes: Silhouettes, area: Rect, theme: Theme): Mark[] {
  const bars = barsOf(silhouettes);
  const height = area.height - HEADING - AXIS;
  const nColumns = Math.max(1, Math.ceil((bars.length * LINE) / height));
  const gap = Math.min(LARGEST_GAP, (0.25 * height * nColumns) / bars.length);
  const total = bars.reduce((sum, { nRows }) => sum + nRows, 0);
  // What a gap counts in rows if columns were equally full.
  const gapRows = (gap * total) / Math.max(1, height * nColumns - gap * bars.length);
  const columns = inColumns(
    bars.map(({ nRows }) => nRows + gapRows),
    nColumns,
  ).map((blocks) => blocks.map((block) => bars[block]));
  const rowsOf = (column: readonly Bars[]) => column.reduce((sum, { nRows }) => sum + nRows, 0);
  const perRow = Math.min(...columns.map((column) => (height - gap * column.length) / rowsOf(column)));
  const width = (area.width - COLUMN_GAP * (columns.length - 1)) / columns.length;
  const least = Math.min(...bars.map(({ values }) => values.at(-1)!));
  const low = Math.min(0, Math.floor(least / STEP + 1e-9) * STEP);
  return columns.flatMap((column, i) =>
    columnMarks(
      column,
      {
        area: { ...area, x: area.x + i * (width + COLUMN_GAP), width },
        low,
        gap,
        perRow,
        mean: silhouettes.mean,
      },
      theme,
    ),
  );
}

interface Column {
  readonly area: Rect;
  /** Of the axis. */
  readonly low: number;
  /** Between clusters. */
  readonly gap: number;
  /** Height of a row. */
  readonly perRow: number;
  /** Of all coefficients. */
  readonly mean: number;
}

function columnMarks(bars: readonly Bars[], { area, low, gap, perRow, mean }: Column, theme: Theme): Mark[] {
  const left = area.x + NAME;
  const right = area.x + area.width - MEAN - ROWS;
  const top = area.y + HEADING;
  const x = (value: number) => left + ((right - left) * (value - low)) / (1 - low);
  let y = top + gap / 2;
  const blocks = bars.map((one) => {
    const start = y;
    const end = start + one.nRows * perRow;
    y = end + gap;
    return { ...one, start, end };
  });
  const bottom = y - gap / 2;
  const tick = { kind: "text", size: SIZES.tick, fill: theme.faint } as const;
  const marks: Mark[] = [];
  const n = Math.round((1 - low) / STEP);
  const every = (right - left) / n < 34 ? 2 : 1;
  for (let i = 0; i <= n; i++) {
    const value = Math.round((low + i * STEP) * 10) / 10;
    const isZero = value === 0;
    const stroke = isZero ? theme.pale : theme.grid;
    marks.push({ kind: "line", points: [x(value), top, x(value), bottom], stroke, width: 1 });
    // Counted from 0, so that 0 has its number.
    if (Math.round(value / STEP) % every !== 0) continue;
    marks.push({ ...tick, x: x(value), y: bottom + 15, text: tickText(value), align: "center" });
  }
  const head = { ...tick, y: area.y + HEADING - 9 };
  marks.push(
    { ...head, x: area.x, text: "cluster" },
    { ...head, x: area.x + area.width - ROWS, text: "mean", align: "right" },
    { ...head, x: area.x + area.width, text: "rows", align: "right" },
    { ...tick, x: (left + right) / 2, y: bottom + 30, text: "silhouette coefficient", align: "center" },
  );
  for (const block of blocks) {
    const { color } = clusterStyle(block.cluster);
    marks.push({
      kind: "area",
      points: outlineOf(block, x, block.start, perRow),
      fill: color,
      opacity: 0.85,
    });
  }
  for (const { start, end, mean: own } of blocks) {
    marks.push({
      kind: "line",
      points: [x(own), start, x(own), end],
      stroke: theme.text,
      width: 2,
      casing: { color: theme.panel, width: 1 },
    });
  }
  const said = `mean ${shareText(mean)}`;
  marks.push(
    {
      kind: "line",
      points: [x(mean), top - 4, x(mean), bottom],
      stroke: theme.text,
      width: 1.2,
      dash: [4, 3],
    },
    { ...head, ...besideLine(x(mean), said, left, right), text: said, fill: theme.text, weight: "semibold" },
  );
  return [...marks, ...nameMarks(blocks, area, { top, bottom }, theme)];
}

/** A text centred on a line, as far as there is room for that. */
function besideLine(x: number, text: string, left: number, right: number): { x: number; align: "center" } {
  const half = textWidth(text, SIZES.tick, "semibold") / 2;
  return { x: Math.min(right - half, Math.max(left + half, x)), align: "center" };
}

interface Block extends Bars {
  readonly start: number;
  readonly end: number;
}

/** What each cluster is, beside its bars, or as near as others leave room. */
function nameMarks(
  blocks: readonly Block[],
  { x, width }: Rect,
  { top, bottom }: { readonly top: number; readonly bottom: number },
  theme: Theme,
): Mark[] {
  const middles = blocks.map(({ start, end }) => (start + end) / 2);
  const places = apart(middles, LINE, top + LINE / 2 - 4, bottom - LINE / 2 + 4);
  const right = x + width;
  return blocks.flatMap(({ cluster, nRows, mean }, i): Mark[] => {
    const y = places[i];
    const { color, shape } = clusterStyle(cluster);
    const text = { kind: "text", y: y + 4, size: SIZES.tick } as const;
    const isAway = Math.abs(y - middles[i]) > 1;
    return [
      { kind: "symbol", shape, x: x + 6, y, radius: 5, fill: color },
      { ...text, x: x + 18, text: String(cluster), weight: "semibold", fill: theme.text },
      ...(isAway
        ? [
            {
              kind: "line",
              points: [x + NAME - 12, y, x + NAME - 3, middles[i]],
              stroke: theme.pale,
              width: 1,
            } as const,
          ]
        : []),
      { ...text, x: right - ROWS, text: shareText(mean), align: "right", fill: theme.text },
      { ...text, x: right, text: countText(nRows), align: "right", fill: theme.muted },
    ];
  });
}

/** Always two digits: coefficients stand below one another. */
export function shareText(value: number): string {
  return value.toFixed(2).replace(/^-0\.00$/, "0.00");
}
