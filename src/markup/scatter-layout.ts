import type { Placed } from "./scatter-marks.js";
import { text } from "./svg.js";
import { shortened } from "./text-width.js";

/* What scatter plots and matrices of them have in common. */

/** Points of a panel beyond which they are counted in hexagons, and of all panels. */
export const MOST_POINTS = { panel: 5000, all: 10_000 } as const;
export const MARGIN = 16;
/** From one panel to the next. */
export const PANEL_GAP = 14;
/** The title of a picture and the height it takes. */
export function header(title: string, width: number): { readonly parts: string[]; readonly height: number } {
  if (title === "") return { parts: [], height: 10 };
  const look = { "font-weight": 600, "font-size": 15 };
  return { parts: [text(MARGIN, 26, shortened(title, 15, width - 2 * MARGIN), look)], height: 38 };
}

/** Radius of a mark: as much as leaves most of them apart. */
export function radiusOf(area: number, count: number): number {
  return Math.max(1.7, Math.min(4.2, 0.22 * Math.sqrt(area / Math.max(1, count))));
}

/** The categories that some point is of, with their names. */
export function occurring(
  panels: readonly Pick<Placed, "colour">[],
  categories: readonly string[] | null,
): [index: number, name: string][] {
  const found = new Set<number>();
  for (const { colour } of panels) for (const index of colour ?? []) found.add(index);
  const indices = [...found].sort((a, b) => (a < 0 ? Infinity : a) - (b < 0 ? Infinity : b));
  return indices.map((index) => [index, index < 0 ? "none" : (categories?.[index] ?? String(index))]);
}

/** How many points have both coordinates. */
export function countDrawn({ x, y }: Pick<Placed, "x" | "y">): number {
  return x.reduce((sum, one, i) => sum + Number(Number.isFinite(one) && Number.isFinite(y[i])), 0);
}

/** A line of a legend on points that cannot be drawn. */
export function leftOut(count: number): string[] {
  return count === 0 ? [] : [`${count.toLocaleString("en")} without a value of both axes: not drawn`];
}
