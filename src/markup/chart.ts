import { linearScale, TICK_SIZE, tickLabel, ticksOver, withoutOverlap } from "./chart-axis.js";
import { marker } from "./chart-marker.js";
import { besideWidth, type Named, namesBelow, namesBeside } from "./chart-names.js";
import { colourOf, type Ink, ON_PAPER } from "./palette.js";
import { element, line, type Point, polyline, svgDocument, text } from "./svg.js";
import { roughWidth, shortened } from "./text-width.js";

/** A line of a chart; points in any order. */
export interface Series {
  /** Beside its end, or below the panel; empty for the only line of a panel. */
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

/** Options of `chart`. */
export interface ChartOptions {
  /** Default `ON_PAPER`. */
  ink?: Ink;
  /** Of the picture, in pixels; default 720. */
  width?: number;
}

const PAD = 16;
/** Of the title, and of the name of the y axis below it. */
const BASELINES = { title: 28, yLabel: 50 } as const;
const TOP = 66;
const PLOT_HEIGHT = 230;
/** From the x axis to the name of it. */
const X_NAME = 40;
/** Labels of categories that are turned have more. */
const TURNED = { most: 110, angle: 35 } as const;
const PANEL_GAP = 24;
/** Of the width, what names beside lines have at most. */
const MOST_NAMES = 0.42;
/** Between the lines of a category, or of a value, whose intervals would cover one another. */
const APART = 7;
const MIDDLE = { "text-anchor": "middle" };

/**
 * Draws panels below one another as an SVG document, which browsers and notebooks show as it is; its title and
 * description say what is in them.
 *
 * @param panels at least one
 */
export function chart(panels: readonly Panel[], { ink = ON_PAPER, width = 720 }: ChartOptions = {}): string {
  let top = 0;
  const parts: string[] = [];
  for (const panel of panels) {
    const { content, height } = drawPanel(panel, ink, width);
    parts.push(element("g", { transform: `translate(0 ${top})` }, content));
    top += height;
  }
  const title = panels.map((panel) => panel.title).join("; ");
  const words = { title, description: panels.map(described).join(" "), "font-size": TICK_SIZE };
  return svgDocument([width, top], parts, words, ink);
}

/** "adjusted Rand index by noise: fkm 0.1: 0.93 (0.9 to 0.95), 0.2: ...". */
function described({ xLabel, yLabel, series }: Panel): string {
  const lines = series.map(({ name, points }) => {
    const values = points.map(({ x, y, low, high }) => {
      const interval =
        low == null || high == null || low === high ? "" : ` (${brief(low)} to ${brief(high)})`;
      return `${x}: ${brief(y)}${interval}`;
    });
    return `${name === "" ? "" : `${name} `}${values.join(", ")}`;
  });
  return `${yLabel}${xLabel === "" ? "" : ` by ${xLabel}`}: ${lines.join("; ")}.`;
}

function brief(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A point with its place along x and its interval, which is y alone where none is given. */
interface Drawn {
  readonly at: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

function drawPanel(
  panel: Panel,
  ink: Ink,
  width: number,
): { readonly content: string; readonly height: number } {
  const { title, xLabel, yLabel, series, categories = null, mark = null } = panel;
  const drawn = series.map(({ points }) =>
    points.map(({ x, y, low, high }): Drawn => {
      const at = categories === null ? Number(x) : categories.indexOf(String(x));
      return { at, y, low: low ?? y, high: high ?? y };
    }),
  );
  const points = drawn.flat();
  const yTicks = ticksOver(points.flatMap((point) => [point.low, point.high]));
  const left = PAD + Math.max(...yTicks.map((tick) => roughWidth(tickLabel(tick), TICK_SIZE))) + 8;
  const named = [...series.entries()].filter(([, { name }]) => name !== "");
  const beside = besideWidth(
    named.map(([, { name }]) => name),
    PLOT_HEIGHT,
    width * MOST_NAMES,
  );
  const right = width - PAD - (beside ?? 0);
  const bottom = TOP + PLOT_HEIGHT;
  const xValues = points.map((point) => point.at);
  const distinct = [...new Set(xValues)].sort((a, b) => a - b);
  const xTicks =
    categories !== null ? categories.map((_, i) => i) : distinct.length <= 12 ? distinct : ticksOver(xValues);
  const x = xScaleOf([...xTicks, ...xValues], categories === null ? null : categories.length, left, right);
  const y = linearScale(yTicks, bottom, TOP, 0);
  const slot = leastGap([...xTicks, ...(distinct.length <= 12 ? distinct : [])].map(x), right - left);
  const apart = Math.min(APART, (0.7 * slot) / Math.max(1, series.length - 1));
  // Lines are drawn side by side, so that their intervals do not cover one another.
  const xOf = (s: number) => (at: number) => x(at) + (s - (series.length - 1) / 2) * apart;
  const xAxis = xAxisOf(xTicks.map(x), xTicks.map(categories === null ? tickLabel : (i) => categories[i]), {
    bottom,
    slot,
    isDropped: categories === null,
    ink,
  });
  const ends = named.map(([index, { name }]): Named => {
    const last = drawn[index].toSorted((a, b) => a.at - b.at).at(-1);
    // Points of categories are no line that could end.
    return {
      index,
      name,
      end: last === undefined || categories !== null ? null : [xOf(index)(last.at), y(last.y)],
    };
  });
  const end = bottom + xAxis.height;
  const below = namesBelow(beside === null ? ends : [], { x: left, y: end + 22, width: right - left }, ink);
  const parts = [
    text(PAD, BASELINES.title, shortened(title, 15, width - 2 * PAD), {
      "font-weight": 600,
      "font-size": 15,
    }),
    text(PAD, BASELINES.yLabel, yLabel, { fill: ink.quiet }),
    ...yTicks.flatMap((tick) => [
      line([left, y(tick)], [right, y(tick)], { stroke: ink.grid }),
      text(left - 8, y(tick) + 4, tickLabel(tick), { "text-anchor": "end", fill: ink.quiet }),
    ]),
    ...xAxis.parts,
    line([left, bottom], [right, bottom], { stroke: ink.quiet }),
    text((left + right) / 2, end - 4, xLabel, { ...MIDDLE, fill: ink.quiet }),
    ...(mark === null
      ? []
      : [line([x(mark), TOP], [x(mark), bottom], { stroke: ink.quiet, "stroke-dasharray": "4 4" })]),
    ...(beside === null ? below.parts : namesBeside(ends, right, TOP, bottom, ink)),
    ...drawn.map((one, s) => drawSeries(one, s, categories === null, xOf(s), y, ink)),
  ];
  return { content: parts.join(""), height: end + below.height + PANEL_GAP };
}

/** Values over this ratio, all of them positive, stand by their logarithms. */
const LOGARITHMIC = 20;

/** @param nCategories null: values are numbers */
function xScaleOf(
  values: readonly number[],
  nCategories: number | null,
  left: number,
  right: number,
): (value: number) => number {
  if (nCategories !== null) return linearScale(values, left, right, 0.5 / Math.max(1, nCategories - 1));
  const least = Math.min(...values);
  if (least <= 0 || Math.max(...values) / least < LOGARITHMIC) return linearScale(values, left, right, 0.06);
  const log = linearScale(values.map(Math.log), left, right, 0.06);
  return (value) => log(Math.log(value));
}

/** The least distance of places that are not the same. */
function leastGap(places: readonly number[], width: number): number {
  const sorted = [...new Set(places)].sort((a, b) => a - b);
  return Math.min(width, ...sorted.slice(1).map((place, i) => place - sorted[i]));
}

interface XAxis {
  readonly bottom: number;
  /** Width that a tick has for itself. */
  readonly slot: number;
  readonly ink: Ink;
  /** Whether labels that would touch are left out, as those of numbers may be; else they are turned. */
  readonly isDropped: boolean;
}

/** Ticks with their labels, and the height down to the name of the axis. */
function xAxisOf(
  places: readonly number[],
  labels: readonly string[],
  { bottom, slot, isDropped, ink }: XAxis,
): { readonly parts: string[]; readonly height: number } {
  const shown = withoutOverlap(labels, places);
  const parts = places.map((at) => line([at, bottom], [at, bottom + 5], { stroke: ink.quiet }));
  const y = bottom + 19;
  if (isDropped || shown.size === labels.length) {
    for (const i of shown) parts.push(text(places[i], y, labels[i], { ...MIDDLE, fill: ink.quiet }));
    return { parts, height: X_NAME };
  }
  // None begins left of the picture.
  const texts = labels.map((label, i) =>
    shortened(
      label,
      TICK_SIZE,
      Math.min(TURNED.most, (places[i] - PAD / 2) / Math.cos((TURNED.angle * Math.PI) / 180)),
    ),
  );
  const rise = Math.sin((TURNED.angle * Math.PI) / 180);
  const height = Math.max(...texts.map((label) => roughWidth(label, TICK_SIZE))) * rise;
  // Lines that are turned need their own height along the axis.
  const every = Math.ceil((TICK_SIZE + 2) / rise / slot);
  texts.forEach((label, i) => {
    if (i % every !== 0) return;
    const transform = `rotate(-${TURNED.angle} ${places[i] + 4} ${bottom + 16})`;
    parts.push(text(places[i] + 4, bottom + 16, label, { "text-anchor": "end", transform, fill: ink.quiet }));
  });
  return { parts, height: height + X_NAME };
}

function drawSeries(
  points: readonly Drawn[],
  index: number,
  isJoined: boolean,
  x: (value: number) => number,
  y: (value: number) => number,
  ink: Ink,
): string {
  const stroke = colourOf(index);
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const way = sorted.map((point): Point => [x(point.at), y(point.y)]);
  const parts = isJoined ? [polyline(way, { stroke, "stroke-width": 2 })] : [];
  for (const { at, y: value, low, high } of sorted) {
    if (high > low) parts.push(line([x(at), y(low)], [x(at), y(high)], { stroke, "stroke-width": 1.5 }));
    parts.push(marker(index, x(at), y(value), ink));
  }
  return parts.join("");
}
