import type { Rect } from "./layout.js";
import type { LineMark, Mark } from "./marks.js";
import { between, type Point } from "./places.js";
import { SIZES } from "./sizes.js";
import { textWidth } from "./text-width.js";
import { clusterStyle, type Theme } from "./theme.js";

/* How means move: arrows, paths, and a magnifier where steps are too short to be seen. */

/** A step of a cluster's mean, in logical units. */
export interface MeanStep {
  readonly cluster: number;
  readonly from: Point;
  readonly to: Point;
}

/** Arrows shorter than this are ticks: a short head beyond the symbol, which says only where the mean went. */
export const LEAST_ARROW = 14;
/** Steps shorter than this did not happen: they are rounding, in pixels of any picture. */
const NO_STEP = 1e-6;
const WIDTH = 2.2;
const CASING = 1.6;
const HEAD = 8.5;
const TICK = 9;
/** Side of the magnifier, and radius of its longest arrow. */
const GLASS = 74;
const REACH = 24;
/** Segments of a path that fade; older ones are as faint as the last of them. */
const FADING = 24;

export function stepLength({ from, to }: Pick<MeanStep, "from" | "to">): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** Whether a mean moved at all. */
export function hasMoved(step: Pick<MeanStep, "from" | "to">): boolean {
  return stepLength(step) > NO_STEP;
}

/**
 * A dark arrow with a light border, seen on whatever is below it, up to the edge of the symbol at its end; of a step
 * shorter than LEAST_ARROW, a tick beyond the symbol. Of no step, nothing.
 *
 * @param radius of the symbol at the end
 */
export function arrowMarks(step: Pick<MeanStep, "from" | "to">, radius: number, theme: Theme): LineMark[] {
  const { from, to } = step;
  const length = stepLength(step);
  if (length <= NO_STEP) return [];
  const look = {
    kind: "line",
    stroke: theme.accent,
    casing: { color: theme.panel, width: CASING },
  } as const;
  if (length >= LEAST_ARROW) {
    const end = between(from, to, Math.max(0.35, 1 - (radius + 1) / length));
    return [{ ...look, points: [from.x, from.y, end.x, end.y], width: WIDTH, head: HEAD }];
  }
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const at = (distance: number): number[] => [to.x + along.x * distance, to.y + along.y * distance];
  const edge = radius + 2;
  return [{ ...look, points: [...at(edge), ...at(edge + TICK)], width: 1.8, head: 6.5 }];
}

/** Where a mean has been, oldest first: a line that fades towards its beginning, with a dot a round. */
export function pathMarks(points: readonly Point[], color: string, theme: Theme): Mark[] {
  const marks: Mark[] = [];
  const n = points.length - 1;
  for (let i = 0; i < n; i++) {
    const [from, to] = [points[i], points[i + 1]];
    if (!hasMoved({ from, to })) continue;
    const age = Math.min(1, (n - 1 - i) / FADING);
    const opacity = 0.85 - 0.6 * age;
    const line = { kind: "line", points: [from.x, from.y, to.x, to.y], opacity } as const;
    marks.push(
      { ...line, stroke: color, width: 2, casing: { color: theme.panel, width: 1 } },
      { kind: "symbol", shape: "circle", ...from, radius: 1.8, fill: theme.accent, opacity },
    );
  }
  return marks;
}

/**
 * A glass in the lower right corner of a panel that shows all its steps from one point, so many times as long; nothing
 * where a step is long enough to be seen, or none was made.
 */
export function magnifierMarks(steps: readonly MeanStep[], plot: Rect, theme: Theme): Mark[] {
  const longest = Math.max(0, ...steps.map(stepLength));
  if (longest <= NO_STEP || longest >= LEAST_ARROW || plot.width < 2.4 * GLASS) return [];
  const factor = roundFactor(REACH / longest);
  const box = { x: plot.x + plot.width - GLASS - 6, y: plot.y + 6, width: GLASS, height: GLASS };
  const centre = { x: box.x + GLASS / 2, y: box.y + GLASS / 2 - 6 };
  const text = `steps × ${factor >= 1e6 ? factor.toExponential(0) : factor.toLocaleString("en")}`;
  const size = Math.min(SIZES.tick, (SIZES.tick * (GLASS - 6)) / textWidth(text, SIZES.tick));
  return [
    {
      kind: "rect",
      ...box,
      fill: theme.panel,
      stroke: theme.border,
      strokeWidth: 1,
      radius: 5,
      opacity: 0.94,
    },
    ...steps.filter(hasMoved).map(({ cluster, from, to }): Mark => {
      const end = { x: centre.x + (to.x - from.x) * factor, y: centre.y + (to.y - from.y) * factor };
      const { color } = clusterStyle(cluster);
      return { kind: "line", points: [centre.x, centre.y, end.x, end.y], stroke: color, width: 2, head: 6 };
    }),
    { kind: "symbol", shape: "circle", ...centre, radius: 2.2, fill: theme.accent },
    {
      kind: "text",
      x: box.x + GLASS / 2,
      y: box.y + GLASS - 6,
      text,
      size,
      fill: theme.muted,
      align: "center",
    },
  ];
}

/** 1, 2 or 5 times a power of ten, at most `factor`. */
function roundFactor(factor: number): number {
  const power = 10 ** Math.floor(Math.log10(factor));
  const digit = [5, 2, 1].find((candidate) => candidate * power <= factor * (1 + 1e-9)) ?? 1;
  return digit * power;
}
