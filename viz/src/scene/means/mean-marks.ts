import type { SymbolMark } from "../marks/marks.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import type { Point } from "../stage/places.js";

/* How means look: solid where they are, hollow where they were, always apart from the rows below. */

/** How pale a mean is that nothing is nearest to. */
export const DROPPED_OPACITY = 0.5;

/** A mean: its cluster's colour and shape in a dark outline with a light border. */
export function meanMark(at: Point, radius: number, cluster: number, theme: Theme): SymbolMark {
  const { color, shape } = clusterStyle(cluster);
  const strokeWidth = Math.min(1.5, 0.2 * radius);
  const casing = { color: theme.halo, width: Math.min(1.8, 0.25 * radius) };
  return {
    kind: "symbol",
    shape,
    ...placeOf(at),
    radius,
    fill: color,
    stroke: theme.accent,
    strokeWidth,
    casing,
  };
}

/** Where a mean was, or as which it was sent: hollow, and smaller, so that it is told from one that is near. */
export function hollowMark(at: Point, radius: number, cluster: number, theme: Theme): SymbolMark {
  const { color, shape } = clusterStyle(cluster);
  const strokeWidth = Math.min(2.2, 0.3 * radius);
  const casing = { color: theme.halo, width: Math.min(1.2, 0.2 * radius) };
  const fill = theme.panel;
  return {
    kind: "symbol",
    shape,
    ...placeOf(at),
    radius: 0.8 * radius,
    fill,
    stroke: color,
    strokeWidth,
    casing,
  };
}

function placeOf({ x, y }: Point): Point {
  return { x, y };
}
