import { marker } from "./chart-marker.js";
import type { Drawn } from "./chart-scales.js";
import { colourOf, type Ink } from "./palette.js";
import { line, type Point, polygon, polyline } from "./svg.js";

interface SeriesLook {
  /** The place along x of the values of a line. */
  xOf(series: number): (value: number) => number;
  y(value: number): number;
  /** Whether points are joined by a line. */
  readonly isJoined: boolean;
  readonly intervals: "bars" | "bands";
  readonly ink: Ink;
}

/** Lines with their markers over all intervals, so that no area lies over a line. */
export function drawSeries(
  all: readonly (readonly Drawn[])[],
  { xOf, y, isJoined, intervals, ink }: SeriesLook,
): string[] {
  const areBands = isJoined && intervals === "bands";
  const below = all.flatMap((points, index) =>
    areBands ? band(points, index, xOf(index), y) : bars(points, index, xOf(index), y),
  );
  const over = all.map((points, index) => {
    const x = xOf(index);
    const way = points.map((point): Point => [x(point.at), y(point.y)]);
    const joined = isJoined ? polyline(way, { stroke: colourOf(index), "stroke-width": 2 }) : "";
    return joined + way.map(([px, py]) => marker(index, px, py, ink)).join("");
  });
  return [...below, ...over];
}

function bars(
  points: readonly Drawn[],
  index: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  return points
    .filter(({ low, high }) => high > low)
    .map(({ at, low, high }) =>
      line([x(at), y(low)], [x(at), y(high)], { stroke: colourOf(index), "stroke-width": 1.5 }),
    );
}

function band(
  points: readonly Drawn[],
  index: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  if (points.every(({ low, high }) => high <= low)) return [];
  const upper = points.map(({ at, high }): Point => [x(at), y(high)]);
  const lower = points.map(({ at, low }): Point => [x(at), y(low)]);
  return [polygon([...upper, ...lower.reverse()], { fill: colourOf(index), "fill-opacity": 0.16 })];
}
