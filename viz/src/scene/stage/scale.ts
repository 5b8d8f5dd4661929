import type { Experiment, OriginalAxes, OriginalAxis } from "../../read/experiment.js";
import { linearTicks, tickText } from "../marks/ticks.js";
import type { Rect } from "./layout.js";

/** The part of the plane that every picture of an experiment shows. */
export interface Domain {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  /** What heights are where rows have one coordinate alone: numbers of rows, or nothing. Else a coordinate. */
  readonly height?: "rows" | "nothing";
}

/** What axes count in: the values clustered in, or those before the run standardized them. */
export const AXIS_SCALES = ["clustered", "original"] as const;
export type AxisScale = (typeof AXIS_SCALES)[number];

/** Takes positions into a rectangle of a picture. */
export interface Scale {
  x(value: number): number;
  y(value: number): number;
  /** Values of the grid lines inside the rectangle. */
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  /** What a grid line says. */
  xText(tick: number): string;
  yText(tick: number): string;
}

/** Rows beyond these shares of all rows, at either end, do not widen the axes. */
const OUTLIERS = 0.001;
const PADDING = 0.09;
/** Axes whose spans differ by less keep nearly one unit, so that distances look nearly as they are. */
const SAME_UNIT = 3.5;
/** How much longer the unit of one axis may be than that of the other, to fill a panel. */
const STRETCH = 1.5;
/** Closer to the end of an axis there is no room for a value. */
const EDGE = 20;
/** Between two values of an axis, and where that leaves fewer than two. */
const PIXELS_PER_TICK = [70, 50, 35] as const;
/** Room for means below rows that stand on one another, in the highest stack. */
const BELOW = 0.2;
/** Width over height of a panel whose rows have one coordinate. */
const LINE_ASPECT = 1.8;

/** The axes of an experiment: the same in all its pictures. Holds every mean with its noise, and all rows but a few outliers. */
export function domainOf(experiment: Experiment): Domain {
  return { x: span(experiment, 0), y: span(experiment, 1) };
}

function span({ rounds, clients }: Experiment, axis: 0 | 1): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const include = (value: number) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const round of rounds) {
    for (let i = axis; i < round.positions.length; i += 2) include(round.positions[i]);
    for (const local of round.locals) {
      for (let i = axis; i < local.positions.length; i += 2) include(local.positions[i]);
    }
  }
  const nPoints = clients.reduce((sum, client) => sum + (client.points?.nPoints ?? 0), 0);
  const values = new Float64Array(nPoints);
  let n = 0;
  for (const { points } of clients) {
    for (let i = axis; i < (points?.positions.length ?? 0); i += 2) values[n++] = points!.positions[i];
  }
  values.sort();
  const outliers = Math.floor(n * OUTLIERS);
  if (n > 0) {
    include(values[outliers]);
    include(values[n - 1 - outliers]);
  }
  return padded(...withNoise(rounds, axis, [low, high]));
}

/** A span that holds the noise of all means, too, of which what is wider than all else does not widen it further. */
export function withNoise(
  rounds: Experiment["rounds"],
  axis: 0 | 1,
  [low, high]: readonly [number, number],
): [number, number] {
  let [from, to] = [low, high];
  for (const { positions, standardErrors } of rounds) {
    for (const [cluster, error] of (standardErrors ?? []).entries()) {
      const at = positions[2 * cluster + axis];
      const reach = Math.min(error, high - low);
      from = Math.min(from, at - reach);
      to = Math.max(to, at + reach);
    }
  }
  return [from, to];
}

/** The axes of rows that have one coordinate alone, where the other counts them; of none, where it says nothing. */
export function onLine({ x }: Pick<Domain, "x">, mostRows: number): Domain {
  return mostRows > 0
    ? { x, y: [-BELOW * mostRows, mostRows * (1 + PADDING)], height: "rows" }
    : { x, y: padded(0, 0), height: "nothing" };
}

/** A span with room at both ends. */
export function padded(low: number, high: number): [number, number] {
  const pad = high > low ? (high - low) * PADDING : 1;
  return [low - pad, high + pad];
}

/** Width over height that suits a domain. */
export function aspectOf({ x, y, height }: Domain): number {
  if (height !== undefined) return LINE_ASPECT;
  const ratio = (x[1] - x[0]) / (y[1] - y[0]);
  return hasOneUnit(ratio) ? ratio : 1.3;
}

function hasOneUnit(ratio: number): boolean {
  return ratio < SAME_UNIT && ratio > 1 / SAME_UNIT;
}

/**
 * Fits a domain into a rectangle; units are about as long on both axes where their spans allow it.
 *
 * @param area where to
 * @param original what the grid counts in; null: in the coordinates themselves
 */
export function scaleOf({ x, y, height }: Domain, area: Rect, original: OriginalAxes | null): Scale {
  let perX = area.width / (x[1] - x[0]);
  let perY = area.height / (y[1] - y[0]);
  if (height === undefined && hasOneUnit((x[1] - x[0]) / (y[1] - y[0]))) {
    [perX, perY] = [Math.min(perX, STRETCH * perY), Math.min(perY, STRETCH * perX)];
  }
  const centreX = (x[0] + x[1]) / 2;
  const centreY = (y[0] + y[1]) / 2;
  const halfX = area.width / 2 / perX;
  const halfY = area.height / 2 / perY;
  const xGrid = gridOf(centreX - halfX, centreX + halfX, area.width, original?.[0]);
  const yGrid =
    height === undefined ? gridOf(centreY - halfY, centreY + halfY, area.height, original?.[1]) : countGrid();
  return {
    x: (value) => area.x + area.width / 2 + (value - centreX) * perX,
    y: (value) => area.y + area.height / 2 - (value - centreY) * perY,
    xTicks: [...xGrid.keys()],
    yTicks: [...yGrid.keys()],
    xText: (tick) => xGrid.get(tick) ?? "",
    yText: (tick) => yGrid.get(tick) ?? "",
  };

  function countGrid(): Map<number, string> {
    if (height !== "rows") return new Map();
    const grid = gridOf(0, y[1], (area.height * y[1]) / (y[1] - y[0]));
    return new Map([[0, "0"], ...[...grid].filter(([rows]) => Number.isInteger(rows))]);
  }
}

/** Round numbers in what the axis counts in, as the coordinates they are at, with their texts. */
function gridOf(low: number, high: number, length: number, axis?: OriginalAxis): Map<number, string> {
  const { factor, offset } = axis ?? { factor: 1, offset: 0 };
  const [from, to] = [low * factor + offset, high * factor + offset];
  // One value alone says nothing of the unit.
  const ticks = PIXELS_PER_TICK.map((pixels) => linearTicks(from, to, length / pixels));
  const edge = (EDGE / length) * (to - from);
  const seen = (values: readonly number[]) =>
    values.filter((value) => Math.min(value - from, to - value) / edge > 1).length;
  const enough = ticks.find((values) => seen(values) > 1) ?? ticks[ticks.length - 1];
  return new Map(enough.map((tick) => [(tick - offset) / factor, tickText(tick)]));
}
