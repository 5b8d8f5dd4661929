import { type Hexagon, hexagonPath, hexagonsOf } from "./hexagons.js";
import { markerPath, tenth } from "./marker-path.js";
import { colourOf, type Ink } from "./palette.js";
import type { Axis } from "./scatter-axis.js";
import { element } from "./svg.js";

/** Points of a panel, by their pixels from its upper left corner; those without both are NaN. */
export interface Placed {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** (n,) -1 is none; null where points have no category. */
  readonly colour: Int32Array | null;
}

export function placed(
  { x, y, colour }: Placed,
  { x: xAxis, y: yAxis }: { readonly x: Axis; readonly y: Axis },
): Placed {
  return { x: x.map((value) => xAxis.at(value)), y: y.map((value) => yAxis.at(value)), colour };
}

/** A group a category, the largest category lowest, so that it hides none of the others. */
export function pointMarks({ x, y, colour }: Placed, radius: number, ink: Ink): string {
  const groups = new Map<number, string[]>();
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    const category = colour === null ? 0 : colour[i];
    const group = groups.get(category) ?? [];
    groups.set(category, group);
    // A path each: in one path no point would lie over another, and a crowd would look as light as its outlines.
    group.push(`<path d="${markerPath(category, x[i], y[i], radius)}"/>`);
  }
  const look = { stroke: ink.paper, "stroke-width": radius > 2.5 ? 0.6 : 0.3, "fill-opacity": 0.8 };
  return [...groups]
    .sort(([a, m], [b, n]) => n.length - m.length || a - b)
    .map(([category, marks]) => element("g", { fill: colourOf(category), ...look }, marks.join("")))
    .join("\n");
}

/** Small dots of one colour, to go into a path's `d` that is stroked with round ends. */
export function dots({ x, y }: Placed): string {
  let path = "";
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]) && Number.isFinite(y[i])) path += `M${tenth(x[i])} ${tenth(y[i])}h0`;
  }
  return path;
}

/** How large a hexagon is drawn in its cell: by the logarithm of its count, so that a single point is seen beside many. */
export function hexagonRadius(count: number, most: number, cell: number): number {
  return cell * (most === 1 ? 0.6 : 0.32 + 0.66 * (Math.log(count) / Math.log(most)));
}

export function binned({ x, y, colour }: Placed, cell: number): Hexagon[] {
  return hexagonsOf(x, y, colour, cell);
}

/** @param isPlain whether points have no categories */
export function hexagonMarks(
  hexagons: readonly Hexagon[],
  { most, cell, isPlain }: { readonly most: number; readonly cell: number; readonly isPlain: boolean },
): string {
  const paths = new Map<number, string>();
  for (const { x, y, count, majority } of hexagons) {
    const category = isPlain ? 0 : majority;
    const path = hexagonPath(x, y, hexagonRadius(count, most, cell));
    paths.set(category, (paths.get(category) ?? "") + path);
  }
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([category, d]) => element("path", { d, fill: colourOf(category) }))
    .join("\n");
}
