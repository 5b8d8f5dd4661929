import type { Rect } from "./layout.js";
import type { Mark } from "./marks.js";
import { measureText } from "./numbers.js";
import { between, type Point } from "./places.js";
import { SIZES } from "./sizes.js";
import { textWidth } from "./text-width.js";
import type { Theme } from "./theme.js";
import { countTicks, logTicks, roundStep, tickText } from "./ticks.js";

/* Curves over rounds, with axes. */

/** A curve of one value a round. */
export interface Curve {
  /** One a round; null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly color: string;
}

export interface ChartOptions {
  /** Round number of the first value. */
  readonly first: number;
  /** A logarithmic axis. Values of 0 lie below it, hollow, on a line that says "0". */
  readonly log: boolean;
  /** A dashed line with its name, e.g. the tolerance. */
  readonly reference: { readonly value: number; readonly name: string } | null;
  /** Index up to which a curve is strong, also between two; it is pale beyond. null: strong to its end. */
  readonly current: number | null;
  /** Name of the horizontal axis; null: none, where room is scarce. */
  readonly xName: string | null;
  /** Of the ticks; default that of ticks. */
  readonly size?: number;
}

/** Relative to the values: what differs by less differs by rounding. */
const ROUNDING = 1e-12;
const PER_Y_TICK = 34;
const PER_X_TICK = 46;

/**
 * Draws curves over the rounds of a run, with ticks on both axes: nothing moves further up than its values do. A linear
 * axis begins at 0 where the least value is below half of the greatest, else its lowest tick says where it begins.
 *
 * @param area with the axes' ticks and names
 */
export function chartMarks(
  curves: readonly Curve[],
  area: Rect,
  options: ChartOptions,
  theme: Theme,
): Mark[] {
  const { log, reference, size = SIZES.tick } = options;
  const all = curves.flatMap(({ values }) => values.filter((value) => value !== null));
  const counted = log ? all.filter((value) => value > 0) : all;
  if (all.length === 0) return [];
  const zeros = log && counted.length < all.length;
  const inDomain =
    reference !== null && (!log || reference.value > 0) ? [...counted, reference.value] : counted;
  const { low, high, ticks } = domainOf(inDomain, log, area.height / PER_Y_TICK);
  const texts = ticks.map((tick) => (log ? powerText(tick) : tickText(tick)));
  const left = area.x + Math.max(0, ...texts.map((text) => textWidth(text, size))) + 8;
  const right = area.x + area.width - 6;
  const top = area.y + 6;
  const bottom = area.y + area.height - size - (options.xName === null ? 6 : size + 10);
  const floor = zeros ? bottom - 12 : bottom;
  const measure = (value: number) => (log ? Math.log10(value) : value);
  const span = measure(high) - measure(low);
  const y = (value: number) =>
    log && value <= 0 ? bottom : floor - ((floor - top) * (measure(value) - measure(low))) / (span || 1);
  const last = Math.max(...curves.map(({ values }) => values.length)) - 1;
  const x = (index: number) => left + ((right - left) * index) / Math.max(1, last);
  const label = { kind: "text", size, fill: theme.faint } as const;
  const marks: Mark[] = [];
  const level = (at: number, text: string) =>
    marks.push(
      { kind: "line", points: [left, at, right, at], stroke: theme.grid, width: 1 },
      { ...label, x: left - 6, y: at + size * 0.36, text, align: "right" },
    );
  ticks.forEach((tick, i) => {
    level(y(tick), texts[i]);
  });
  if (zeros) level(bottom, "0");
  marks.push({ kind: "line", points: [left, bottom, right, bottom], stroke: theme.border, width: 1 });
  for (const index of countTicks(last, (right - left) / PER_X_TICK)) {
    const at = { x: x(index), y: bottom + size + 3 };
    marks.push({ ...label, ...at, text: String(options.first + index), align: "center" });
  }
  if (options.xName !== null) {
    const at = { x: (left + right) / 2, y: area.y + area.height - 3 };
    marks.push({ ...label, ...at, text: options.xName, align: "center" });
  }
  if (reference !== null && (!log || reference.value > 0)) {
    const at = y(reference.value);
    const text = `${reference.name} ${measureText(reference.value)}`;
    marks.push(
      { kind: "line", points: [left, at, right, at], stroke: theme.muted, width: 1, dash: [4, 3] },
      // At the left, where a curve that falls is far above.
      { ...label, x: left + 3, y: at > (top + bottom) / 2 ? at - 4 : at + size + 2, text },
    );
  }
  for (const curve of curves) marks.push(...curveMarks(curve, x, y, options, theme));
  return marks;
}

function curveMarks(
  { values, color }: Curve,
  x: (index: number) => number,
  y: (value: number) => number,
  { current, log }: ChartOptions,
  theme: Theme,
): Mark[] {
  const until = current ?? values.length - 1;
  const runs = runsOf(values);
  const place = (index: number): Point => ({ x: x(index), y: y(values[index]!) });
  const now = placeBetween(values, until, place);
  const line = (stroke: string, width: number, last: number) =>
    runs.flatMap((run): Mark[] => {
      const places = run.filter((index) => index <= last).map(place);
      if (now !== null && run.includes(Math.floor(last)) && last % 1 > 0) places.push(now);
      const points = places.flatMap((at) => [at.x, at.y]);
      return points.length < 4 ? [] : [{ kind: "line", points, stroke, width }];
    });
  const dot = (index: number, radius: number, fill: string): Mark => {
    const isFloor = log && values[index] === 0;
    const look = isFloor ? { fill: theme.panel, stroke: fill, strokeWidth: 1.4 } : { fill };
    return { kind: "symbol", shape: "circle", ...place(index), radius, ...look };
  };
  const few = values.length <= 40;
  const known = [...values.keys()].filter((index) => values[index] !== null);
  return [
    ...(current === null ? [] : line(theme.pale, 1.5, values.length)),
    ...line(color, 2, until),
    ...known.filter((index) => index > until).map((index) => dot(index, few ? 2 : 1, theme.pale)),
    ...known.filter((index) => index < until && few).map((index) => dot(index, 2.2, color)),
    ...known.filter((index) => index === until).map((index) => dot(index, 3.6, color)),
    ...betweenMarks(values, until, place, color),
  ];
}

/** The dot of a round that is under way; a curve's first comes where it is. */
function betweenMarks(
  values: readonly (number | null)[],
  at: number,
  place: (index: number) => Point,
  fill: string,
): Mark[] {
  const after = Math.ceil(at);
  if (at % 1 === 0 || (values[after] ?? null) === null) return [];
  const now = placeBetween(values, at, place);
  const opacity = now === null ? at - Math.floor(at) : 1;
  return [{ kind: "symbol", shape: "circle", ...(now ?? place(after)), radius: 3.6, fill, opacity }];
}

/** Where a curve is at an index, or between two of them; null where it has no value there. */
function placeBetween(
  values: readonly (number | null)[],
  at: number,
  place: (index: number) => Point,
): Point | null {
  const [before, after] = [Math.floor(at), Math.ceil(at)];
  if ((values[before] ?? null) === null || (values[after] ?? null) === null) return null;
  return between(place(before), place(after), at - before);
}

/** Indices of values, cut where one is missing. */
function runsOf(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = [[]];
  values.forEach((value, index) => {
    if (value !== null) runs.at(-1)!.push(index);
    else if (runs.at(-1)!.length > 0) runs.push([]);
  });
  return runs.filter((run) => run.length > 0);
}

/** What the vertical axis holds: its ends are ticks where it is linear. */
function domainOf(
  values: readonly number[],
  log: boolean,
  count: number,
): { low: number; high: number; ticks: number[] } {
  if (values.length === 0) return { low: 1, high: 10, ticks: [] };
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (log) {
    low = 10 ** Math.floor(Math.log10(low));
    high = 10 ** Math.ceil(Math.log10(high));
    if (high <= low) high = 10 * low;
    return { low, high, ticks: logTicks(low, high, count) };
  }
  // What differs by rounding alone has not moved.
  if (high - low <= ROUNDING * Math.max(Math.abs(high), Math.abs(low))) {
    const around = Math.abs(high) * 0.1 || 1;
    [low, high] = [low - around, high + around];
  } else if (low >= 0 && low <= high / 2) low = 0;
  const step = roundStep((high - low) / Math.max(2, count - 1));
  const bottom = low === 0 ? 0 : Math.floor(low / step + 1e-9) * step;
  const top = Math.ceil(high / step - 1e-9) * step;
  const n = Math.round((top - bottom) / step);
  return { low: bottom, high: top, ticks: Array.from({ length: n + 1 }, (_, i) => bottom + i * step) };
}

/** "1e-4", "0.01", "1", "10". */
function powerText(value: number): string {
  const power = Math.round(Math.log10(value));
  return power < -2 || power > 3 ? `1e${power}` : tickText(value);
}
