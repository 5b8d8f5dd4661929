import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

/*
 * A few rows may lie beyond the axes, which they would else squeeze together. None vanishes: at each edge an arrowhead
 * points to where they are, and says how many; the legend says of what.
 */

const SIDES = ["left", "right", "top", "bottom"] as const;
type Side = (typeof SIDES)[number];

const HEAD = 5;
const PAD = 3;

/** @param points x, y, x, y, ... in logical units; what is outside of `plot` is told */
export function outsideMarks(points: Float32Array, plot: Rect, theme: Theme): Mark[] {
  const beyond: Record<Side, number[]> = { left: [], right: [], top: [], bottom: [] };
  const { x, y, width, height } = plot;
  for (let i = 0; i < points.length; i += 2) {
    const isInside =
      points[i] >= x && points[i] <= x + width && points[i + 1] >= y && points[i + 1] <= y + height;
    if (isInside) continue;
    const side = sideOf(points[i], points[i + 1], plot);
    if (side !== null) beyond[side].push(side === "left" || side === "right" ? points[i + 1] : points[i]);
  }
  return SIDES.filter((side) => beyond[side].length > 0).flatMap((side) => {
    const places = beyond[side].sort((a, b) => a - b);
    const middle = places[places.length >> 1];
    return sideMarks(side, middle, countText(places.length), plot, theme);
  });
}

/** The edge that a point is furthest beyond; null of a point inside. */
function sideOf(x: number, y: number, plot: Rect): Side | null {
  const by: Record<Side, number> = {
    left: plot.x - x,
    right: x - plot.x - plot.width,
    top: plot.y - y,
    bottom: y - plot.y - plot.height,
  };
  const furthest = SIDES.reduce((best, side) => (by[side] > by[best] ? side : best));
  return by[furthest] > 0 ? furthest : null;
}

/** An arrowhead at the edge, as near to its rows as there is room, and its text beside it. */
function sideMarks(side: Side, along: number, text: string, plot: Rect, theme: Theme): Mark[] {
  const size = SIZES.tick;
  const width = 1.04 * textWidth(text, size) + 2 * HEAD + 3 * PAD;
  const height = size + 2 * PAD;
  const isUpright = side === "left" || side === "right";
  const within = (value: number, low: number, room: number, length: number) =>
    Math.min(low + room - length, Math.max(low, value - length / 2));
  const box = {
    x: isUpright
      ? side === "left"
        ? plot.x + 1
        : plot.x + plot.width - width - 1
      : within(along, plot.x + 1, plot.width - 2, width),
    // Clear of the values of the lower axis.
    y: isUpright
      ? within(along, plot.y + 1, plot.height - 2 * size - 2, height)
      : side === "top"
        ? plot.y + 1
        : plot.y + plot.height - height - 2 * size,
    width,
    height,
  };
  const middle = box.y + height / 2;
  const atRight = side === "right";
  const tip = atRight ? box.x + width - PAD : box.x + PAD;
  const into = atRight ? -HEAD * 1.6 : HEAD * 1.6;
  const head = isUpright
    ? [tip, middle, tip + into, middle - HEAD, tip + into, middle + HEAD]
    : vertical(box.x + PAD + HEAD, middle, side === "top" ? -HEAD : HEAD);
  return [
    { kind: "rect", ...box, fill: theme.panel, opacity: 0.88, radius: 3 },
    { kind: "area", points: head, fill: theme.muted, opacity: 1 },
    {
      kind: "text",
      x: atRight ? box.x + PAD : box.x + 2 * HEAD + 2 * PAD,
      y: middle + 0.36 * size,
      text,
      size,
      fill: theme.muted,
    },
  ];
}

function vertical(x: number, y: number, reach: number): number[] {
  return [x, y + reach, x - HEAD, y - 0.6 * reach, x + HEAD, y - 0.6 * reach];
}
