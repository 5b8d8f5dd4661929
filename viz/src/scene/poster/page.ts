import { CAPTION } from "../furniture/sheet.js";
import type { Rect } from "../stage/layout.js";

/*
 * Where everything is on the page of a poster: a sheet of A4 across, on which a text of size 11 is 6.6 points high.
 */

export const PAGE = { width: 1400, height: 990 } as const;
export const MARGIN = 36;
/** Height of the line above a panel that has its letter and title. */
export const TITLE = 26;
const GAP = 40;
const HEADER = 84;
const ROW_GAP = 30;
/** More rows than this of the heat map need a column of the page. */
const MOST_BELOW = 12;
/** Share of the height that the upper panels have. */
const UPPER = 0.57;

/** What needs room. */
export interface Contents {
  /** Rows and columns of the heat map. */
  readonly nRows: number;
  readonly k: number;
  /** Names at its left, with the space beside them. */
  readonly names: number;
  readonly hasRounds: boolean;
  readonly hasConvergence: boolean;
}

/** Row totals at the right of the heat map. */
export const HEAT_TOTALS = 54;
const LARGEST_CELL = 54;
const SMALLEST_CELL = 6;
/** Its legend, below the cells, needs as much. */
const HEAT_LEGEND = 250;

/** Panels of a poster, each with its title. */
export interface Page {
  readonly header: Rect;
  /** Paths of the global means. */
  readonly paths: Rect;
  /** Some rounds, side by side. */
  readonly rounds: Rect;
  /** Clients by clusters. */
  readonly heat: Rect;
  readonly profiles: Rect;
  readonly convergence: Rect;
  readonly caption: Rect;
}

/**
 * Lays a poster out: with few clients the heat map is below, else it has a column of its own.
 *
 * @param captionLines lines of the caption
 */
export function pageOf({ nRows, k, names, hasRounds, hasConvergence }: Contents, captionLines: number): Page {
  const { width, height } = PAGE;
  const inner = width - 2 * MARGIN;
  const captionHeight = captionLines * CAPTION.line;
  const header = { x: MARGIN, y: MARGIN - 6, width: inner, height: HEADER };
  const top = header.y + HEADER;
  const bottom = height - MARGIN + 8 - captionHeight - 20;
  const caption = { x: MARGIN, y: height - MARGIN + 8 - captionHeight, width: inner, height: captionHeight };
  const upperHeight = (bottom - top - ROW_GAP) * UPPER;
  const lowerTop = top + upperHeight + ROW_GAP;
  const lowerHeight = bottom - lowerTop;
  const isBelow = nRows <= MOST_BELOW;
  const fixed = names + HEAT_TOTALS;
  const mostHeat = isBelow ? inner * 0.46 : inner * 0.4;
  const cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, (mostHeat - fixed) / k));
  const heatWidth = Math.max(names + HEAT_LEGEND, fixed + k * cell);
  const main = isBelow ? inner : inner - heatWidth - GAP;
  const pathsWidth = hasRounds ? main * (isBelow ? 0.37 : 0.42) : main;
  const left = MARGIN;
  const upper = { y: top, height: upperHeight };
  const paths = { ...upper, x: left, width: pathsWidth };
  const rounds = { ...upper, x: left + pathsWidth + GAP, width: main - pathsWidth - GAP };
  const lower = { y: lowerTop, height: lowerHeight };
  const lowerLeft = isBelow ? left + heatWidth + GAP : left;
  const lowerWidth = isBelow ? inner - heatWidth - GAP : main;
  const convergenceWidth = Math.min(330, (lowerWidth - GAP) * 0.45);
  const beside = hasConvergence ? convergenceWidth + GAP : 0;
  return {
    header,
    paths,
    rounds,
    heat: isBelow
      ? { ...lower, x: left, width: heatWidth }
      : { x: left + main + GAP, y: top, width: heatWidth, height: bottom - top },
    convergence: { ...lower, x: lowerLeft, width: convergenceWidth },
    profiles: { ...lower, x: lowerLeft + beside, width: lowerWidth - beside },
    caption,
  };
}

/** A panel below its title. */
export function belowTitle({ x, y, width, height }: Rect): Rect {
  return { x, y: y + TITLE, width, height: height - TITLE };
}
