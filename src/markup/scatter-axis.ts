import { TICK_SIZE, tickLabels } from "./chart-axis.js";
import type { Ink } from "./palette.js";
import { type Box, line, text } from "./svg.js";
import { roughWidth } from "./text-width.js";

/** Free at both ends of an axis, of what the values span. */
const PAD = 0.04;

/** How far a number may stand out at the right of a panel, in pixels. */
const EDGE = 14;

/** What an axis spans. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** An axis in pixels, whatever the panel that it is of. */
export interface Axis extends Span {
  readonly ticks: readonly number[];
  /** @returns pixels from the panel's left or upper edge */
  at(value: number): number;
}

/** What finite values span, with room at both ends; 0 to 1 where there are none. */
export function spanOf(columns: readonly ArrayLike<number>[]): Span {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      if (!Number.isFinite(column[i])) continue;
      low = Math.min(low, column[i]);
      high = Math.max(high, column[i]);
    }
  }
  if (low > high) return { low: 0, high: 1 };
  const room = low === high ? Math.abs(low) / 10 || 1 : (high - low) * PAD;
  return { low: low - room, high: high + room };
}

/** @param length of the axis in pixels; negative: from its end, as y does, which points upwards */
export function axisOf({ low, high }: Span, length: number, nTicks: number): Axis {
  const share = (value: number) => (value - low) / (high - low);
  const at = (value: number) => (length < 0 ? -length * (1 - share(value)) : length * share(value));
  return { low, high, ticks: ticksWithin(low, high, nTicks), at };
}

/** Round numbers within a range, about as many as wanted, but one at least where the range has one. */
export function ticksWithin(low: number, high: number, wanted: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / wanted));
  for (const factor of [1, 2, 5, 10, 20]) {
    const step = power * factor;
    const first = Math.ceil(low / step - 1e-9);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    if (count <= wanted + 1) return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
  }
  return [];
}

/** How many ticks there is room for along x. */
export function ticksAlong({ low, high }: Span, width: number): number {
  const widest = Math.max(
    ...tickLabels(ticksWithin(low, high, 5)).map((label) => roughWidth(label, TICK_SIZE)),
    8,
  );
  return Math.max(2, Math.min(7, Math.floor(width / (widest + 18))));
}

/** The frame of a panel and the lines at its ticks. */
export function gridOf(box: Box, x: Axis, y: Axis, ink: Ink): string {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const columns = x.ticks.map((tick) => `M${short(box.x + x.at(tick))} ${short(box.y)}V${short(bottom)}`);
  const rows = y.ticks.map((tick) => `M${short(box.x)} ${short(box.y + y.at(tick))}H${short(right)}`);
  return (
    `<path d="${columns.join("")}${rows.join("")}" stroke="${ink.grid}" fill="none"/>` +
    `<path d="M${short(box.x)} ${short(box.y)}V${short(bottom)}H${short(right)}" stroke="${ink.quiet}" fill="none"/>`
  );
}

/** Numbers at the ticks below a panel. */
export function xLabels(box: Box, x: Axis, ink: Ink): string {
  const y = box.y + box.height;
  const labels = tickLabels(x.ticks);
  return x.ticks
    .map((tick, i) => {
      const at = box.x + x.at(tick);
      const inside = box.x + box.width + EDGE - roughWidth(labels[i], TICK_SIZE) / 2;
      return (
        line([at, y], [at, y + 4], { stroke: ink.quiet }) +
        text(Math.min(at, inside), y + 17, labels[i], { "text-anchor": "middle", fill: ink.quiet })
      );
    })
    .join("");
}

/** Numbers at the ticks left of a panel. */
export function yLabels(box: Box, y: Axis, ink: Ink): string {
  const labels = tickLabels(y.ticks);
  return y.ticks
    .map((tick, i) =>
      text(box.x - 7, box.y + y.at(tick) + 4, labels[i], { "text-anchor": "end", fill: ink.quiet }),
    )
    .join("");
}

/** Width of the numbers left of panels. */
export function labelsWidth(y: Pick<Axis, "ticks">): number {
  return Math.max(...tickLabels(y.ticks).map((label) => roughWidth(label, TICK_SIZE)), 0) + 7;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
