import { linearScale, TICK_SIZE, tickLabels, ticksOver, withoutOverlap } from "./chart-axis.js";
import { colourOf, type Ink, ON_PAPER } from "./palette.js";
import { circle, line, type Point, polyline, svgDocument, text } from "./svg.js";
import { roughWidth } from "./text-width.js";

/** A value a round, or of another count. */
export interface Curve {
  /** Of the y axis, with its unit. */
  readonly name: string;
  /** What x is; default "round". */
  readonly xName?: string;
  /** x are whole numbers, ascending; where y is null nothing is known, and the line has a gap. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
  /** Whether powers of ten are equally far apart; what is not above 0 stands at the bottom. */
  readonly isLogarithmic: boolean;
  /** A value to draw a line at. */
  readonly level?: { readonly y: number; readonly name: string };
  readonly description: string;
  readonly ink?: Ink;
  readonly width?: number;
  readonly height?: number;
}

const TOP = 34;
const BELOW = 40;
const RIGHT = 16;
/** Beyond so many values, single values have no dots. */
const MOST_DOTS = 40;

/** Draws one curve as an SVG document. */
export function curveSvg({
  name,
  xName = "round",
  points,
  isLogarithmic,
  level,
  description,
  ink = ON_PAPER,
  width = 440,
  height = 240,
}: Curve): string {
  const known = points.filter((point) => point.y !== null) as { x: number; y: number }[];
  const values = [...known.map(({ y }) => y), ...(level === undefined ? [] : [level.y])];
  const scale = isLogarithmic ? logarithmic(values) : linear(values);
  const labels = tickLabels(scale.ticks);
  const left = 12 + Math.max(...labels.map((label) => roughWidth(label, TICK_SIZE)));
  const bottom = height - BELOW;
  const rounds = points.map(({ x }) => x);
  const [first, last] = [rounds[0] ?? 0, rounds.at(-1) ?? 1];
  const across = linearScale([first, Math.max(last, first + 1)], left + 8, width - RIGHT, 0);
  const up = linearScale([scale.at(scale.ticks[0]), scale.at(scale.ticks.at(-1)!)], bottom, TOP, 0);
  const place = (y: number) => up(scale.at(y));
  const xTicks = [
    ...new Set(
      ticksOver([first, last]).filter((tick) => Number.isInteger(tick) && tick >= first && tick <= last),
    ),
  ];
  const xLabels = tickLabels(xTicks);
  const shown = withoutOverlap(xLabels, xTicks.map(across));
  const quiet = { fill: ink.quiet };
  const parts = [
    text(left, 16, name, { "font-weight": 600 }),
    ...scale.ticks.flatMap((tick, i) => [
      line([left, place(tick)], [width - RIGHT, place(tick)], { stroke: ink.grid }),
      text(left - 6, place(tick) + 4, labels[i], { "text-anchor": "end", ...quiet }),
    ]),
    line([left, bottom], [width - RIGHT, bottom], { stroke: ink.quiet }),
    ...[...shown].map((i) =>
      text(across(xTicks[i]), bottom + 18, xLabels[i], { "text-anchor": "middle", ...quiet }),
    ),
    text(width - RIGHT, bottom + 34, xName, { "text-anchor": "end", ...quiet }),
    ...(level === undefined
      ? []
      : [
          line([left, place(level.y)], [width - RIGHT, place(level.y)], {
            stroke: ink.quiet,
            "stroke-dasharray": "5 4",
          }),
          text(width - RIGHT, place(level.y) - 5, level.name, { "text-anchor": "end", ...quiet }),
        ]),
    ...pieces(points).map((piece) =>
      polyline(
        piece.map(({ x, y }): Point => [across(x), place(y)]),
        { stroke: colourOf(0), "stroke-width": 2, "stroke-linejoin": "round" },
      ),
    ),
    ...(known.length <= MOST_DOTS
      ? known.map(({ x, y }) => circle([across(x), place(y)], 3, { fill: colourOf(0) }))
      : []),
  ];
  return svgDocument([width, height], parts, { title: name, description, "font-size": TICK_SIZE }, ink);
}

interface Scale {
  /** Ascending; at least two. */
  readonly ticks: readonly number[];
  at(value: number): number;
}

function linear(values: readonly number[]): Scale {
  return { ticks: ticksOver(values), at: (value) => value };
}

function logarithmic(values: readonly number[]): Scale {
  const logs = values.filter((value) => value > 0).map(Math.log10);
  // What has no logarithm is drawn below all that has one.
  const below = values.some((value) => value <= 0) ? 1 : 0;
  const low = Math.floor(Math.min(...logs, logs.length === 0 ? 0 : Infinity)) - below;
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs, logs.length === 0 ? 1 : -Infinity)));
  const step = Math.ceil((high - low) / 6);
  const count = Math.ceil((high - low) / step);
  return {
    ticks: Array.from({ length: count + 1 }, (_, i) => 10 ** (low + i * step)),
    at: (value) => Math.max(low, value > 0 ? Math.log10(value) : low),
  };
}

/** The runs of points between gaps. */
function pieces(points: Curve["points"]): { x: number; y: number }[][] {
  const all: { x: number; y: number }[][] = [[]];
  for (const { x, y } of points) {
    if (y === null) all.push([]);
    else all.at(-1)!.push({ x, y });
  }
  return all.filter((piece) => piece.length > 1);
}
