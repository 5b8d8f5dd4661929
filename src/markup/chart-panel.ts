import { linearScale, TICK_SIZE, tickLabels, withoutOverlap } from "./chart-axis.js";
import { besideWidth, type Named, namesBelow, namesBeside } from "./chart-names.js";
import type { PlacedPanel } from "./chart-scales.js";
import { drawSeries } from "./chart-series.js";
import type { Ink } from "./palette.js";
import { line, text } from "./svg.js";
import { roughWidth, shortened, wrapped } from "./text-width.js";

/** Where a panel is drawn. */
export interface PanelPlace {
  /** Of the panel, in pixels. */
  readonly width: number;
  /** Whether it names its lines itself. */
  readonly isNamed: boolean;
  /** Whether there are others beside it. */
  readonly isNarrow: boolean;
  readonly intervals: "bars" | "bands";
}

const PAD = 16;
/** Below the title: the name of the y axis, and where the axis begins. */
const BELOW_TITLE = { yLabel: 22, plot: 38 } as const;
const TITLE_BASELINE = 28;
const PLOT_HEIGHT = { wide: 230, narrow: 190 } as const;
/** From the x axis to the name of it. */
const X_NAME = 40;
/** Labels of categories that are turned have more. */
const TURNED = { most: 110, angle: 35 } as const;
const BELOW = 24;
/** Of the width, what names beside lines have at most. */
const MOST_NAMES = 0.42;
/** Between the lines of a category, whose intervals would cover one another. */
const APART = 7;
const MIDDLE = { "text-anchor": "middle" };

/** @param row the panels beside it, and itself: their plots begin at the same height and are as wide */
export function drawPanel(
  placed: PlacedPanel,
  { width, isNamed, isNarrow, intervals }: PanelPlace,
  ink: Ink,
  row: readonly PlacedPanel[],
): { readonly content: string; readonly height: number } {
  const { panel, drawn, y: yRange, x: xRange } = placed;
  const { xLabel, yLabel, series, categories = null, mark = null } = panel;
  const title = titleOf(placed, width, isNarrow);
  const titleEnd =
    TITLE_BASELINE +
    (Math.max(...row.map((one) => titleOf(one, width, isNarrow).lines.length)) - 1) * title.step;
  const top = titleEnd + BELOW_TITLE.plot;
  const plotHeight = isNarrow ? PLOT_HEIGHT.narrow : PLOT_HEIGHT.wide;
  const left = PAD + Math.max(...row.map(({ y }) => labelsWidth(y.ticks))) + 8;
  const named = isNamed ? [...series.entries()].filter(([, { name }]) => name !== "") : [];
  const names = named.map(([, { name }]) => name);
  const beside = isNarrow && names.length > 0 ? null : besideWidth(names, plotHeight, width * MOST_NAMES);
  const right = width - PAD - (beside ?? 0);
  const bottom = top + plotHeight;
  const x = xScaleOf(xRange, categories === null ? null : categories.length, left, right);
  const y = linearScale([yRange.low, yRange.high], bottom, top, 0);
  const slot = leastGap(xRange.ticks.map(x), right - left);
  const apart = categories === null ? 0 : Math.min(APART, (0.7 * slot) / Math.max(1, series.length - 1));
  // Lines of categories are drawn side by side, so that their intervals do not cover one another.
  const xOf = (s: number) => (at: number) => x(at) + (s - (series.length - 1) / 2) * apart;
  const labels = categories === null ? tickLabels(xRange.ticks) : [...categories];
  const yLabels = tickLabels(yRange.ticks);
  const xAxis = xAxisOf(xRange.ticks.map(x), labels, { bottom, slot, isDropped: categories === null, ink });
  const ends = named.map(([index, { name }]): Named => {
    const last = drawn[index].at(-1);
    // Points of categories are no line that could end.
    const end =
      last === undefined || categories !== null ? null : ([xOf(index)(last.at), y(last.y)] as const);
    return { index, name, end };
  });
  const end = bottom + xAxis.height;
  const below = namesBelow(beside === null ? ends : [], { x: left, y: end + 22, width: right - left }, ink);
  const quiet = { fill: ink.quiet };
  const parts = [
    ...title.lines.map((words, i) =>
      text(PAD, TITLE_BASELINE + i * title.step, words, { "font-weight": 600, "font-size": title.size }),
    ),
    text(PAD, titleEnd + BELOW_TITLE.yLabel, shortened(yLabel, TICK_SIZE, width - 2 * PAD), quiet),
    ...yRange.ticks.flatMap((tick, i) => [
      line([left, y(tick)], [right, y(tick)], { stroke: ink.grid }),
      text(left - 8, y(tick) + 4, yLabels[i], { "text-anchor": "end", ...quiet }),
    ]),
    ...xAxis.parts,
    line([left, bottom], [right, bottom], { stroke: ink.quiet }),
    text((left + right) / 2, end - 4, shortened(xLabel, TICK_SIZE, width - 2 * PAD), { ...MIDDLE, ...quiet }),
    ...(mark === null
      ? []
      : [line([x(mark), top], [x(mark), bottom], { stroke: ink.quiet, "stroke-dasharray": "4 4" })]),
    ...(beside === null ? below.parts : namesBeside(ends, right, top, bottom, ink)),
    ...drawSeries(drawn, { xOf, y, isJoined: categories === null, intervals, ink }),
  ];
  return { content: parts.join(""), height: end + below.height + BELOW };
}

function titleOf({ panel }: PlacedPanel, width: number, isNarrow: boolean) {
  const size = isNarrow ? 13 : 15;
  return { size, step: size + 4, lines: wrapped(panel.title, size, width - 2 * PAD, 2) };
}

function labelsWidth(ticks: readonly number[]): number {
  return Math.max(...tickLabels(ticks).map((label) => roughWidth(label, TICK_SIZE)));
}

/** Values over this ratio, all of them positive, stand by their logarithms. */
const LOGARITHMIC = 20;

/** @param nCategories null: values are numbers */
function xScaleOf(
  { low, high }: { readonly low: number; readonly high: number },
  nCategories: number | null,
  left: number,
  right: number,
): (value: number) => number {
  if (nCategories !== null) return linearScale([low, high], left, right, 0.5 / Math.max(1, nCategories - 1));
  if (low <= 0 || high / low < LOGARITHMIC) return linearScale([low, high], left, right, 0.06);
  const log = linearScale([Math.log(low), Math.log(high)], left, right, 0.06);
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
