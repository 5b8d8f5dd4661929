import { roughWidth } from "./text-width.js";

/** Size of what stands at axes, in pixels. */
export const TICK_SIZE = 12;

/** @param pad share of the range to leave free at both ends */
export function linearScale(
  values: readonly number[],
  from: number,
  to: number,
  pad: number,
): (value: number) => number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || 1) * pad;
  const range = high - low + 2 * room || 1;
  const offset = high === low ? range / 2 : room;
  return (value) => from + ((value - low + offset) / range) * (to - from);
}

/**
 * About five round numbers that cover the values; 0 is one where the least value is no more than half of the greatest,
 * so that heights can be compared.
 */
export function ticksOver(values: readonly number[]): number[] {
  let low = values.length === 0 ? 0 : Math.min(...values);
  let high = values.length === 0 ? 1 : Math.max(...values);
  if (low > 0 && low <= high / 2) low = 0;
  if (high < 0 && high >= low / 2) high = 0;
  // Values that differ by rounding alone are one.
  const isFlat = high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const range = isFlat ? Math.abs(low) || 1 : high - low;
  const power = 10 ** Math.floor(Math.log10(range / 4));
  const step = power * ([1, 2, 5, 10].find((factor) => range / (power * factor) <= 5.5) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** What an axis spans, and the values on it that are named. */
export interface Range {
  readonly ticks: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** Of a step, what an axis may end beyond its values for the sake of a last tick. */
const OVERSHOOT = 0.45;

/** Round ticks, and the values with them: the axis of an index that is 1 at most does not go on to 1.2. */
export function rangeOver(values: readonly number[]): Range {
  const all = ticksOver(values);
  if (values.length === 0) return { ticks: all, low: all[0], high: all[all.length - 1] };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = all[1] - all[0];
  const room = (high - low) * 0.03;
  const ticks = all.filter(
    (tick) =>
      // An axis that begins at 0, or ends there, has every tick from or to it.
      (tick <= high || tick - high <= OVERSHOOT * step || all.at(-1) === 0) &&
      (tick >= low || low - tick <= OVERSHOOT * step || all[0] === 0),
  );
  if (ticks.length < 2) return { ticks: all, low: all[0], high: all[all.length - 1] };
  const isBelow = ticks[0] > low;
  const isAbove = ticks[ticks.length - 1] < high;
  return {
    ticks,
    low: isBelow ? low - room : ticks[0],
    high: isAbove ? high + room : ticks[ticks.length - 1],
  };
}

/** Labels of an axis, in as many digits as its ticks are apart: "0.5", "-2", "15,000", "2e6". */
export function tickLabels(ticks: readonly number[]): string[] {
  const gap = Math.min(...ticks.slice(1).map((tick, i) => Math.abs(tick - ticks[i]) || Infinity));
  const isTrue = (digits: number) =>
    ticks.every((tick) => Math.abs(Number(tick.toPrecision(digits)) - tick) <= gap / 100);
  const digits = [6, 7, 8, 9, 10, 11, 12, 13, 14].find(isTrue) ?? 15;
  return ticks.map((tick) => shortest(tick, digits));
}

function shortest(value: number, digits: number): string {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(digits));
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return rounded.toExponential().replace("e+", "e");
  const [whole, part] = String(rounded).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** Indices of labels that stand beside one another without touching, from the first on. */
export function withoutOverlap(labels: readonly string[], places: readonly number[]): Set<number> {
  const kept = new Set<number>();
  let end = -Infinity;
  for (const [i, label] of labels.entries()) {
    const half = roughWidth(label, TICK_SIZE) / 2;
    if (places[i] - half < end) continue;
    kept.add(i);
    end = places[i] + half + 4;
  }
  return kept;
}
