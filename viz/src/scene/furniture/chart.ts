import type { Mark, TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import type { Theme } from "../marks/theme.js";
import { countTicks, logTicks, roundStep, tickText } from "../marks/ticks.js";
import type { Rect } from "../stage/layout.js";
import { between, type Point } from "../stage/places.js";
import { digitsAmong, measureText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

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
  /** Room for the vertical axis's ticks, at least: charts above each other are as wide. */
  readonly gutter?: number;
}

const PER_Y_TICK = 28;
const PER_X_TICK = 46;
/** Between a curve and a text beside it. */
const CLEARANCE = 4;
/** Above the greatest value of a linear axis, relative to what it holds. */
const HEADROOM = 0.08;
/** A curve of more rounds has no dot at each. */
const MANY_ROUNDS = 40;

/**
 * Draws curves over the rounds of a run, with ticks on both axes: nothing moves further up than its values do. A linear
 * axis holds 0, and a single curve on one has its first and last value beside it, in as many digits as tell them apart.
 *
 * @param area with the axes' ticks and names
 */
export function chartMarks(
  curves: readonly Curve[],
  area: Rect,
  options: ChartOptions,
  theme: Theme,
): Mark[] {
  const { log, size = SIZES.tick } = options;
  const all = curves.flatMap(({ values }) => values.filter((value) => value !== null));
  const counted = log ? all.filter((value) => value > 0) : all;
  if (all.length === 0) return [];
  const zeros = log && counted.length < all.length;
  const reference =
    options.reference !== null && (!log || options.reference.value > 0) ? options.reference : null;
  const inDomain = reference === null ? counted : [...counted, reference.value];
  const nTicks = Math.max(2, Math.floor(area.height / PER_Y_TICK));
  const { low, high, ticks } = log ? logDomain(inDomain, nTicks) : linearDomain(inDomain, nTicks);
  const texts = ticks.map((tick) => (log ? powerText(tick) : tickText(tick)));
  const widest = Math.max(options.gutter ?? 0, ...texts.map((text) => textWidth(text, size)));
  const left = area.x + widest + 8;
  const last = Math.max(...curves.map(({ values }) => values.length)) - 1;
  const right = area.x + area.width - Math.max(6, textWidth(String(options.first + last), size) / 2);
  const top = area.y + 6;
  const bottom = area.y + area.height - size - (options.xName === null ? 6 : size + 10);
  const floor = zeros ? bottom - 14 : bottom;
  const measure = (value: number) => (log ? Math.log10(value) : value);
  const span = measure(high) - measure(low);
  const y = (value: number) =>
    log && value <= 0 ? bottom : floor - ((floor - top) * (measure(value) - measure(low))) / (span || 1);
  const x = (index: number) => left + ((right - left) * index) / Math.max(1, last);
  const label = { kind: "text", size, fill: theme.faint } as const;
  const plot = { x: left, y: top, width: right - left, height: bottom - top };
  const marks: Mark[] = [];
  const level = (at: number, text: string) =>
    marks.push(
      { kind: "line", points: [left, at, right, at], stroke: theme.grid, width: 1 },
      { ...label, x: left - 6, y: at + size * 0.36, text, align: "right" },
    );
  ticks.forEach((tick, i) => {
    // The line of what is 0 lies below all powers.
    if (!zeros || bottom - y(tick) > size) level(y(tick), texts[i]);
  });
  if (zeros) level(bottom, "0");
  marks.push({ kind: "line", points: [left, bottom, right, bottom], stroke: theme.border, width: 1 });
  for (const index of roundTicks(last, (right - left) / PER_X_TICK)) {
    const at = { x: x(index), y: bottom + size + 3 };
    marks.push({ ...label, ...at, text: String(options.first + index), align: "center" });
  }
  if (options.xName !== null) {
    const at = { x: (left + right) / 2, y: area.y + area.height - 3 };
    marks.push({ ...label, ...at, text: options.xName, align: "center" });
  }
  const lines = curves.map(({ values }) =>
    values.flatMap((value, index) => (value === null ? [] : [{ x: x(index), y: y(value) }])),
  );
  const taken: Box[] = [];
  if (reference !== null) {
    const at = y(reference.value);
    marks.push({ kind: "line", points: [left, at, right, at], stroke: theme.muted, width: 1, dash: [4, 3] });
    const places = [left + 3, right - 3].flatMap((end, i): Place[] =>
      [at - 5, at + size + 2].map((baseline) => ({ x: end, y: baseline, align: i === 0 ? "left" : "right" })),
    );
    const text = `${reference.name} ${tickText(reference.value)}`;
    const place = bestPlace(places, text, size, plot, lines, taken);
    if (place !== null) marks.push({ ...label, fill: theme.muted, ...place, text });
  }
  for (const curve of curves) marks.push(...curveMarks(curve, x, y, options, theme));
  if (!log && curves.length === 1) {
    const { values } = curves[0];
    const known = [...values.keys()].filter((index) => values[index] !== null);
    const digits = digitsAmong(values);
    for (const index of new Set([known[0], known.at(-1)!])) {
      const text = measureText(values[index], digits);
      const align = x(index) > (left + right) / 2 ? "right" : "left";
      const at = y(values[index]!);
      const places = [at - 7, at + size + 5].map(
        (baseline): Place => ({ x: x(index) + (align === "left" ? 2 : 4), y: baseline, align }),
      );
      const place = bestPlace(places, text, size, plot, lines, taken);
      if (place !== null) marks.push({ ...label, fill: theme.muted, ...place, text });
    }
  }
  return marks;
}

type Place = Required<Pick<TextMark, "x" | "y" | "align">>;
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The place where a text is furthest from all curves, and takes it; null where it would lie on one, or on what is taken, in
 * all of them.
 */
function bestPlace(
  places: readonly Place[],
  text: string,
  size: number,
  plot: Rect,
  lines: readonly (readonly { x: number; y: number }[])[],
  taken: Box[],
): Place | null {
  let best: { place: Place; box: Box; free: number } | null = null;
  const width = textWidth(text, size);
  for (const place of places) {
    const left = place.align === "left" ? place.x : place.x - width;
    const box = { left, right: left + width, top: place.y - 0.75 * size, bottom: place.y + 1 };
    if (box.top < plot.y - 6 || box.bottom > plot.y + plot.height - 1) continue;
    if (taken.some((other) => overlap(box, other))) continue;
    const free = Math.min(24, ...lines.map((line) => distance(line, box)));
    if (free >= CLEARANCE && free > (best?.free ?? 0)) best = { place, box, free };
  }
  if (best !== null) taken.push(best.box);
  return best?.place ?? null;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right + 6 && b.left < a.right + 6 && a.top < b.bottom && b.top < a.bottom;
}

/** How far a line is above or below a box, where it passes it; 0 where it goes through. */
function distance(line: readonly { x: number; y: number }[], { left, right, top, bottom }: Box): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < line.length; i++) {
    const [a, b] = [line[Math.max(0, i - 1)], line[i]];
    if (b.x < left - 2 || a.x > right + 2) continue;
    const at = (x: number) => (b.x === a.x ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x));
    const ends = [at(Math.max(a.x, left - 2)), at(Math.min(b.x, right + 2))];
    const [upper, lower] = [Math.min(...ends), Math.max(...ends)];
    least = Math.min(least, Math.max(0, top - lower, upper - bottom));
  }
  return least;
}

/** Evenly, and the last, from which another keeps off. */
function roundTicks(last: number, count: number): number[] {
  const even = countTicks(last, count);
  const step = even.length > 1 ? even[1] - even[0] : 1;
  return last === 0 ? even : [...even.filter((index) => last - index >= 0.6 * step), last];
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
  const few = values.length <= MANY_ROUNDS;
  const known = [...values.keys()].filter((index) => values[index] !== null);
  return [
    ...(current === null ? [] : line(theme.pale, 1.5, values.length)),
    ...line(color, 2, until),
    ...known.filter((index) => index > until && few).map((index) => dot(index, 2, theme.pale)),
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

/** What a vertical axis holds. */
interface Domain {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** Whole powers of ten around positive values. */
function logDomain(values: readonly number[], count: number): Domain {
  if (values.length === 0) return { low: 1, high: 10, ticks: [] };
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const ceiling = 10 ** Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  const high = ceiling > low ? ceiling : 10 * low;
  return { low, high, ticks: logTicks(low, high, count) };
}

/** Holds 0, so that no small change looks like a large one, and ends a little beyond the values. */
function linearDomain(values: readonly number[], count: number): Domain {
  const lowest = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  const span = highest - lowest || 1;
  const low = lowest < 0 ? lowest - HEADROOM * span : 0;
  const high = highest > 0 || lowest === 0 ? lowest + span * (1 + HEADROOM) : 0;
  const step = roundStep((high - low) / Math.max(2, count));
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return { low, high, ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step) };
}

/** "1e-4", "0.01", "1", "10". */
function powerText(value: number): string {
  const power = Math.round(Math.log10(value));
  return power < -2 || power > 3 ? `1e${power}` : tickText(value);
}
