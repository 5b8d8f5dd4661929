import type { Mark, TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import type { Scale } from "../stage/scale.js";
import { textWidth } from "../text/text-width.js";

const EDGE = 5;
const GAP = 8;
/** Below and left of what the axes are of. */
const APART = 4;

/** The grid of a plot, with values at its lower and left edge. */
export function axesMarks(plot: Rect, scale: Scale, theme: Theme): Mark[] {
  const right = plot.x + plot.width;
  const bottom = plot.y + plot.height;
  const grid = (points: number[]): Mark => ({ kind: "line", points, stroke: theme.grid, width: 1 });
  return [
    ...scale.xTicks.map((value) => grid([scale.x(value), plot.y, scale.x(value), bottom])),
    ...scale.yTicks.map((value) => grid([plot.x, scale.y(value), right, scale.y(value)])),
    ...tickMarks(plot, scale, theme),
  ];
}

function tickMarks(plot: Rect, { x, y, xTicks, yTicks, xText, yText }: Scale, theme: Theme): TextMark[] {
  const size = SIZES.tick;
  const look = { kind: "text", size, fill: theme.faint } as const;
  const marks: TextMark[] = [];
  const [left, right] = [plot.x + EDGE, plot.x + plot.width - EDGE];
  const bottom = plot.y + plot.height - EDGE;
  let from = left;
  for (const value of xTicks) {
    const text = xText(value);
    const half = textWidth(text, size) / 2;
    if (x(value) - half < from || x(value) + half > right) continue;
    marks.push({ ...look, x: x(value), y: bottom, text, align: "center" });
    from = x(value) + half + GAP;
  }
  for (const value of yTicks) {
    if (y(value) - size / 2 < plot.y + EDGE || y(value) + size / 2 > bottom - size - 2) continue;
    marks.push({ ...look, x: left, y: y(value) + 0.36 * size, text: yText(value) });
  }
  return marks;
}

/** The names of the axes, below and left of all panels that have them. */
export function axisTitles(
  panels: readonly Rect[],
  [xTitle, yTitle]: readonly [x: string, y: string],
  theme: Theme,
): TextMark[] {
  const left = Math.min(...panels.map(({ x }) => x));
  const top = Math.min(...panels.map(({ y }) => y));
  const width = Math.max(...panels.map((panel) => panel.x + panel.width)) - left;
  const height = Math.max(...panels.map((panel) => panel.y + panel.height)) - top;
  const size = SIZES.tick;
  const look = { kind: "text", size, fill: theme.faint, align: "center" } as const;
  return [
    {
      ...look,
      x: left + width / 2,
      y: top + height + APART + 0.66 * size,
      text: shortened(xTitle, width),
      maxWidth: width,
    },
    {
      ...look,
      x: left - APART,
      y: top + height / 2,
      text: shortened(yTitle, height),
      maxWidth: height,
      rotated: true,
    },
  ];
}

/** An axis title that fits, with its unit whole: "Glomerular filtr… (mL/min)". */
export function shortened(title: string, width: number): string {
  const fits = (text: string) => 1.04 * textWidth(text, SIZES.tick) <= width;
  const [, name, unit] = /^(.*\S)(\s+\([^()]*\))$/.exec(title) ?? [title, title, ""];
  if (fits(title) || unit === "") return title;
  const letters = [...name];
  while (letters.length > 1 && !fits(`${letters.join("")}…${unit}`)) letters.pop();
  return `${letters.join("").trimEnd()}…${unit}`;
}
