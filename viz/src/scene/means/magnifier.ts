import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { tickText } from "../marks/ticks.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";
import { hasMoved, isLong, type MeanStep, stepLength } from "./arrows.js";

/* A glass for steps that are too short to be seen. */

const LARGEST = 74;
const SMALLEST = 48;
/** The glass is at most this share of a panel's lesser side. */
const SHARE = 0.31;
const MARGIN = 5;
const LINE = 15;
/** Steps that are magnified by less are seen without a glass. */
const LEAST_FACTOR = 5;

/** A corner of a panel. */
export type Corner = "upper left" | "upper right" | "lower left" | "lower right";

/** Where a glass is in a panel; null where it would be too much of it. */
export function magnifierArea(plot: Rect, corner: Corner): Rect | null {
  const side = Math.min(LARGEST, SHARE * Math.min(plot.width, plot.height));
  if (side < SMALLEST) return null;
  const height = side;
  const x = corner.endsWith("left") ? plot.x + MARGIN : plot.x + plot.width - side - MARGIN;
  const y = corner.startsWith("upper") ? plot.y + MARGIN : plot.y + plot.height - height - MARGIN;
  return { x, y, width: side, height };
}

/**
 * All steps of a panel from one point, so many times as long; nothing where a step is long enough for an arrow, or none
 * was made.
 *
 * @param radius of the symbols that moved
 */
export function magnifierMarks(
  steps: readonly MeanStep[],
  plot: Rect,
  theme: Theme,
  radius: number,
  corner: Corner = "upper right",
): Mark[] {
  const moved = steps.filter(hasMoved);
  const box = magnifierArea(plot, corner);
  if (moved.length === 0 || box === null || moved.some((step) => isLong(step, radius))) return [];
  const centre = { x: box.x + box.width / 2, y: box.y + (box.height - LINE + 4) / 2 };
  const factor = roundFactor((box.height - LINE - 6) / 2 / Math.max(...moved.map(stepLength)));
  if (factor < LEAST_FACTOR) return [];
  const times = `× ${tickText(factor)}`;
  const text =
    [`steps ${times}`, times].find((words) => textWidth(words, SIZES.tick) < box.width - 6) ?? times;
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
    ...moved.map(({ cluster, from, to }): Mark => {
      const end = [centre.x + (to.x - from.x) * factor, centre.y + (to.y - from.y) * factor];
      const { color } = clusterStyle(cluster);
      return { kind: "line", points: [centre.x, centre.y, ...end], stroke: color, width: 2, head: 6 };
    }),
    { kind: "symbol", shape: "circle", ...centre, radius: 2.2, fill: theme.accent },
    {
      kind: "text",
      x: box.x + box.width / 2,
      y: box.y + box.height - 5,
      text,
      size: SIZES.tick,
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
