import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import { countTicks } from "../marks/ticks.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";

const LEFT = 44;
const BOTTOM = 36;
const TOP = 8;
/** A name beside the end of the curve. */
const RIGHT = 70;
const WIDEST = 40;
/** More components than this have no dots on their curve. */
const MOST_DOTS = 40;

/**
 * Shares of the variance that principal components explain, as bars, and their running sum as a curve.
 *
 * @param shares 0 to 1, in the order of the components
 * @param area with the axes' ticks and names
 */
export function screeMarks(shares: readonly number[], area: Rect, theme: Theme): Mark[] {
  const left = area.x + LEFT;
  const right = area.x + area.width - RIGHT;
  const top = area.y + TOP;
  const bottom = area.y + area.height - BOTTOM;
  const step = Math.min(2.2 * WIDEST, (right - left) / shares.length);
  const x = (component: number) => left + (component + 0.5) * step;
  const y = (share: number) => bottom - (bottom - top) * share;
  const tick = { kind: "text", size: SIZES.tick, fill: theme.faint } as const;
  const marks: Mark[] = [0, 0.25, 0.5, 0.75, 1].flatMap((share): Mark[] => [
    {
      kind: "line",
      points: [left, y(share), left + step * shares.length, y(share)],
      stroke: share === 0 ? theme.pale : theme.grid,
      width: 1,
    },
    { ...tick, x: left - 7, y: y(share) + 4, text: `${100 * share} %`, align: "right" },
  ]);
  const width = Math.min(WIDEST, step * 0.72);
  let sum = 0;
  const sums = shares.map((share) => (sum += share));
  shares.forEach((share, c) => {
    const bar = { x: x(c) - width / 2, y: y(share), width, height: bottom - y(share) };
    marks.push({ kind: "rect", ...bar, fill: theme.muted });
  });
  marks.push({
    kind: "line",
    points: sums.flatMap((value, c) => [x(c), y(value)]),
    stroke: theme.text,
    width: 1.8,
  });
  if (shares.length <= MOST_DOTS) {
    for (const [c, value] of sums.entries()) {
      marks.push({ kind: "symbol", shape: "circle", x: x(c), y: y(value), radius: 3, fill: theme.text });
    }
  }
  marks.push(...valueMarks(shares, sums, { x, y, step }, theme));
  const end = { x: x(shares.length - 1) + 9, y: y(sums.at(-1)!) + 4 };
  marks.push({ ...tick, ...end, text: "cumulative", fill: theme.text });
  for (const index of countTicks(shares.length - 1, (right - left) / 34)) {
    // Components are counted from 1.
    marks.push({ ...tick, x: x(index), y: bottom + 15, text: String(index + 1), align: "center" });
  }
  const middle = left + (step * shares.length) / 2;
  marks.push({ ...tick, x: middle, y: bottom + 31, text: "principal component", align: "center" });
  return marks;
}

interface Axes {
  x(component: number): number;
  y(share: number): number;
  readonly step: number;
}

/** Shares above their bars and sums above their dots, where there is room for them between neighbours and each other. */
function valueMarks(
  shares: readonly number[],
  sums: readonly number[],
  { x, y, step }: Axes,
  theme: Theme,
): Mark[] {
  const text = (share: number) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
  const widest = Math.max(...shares.map((share) => textWidth(text(share), SIZES.tick)));
  if (widest + 5 > step) return [];
  const look = { kind: "text", size: SIZES.tick, align: "center" } as const;
  return shares.flatMap((share, c): Mark[] => {
    const own = { ...look, x: x(c), y: y(share) - 5, text: text(share), fill: theme.muted };
    // The first sum is the first share; above its bar the curve begins.
    if (c === 0) return [{ ...own, y: y(share) + SIZES.tick + 7, fill: theme.panel }];
    const isCrowded = y(share) - y(sums[c]) < 28;
    // A curve of sums bends away from what is above it at the left.
    const above = {
      ...look,
      x: x(c) - 4,
      y: y(sums[c]) - 6,
      text: text(sums[c]),
      align: "right",
      fill: theme.text,
    } as const;
    return isCrowded ? [above] : [own, above];
  });
}
