import type { LineMark, Mark, Shape } from "../marks/marks.js";
import { reachOf } from "../marks/shape-reach.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import type { Point } from "../stage/places.js";

/* How means move: arrows from where they were, and paths since they began. */

/** A step of a cluster's mean, in logical units. */
export interface MeanStep {
  readonly cluster: number;
  readonly from: Point;
  readonly to: Point;
}

/** Steps shorter than this did not happen: they are rounding, in pixels of any picture. */
const NO_STEP = 1e-6;
/** Of a symbol whose radius is this the arrow has its full size; of smaller ones a smaller one. */
const FULL_RADIUS = 6;
const WIDTH = 2.2;
const CASING = 1.5;
const HEAD = 8.5;
const TICK = 7.5;
/** What of an arrow has to be seen between the edge of its symbol and where it began. */
const SEEN = 11;
/** Places of a path closer than this are one. */
const LEAST_SEGMENT = 4;
/** Segments of a path that are as faint as each other, which are one line; and how often they fade. */
const AT_ONCE = 4;
const FADING = 6;

export function stepLength({ from, to }: Pick<MeanStep, "from" | "to">): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** Whether a mean moved at all. */
export function hasMoved(step: Pick<MeanStep, "from" | "to">): boolean {
  return stepLength(step) > NO_STEP;
}

/** The shortest step that has an arrow of its own length, to a symbol of this radius and shape. */
function leastArrow(radius: number, shape: Shape): number {
  return radius * (shape === "circle" ? 1 : 1.2) + SEEN * sizeOf(radius);
}

/** Whether a step's arrow shows how long it is. */
export function isLong(step: MeanStep, radius: number): boolean {
  return stepLength(step) >= leastArrow(radius, clusterStyle(step.cluster).shape);
}

function sizeOf(radius: number): number {
  return Math.min(1, radius / FULL_RADIUS);
}

/**
 * A dark arrow with a light border, seen on whatever is below it, up to the edge of the symbol at its end; of a step too
 * short for one, a tick beyond the symbol, which says only where the mean went. Of no step, nothing.
 *
 * @param radius of the symbol at the end
 */
export function arrowMarks(step: MeanStep, radius: number, theme: Theme): LineMark[] {
  const { cluster, from, to } = step;
  const length = stepLength(step);
  if (length <= NO_STEP) return [];
  const size = sizeOf(radius);
  const look = {
    kind: "line",
    cluster,
    stroke: theme.accent,
    casing: { color: theme.panel, width: CASING * size },
  } as const;
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const { shape } = clusterStyle(cluster);
  const edge = (side: number) => radius * reachOf(shape, side * along.x, side * along.y) + 2.5 * size;
  const at = (distance: number): number[] => [to.x + along.x * distance, to.y + along.y * distance];
  if (length >= leastArrow(radius, shape)) {
    return [{ ...look, points: [from.x, from.y, ...at(-edge(-1))], width: WIDTH * size, head: HEAD * size }];
  }
  const start = edge(1);
  const end = start + TICK * size;
  return [{ ...look, points: [...at(start), ...at(end)], width: 1.8 * size, head: 6.5 * size }];
}

/** Where a mean has been, oldest first: a line that fades towards its beginning, with a dot a round. */
export function pathMarks(points: readonly Point[], color: string, theme: Theme): Mark[] {
  const turns = points.slice(0, 1);
  for (const point of points.slice(1)) {
    if (stepLength({ from: turns.at(-1)!, to: point }) >= LEAST_SEGMENT) turns.push(point);
  }
  const n = turns.length - 1;
  const faded = (i: number) => 0.85 - 0.6 * Math.min(1, Math.floor((n - 1 - i) / AT_ONCE) / FADING);
  const lines: LineMark[] = [];
  for (let i = 0; i < n; ) {
    let end = i + 1;
    while (end < n && faded(end) === faded(i)) end += 1;
    lines.push({
      kind: "line",
      points: turns.slice(i, end + 1).flatMap(({ x, y }) => [x, y]),
      opacity: faded(i),
      stroke: color,
      width: 2,
      casing: { color: theme.panel, width: 1 },
    });
    i = end;
  }
  // Dots lie over all lines, so that none is half hidden by the next line's border.
  const dots = turns.slice(0, -1).map(
    ({ x, y }, i): Mark => ({
      kind: "symbol",
      shape: "circle",
      x,
      y,
      radius: 1.9,
      fill: theme.accent,
      opacity: faded(i),
    }),
  );
  return [...lines, ...dots];
}
