import { colourOf, FAINT } from "./palette.js";
import { circle, element, line, type Point, polygon, polyline, rect, svgDocument, text } from "./svg.js";

/** A line of a chart; points in any order. */
export interface Series {
  /** Shown in the legend; empty for the only line of a panel. */
  name: string;
  /** `low` and `high` are the ends of an interval about y, drawn where they differ; each is y by default. */
  points: { x: number | string; y: number; low?: number | null; high?: number | null }[];
}

/** One panel of a chart. */
export interface Panel {
  title: string;
  xLabel: string;
  yLabel: string;
  series: readonly Series[];
  /** The values of x in their order, where x is not a number. Default null: x is a number. */
  categories?: readonly string[] | null;
  /** A value of x to point out. Default null: none. */
  mark?: number | null;
}

const WIDTH = 640;
const HEIGHT = 340;
const MARGIN = { left: 72, right: 20, top: 40, bottom: 52 };
const RIGHT: number = WIDTH - MARGIN.right;
const BOTTOM: number = HEIGHT - MARGIN.bottom;
const LEGEND_LINE = 20;
const AXIS = { stroke: "#888" };
const MARKERS = ["circle", "square", "diamond", "triangle"] as const;

/**
 * Draws panels below one another as an SVG document, which browsers and notebooks show as it is.
 *
 * @param panels at least one
 */
export function chart(panels: readonly Panel[]): string {
  let top = 0;
  const parts: string[] = [];
  for (const panel of panels) {
    const named = panel.series.filter((series) => series.name !== "");
    parts.push(element("g", { transform: `translate(0 ${top})` }, drawPanel(panel)));
    top += HEIGHT + named.length * LEGEND_LINE + (named.length > 0 ? 12 : 0);
  }
  return svgDocument([WIDTH, top], parts, { "font-size": 13 });
}

/** A point with its place along x and its interval, which is y alone where none is given. */
interface Drawn {
  readonly at: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

function drawPanel({ title, xLabel, yLabel, series, categories = null, mark = null }: Panel): string {
  const drawn = series.map(({ points }) =>
    points.map(({ x, y, low, high }): Drawn => {
      const at = categories === null ? Number(x) : categories.indexOf(String(x));
      return { at, y, low: low ?? y, high: high ?? y };
    }),
  );
  const points = drawn.flat();
  const yTicks = ticks(points.flatMap((point) => [point.low, point.high]));
  const xValues = points.map((point) => point.at);
  const distinct = [...new Set(xValues)].sort((a, b) => a - b);
  const xTicks =
    categories !== null ? categories.map((_, i) => i) : distinct.length <= 12 ? distinct : ticks(xValues);
  const x = scale([...xTicks, ...xValues], MARGIN.left, RIGHT, 0.06);
  const y = scale(yTicks, BOTTOM, MARGIN.top, 0);
  const parts = [text(MARGIN.left, 22, title, { "font-weight": 600, "font-size": 15 })];
  for (const tick of yTicks) {
    parts.push(line([MARGIN.left, y(tick)], [RIGHT, y(tick)], { stroke: FAINT }));
    parts.push(text(MARGIN.left - 8, y(tick) + 4, tickLabel(tick), { "text-anchor": "end" }));
  }
  const middle = { "text-anchor": "middle" };
  for (const tick of xTicks) {
    parts.push(line([x(tick), BOTTOM], [x(tick), BOTTOM + 5], AXIS));
    const shown = categories === null ? tickLabel(tick) : shorten(categories[tick], xTicks.length);
    parts.push(text(x(tick), BOTTOM + 19, shown, middle));
  }
  parts.push(line([MARGIN.left, BOTTOM], [RIGHT, BOTTOM], AXIS));
  parts.push(text((MARGIN.left + RIGHT) / 2, HEIGHT - 12, xLabel, middle));
  const centre = (MARGIN.top + BOTTOM) / 2;
  parts.push(text(16, centre, yLabel, { ...middle, transform: `rotate(-90 16 ${centre})` }));
  if (mark !== null)
    parts.push(line([x(mark), MARGIN.top], [x(mark), BOTTOM], { ...AXIS, "stroke-dasharray": "4 4" }));
  // Lines are drawn side by side, so that their intervals do not cover one another.
  const shift = (s: number) => (s - (series.length - 1) / 2) * 6;
  drawn.forEach((one, s) => {
    parts.push(drawSeries(one, s, categories === null, (at) => x(at) + shift(s), y));
  });
  return [...parts, ...legend(series)].join("");
}

function drawSeries(
  points: readonly Drawn[],
  index: number,
  isJoined: boolean,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const stroke = colourOf(index);
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const way = sorted.map((point): Point => [x(point.at), y(point.y)]);
  const parts = isJoined ? [polyline(way, { stroke, "stroke-width": 1.5 })] : [];
  for (const { at, y: value, low, high } of sorted) {
    if (high > low) parts.push(line([x(at), y(low)], [x(at), y(high)], { stroke }));
    parts.push(marker(index, x(at), y(value)));
  }
  return parts.join("");
}

function legend(series: readonly Series[]): string[] {
  const named = [...series.entries()].filter(([, { name }]) => name !== "");
  return named.map(([s, { name }], i) => {
    const y = HEIGHT + 8 + i * LEGEND_LINE;
    return marker(s, MARGIN.left, y - 4) + text(MARGIN.left + 14, y, name);
  });
}

function marker(index: number, x: number, y: number): string {
  const fill = { fill: colourOf(index) };
  switch (MARKERS[index % MARKERS.length]) {
    case "circle":
      return circle([x, y], 4, fill);
    case "square":
      return rect({ x: x - 3.5, y: y - 3.5, width: 7, height: 7 }, fill);
    case "diamond":
      return polygon(
        [
          [x, y - 5],
          [x + 5, y],
          [x, y + 5],
          [x - 5, y],
        ],
        fill,
      );
    case "triangle":
      return polygon(
        [
          [x, y - 5],
          [x + 5, y + 4],
          [x - 5, y + 4],
        ],
        fill,
      );
  }
}

/** @param pad share of the range to leave free at both ends */
function scale(values: readonly number[], from: number, to: number, pad: number): (value: number) => number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || 1) * pad;
  const range = high - low + 2 * room || 1;
  const offset = high === low ? range / 2 : room;
  return (value) => from + ((value - low + offset) / range) * (to - from);
}

/** About five round numbers that cover the values. */
function ticks(values: readonly number[]): number[] {
  const low = values.length === 0 ? 0 : Math.min(...values);
  const high = values.length === 0 ? 1 : Math.max(...values);
  const range = high - low || Math.abs(low) || 1;
  const power = 10 ** Math.floor(Math.log10(range / 4));
  const step = power * ([1, 2, 5, 10].find((factor) => range / (power * factor) <= 5) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function tickLabel(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** What fits below a tick; the end of a path says more than its beginning. */
function shorten(name: string, count: number): string {
  const room = Math.max(6, Math.floor(84 / count));
  return name.length <= room ? name : `…${name.slice(name.length - room + 1)}`;
}
