import { clusterHeadings } from "../furniture/cluster-headings.js";
import { mixed, readable } from "../marks/colors.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";

/** Something by cluster: a value a cell, shaded, and written where there is room. */
export interface Matrix {
  readonly rows: readonly MatrixRow[];
  readonly k: number;
  /** What the totals at the right are. */
  readonly total: string;
  /** What shades mean, where numbers have no room. */
  readonly legend: string;
}

export interface MatrixRow {
  readonly name: string;
  /** (k,) null: nothing there. */
  readonly cells: readonly (MatrixCell | null)[];
  readonly total: string;
}

export interface MatrixCell {
  /** From -1, the darkest of what is bad, over 0, no shade, to 1. */
  readonly shade: number;
  readonly text: string;
}

const HEADING = 24;
const LEGEND = 24;
const TALLEST = 26;
const LONGEST_NAME = 150;
const AFTER_NAME = 10;
const TOTALS = 58;
const WIDEST_CELL = 64;
/** Of what is good and of what is bad, apart for any eyes. */
const GOOD = "#0072b2";
const BAD = "#d55e00";
/** Shade of 1. */
const FULL = 0.92;

/** How high a matrix would be. */
export function matrixHeight(nRows: number): number {
  return HEADING + LEGEND + nRows * TALLEST;
}

export function matrixMarks({ rows, k, total, legend }: Matrix, area: Rect, theme: Theme): Mark[] {
  const height = Math.min(TALLEST, (area.height - HEADING - LEGEND) / rows.length);
  const isNamed = height >= SIZES.tick + 1;
  const widest = Math.max(...rows.map(({ name }) => textWidth(name, SIZES.tick)));
  const left = area.x + (isNamed ? Math.min(LONGEST_NAME, widest) + AFTER_NAME : 0);
  const cell = Math.min(WIDEST_CELL, (area.x + area.width - (isNamed ? TOTALS : 0) - left) / k);
  const right = left + k * cell;
  const top = area.y + HEADING;
  const tick = { kind: "text", size: SIZES.tick, fill: theme.faint } as const;
  const longest = Math.max(...rows.flatMap(({ cells }) => cells.map((one) => one?.text.length ?? 0)));
  const isWritten = isNamed && longest * 0.62 * SIZES.tick + 4 <= cell;
  const gap = Math.min(2, cell * 0.12);
  // Between lines without names a gap would be a pattern of its own.
  const lineGap = isNamed ? Math.min(2, height * 0.12) : 0;
  const marks: Mark[] = clusterHeadings({ left, cell, k }, area.y, theme);
  if (isNamed) marks.push({ ...tick, x: right + TOTALS, y: area.y + 17, text: total, align: "right" });
  rows.forEach(({ name, cells, total: sum }, i) => {
    const y = top + i * height;
    const baseline = y + height / 2 + 4;
    if (isNamed) {
      marks.push(
        {
          ...tick,
          x: left - AFTER_NAME,
          y: baseline,
          text: name,
          align: "right",
          fill: theme.text,
          maxWidth: LONGEST_NAME,
        },
        { ...tick, x: right + TOTALS, y: baseline, text: sum, align: "right", fill: theme.muted },
      );
    }
    cells.forEach((one, cluster) => {
      if (one === null) return;
      const fill = shadeOf(one.shade, theme);
      const x = left + cluster * cell;
      const box = { x: x + gap / 2, y: y + lineGap / 2, width: cell - gap, height: height - lineGap };
      marks.push({ kind: "rect", ...box, fill });
      if (!isWritten) return;
      const ink = readable([theme.text, theme.panel], fill);
      marks.push({ ...tick, x: x + cell / 2, y: baseline, text: one.text, align: "center", fill: ink });
    });
  });
  if (isWritten) return marks;
  return [...marks, ...legendMarks(legend, rows, left, top + rows.length * height + 10, theme)];
}

function shadeOf(shade: number, theme: Theme): string {
  return mixed(theme.panel, shade < 0 ? BAD : GOOD, 0.06 + Math.min(1, Math.abs(shade)) * (FULL - 0.06));
}

/** The shades of the values that there are. */
function legendMarks(legend: string, rows: readonly MatrixRow[], x: number, y: number, theme: Theme): Mark[] {
  const cells = rows.flatMap((row) => row.cells.flatMap((one) => one ?? []));
  if (cells.length === 0) return [];
  const sorted = cells.toSorted((a, b) => a.shade - b.shade);
  const shown = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)!];
  let at = x;
  const marks = shown.flatMap(({ shade, text }): Mark[] => {
    const from = at;
    at += 20 + textWidth(text, SIZES.tick) + 14;
    return [
      { kind: "rect", x: from, y, width: 14, height: 11, fill: shadeOf(shade, theme) },
      { kind: "text", x: from + 19, y: y + 10, text, size: SIZES.tick, fill: theme.muted },
    ];
  });
  return [...marks, { kind: "text", x: at, y: y + 10, text: legend, size: SIZES.tick, fill: theme.faint }];
}
