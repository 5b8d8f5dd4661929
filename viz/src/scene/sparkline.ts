import type { Rect } from "./layout.js";
import type { Mark } from "./marks.js";
import { measureText } from "./numbers.js";
import type { Theme } from "./theme.js";

export interface SparklineOptions {
  /** A logarithmic axis; values of 0 lie on its floor. */
  readonly log: boolean;
  /** A dashed line, e.g. at the tolerance. */
  readonly reference: number | null;
}

/** Relative to the values. */
const ROUNDING = 1e-12;

/**
 * A small curve of a whole run: pale to its end, strong up to the current round.
 *
 * @param values one a round; null leaves a gap
 * @param current index of the current round, -1 before the first
 */
export function sparkline(
  values: readonly (number | null)[],
  current: number,
  area: Rect,
  { log, reference }: SparklineOptions,
  theme: Theme,
): Mark[] {
  const positive = values.filter((value): value is number => value !== null && (!log || value > 0));
  if (positive.length === 0) return [];
  const inDomain = reference !== null && (!log || reference > 0) ? [...positive, reference] : positive;
  const measure = (value: number) => (log ? Math.log10(value) : value);
  const low = measure(Math.min(...inDomain));
  const high = measure(Math.max(...inDomain));
  // What differs by rounding alone has not moved.
  const isFlat = high - low <= ROUNDING * Math.max(Math.abs(high), Math.abs(low));
  const inset = 6;
  const bottom = area.y + area.height - inset;
  const span = area.height - 2 * inset;
  const x = (index: number) => area.x + 4 + ((area.width - 8) * index) / Math.max(1, values.length - 1);
  const y = (value: number) => {
    if (log && value <= 0) return bottom;
    return isFlat ? bottom - span / 2 : bottom - (span * (measure(value) - low)) / (high - low);
  };
  const points = values.flatMap((value, i) => (value === null ? [] : [{ i, x: x(i), y: y(value) }]));
  const line = (until: number) => points.filter(({ i }) => i <= until).flatMap((point) => [point.x, point.y]);
  const now = points.find(({ i }) => i === current);
  const marks: Mark[] = [];
  if (reference !== null && (!log || reference > 0)) {
    const level = y(reference);
    marks.push({
      kind: "line",
      points: [area.x, level, area.x + area.width, level],
      stroke: theme.faint,
      width: 1,
      dash: [3, 3],
    });
    // At the left, where a curve that falls is far above.
    marks.push({
      kind: "text",
      x: area.x,
      y: level > area.y + area.height / 2 ? level - 4 : level + 11,
      text: `tolerance ${measureText(reference)}`,
      size: 9.5,
      fill: theme.faint,
    });
  }
  marks.push({ kind: "line", points: line(values.length), stroke: theme.border, width: 1.5 });
  marks.push({ kind: "line", points: line(current), stroke: theme.accent, width: 2 });
  if (now)
    marks.push({ kind: "symbol", shape: "circle", x: now.x, y: now.y, radius: 3.5, fill: theme.accent });
  return marks;
}
