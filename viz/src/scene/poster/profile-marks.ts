import type { Profile } from "../../read/profile.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { linearTicks, tickText } from "../marks/ticks.js";
import type { Rect } from "../stage/layout.js";
import { textWidth } from "../text/text-width.js";
import { wrapText } from "../text/wrap.js";

/** Features that a poster has room for. */
export const MOST_FEATURES = 12;
const TALLEST = 96;
/** Rows this high have values below their line, and then the numbers of clusters above it. */
const WITH_TICKS = 34;
const WITH_NUMBERS = 50;
const MOST_NUMBERED = 16;
/** Room for a value at an end of a line. */
const END_VALUE = 50;
const GREATEST_NAMES = 0.42;
const NAME_LINE = 14;
/** The space beyond the outermost means, in that between them. */
const PADDING = 0.06;

/** Features that are drawn, as indices. */
export function shownFeatures({ order }: Profile): number[] {
  return order.slice(0, MOST_FEATURES);
}

/** Draws a line a feature, on its own scale, with the mean of every cluster and that of all rows. */
export function profileMarks(profile: Profile, area: Rect, theme: Theme): Mark[] {
  const shown = shownFeatures(profile);
  const names = shown.map((f) => profile.features[f]);
  const widest = Math.max(...names.map((name) => textWidth(name, SIZES.note)));
  const nameWidth = Math.min(widest + 2, area.width * GREATEST_NAMES);
  const height = Math.min(TALLEST, area.height / shown.length);
  const left = area.x + nameWidth + 22;
  const right = area.x + area.width - 12;
  return shown.flatMap((f, i): Mark[] => {
    const line = { left, right, y: area.y + (i + 0.5) * height, height };
    const lines = wrapText(names[i], SIZES.note, nameWidth, height >= WITH_TICKS ? 2 : 1);
    const name = { kind: "text", x: area.x + nameWidth, size: SIZES.note, fill: theme.text } as const;
    return [
      ...lines.map((text, row): Mark => {
        const y = line.y + 4 + (row - (lines.length - 1) / 2) * NAME_LINE;
        return { ...name, y, text, align: "right", maxWidth: nameWidth };
      }),
      ...featureMarks(profile, f, line, theme),
    ];
  });
}

interface Line {
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly height: number;
}

function featureMarks({ means, k, features, overall }: Profile, f: number, line: Line, theme: Theme): Mark[] {
  const { left, right, height } = line;
  const p = features.length;
  const values = Array.from({ length: k }, (_, cluster) => means[cluster * p + f]);
  const all = overall === null ? values : [...values, overall[f]];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = high - low || Math.abs(high) || 1;
  const [from, to] = [low - PADDING * span, high + PADDING * span];
  const hasTicks = height >= WITH_TICKS;
  const [start, end] = hasTicks ? [left, right] : [left + END_VALUE, right - END_VALUE];
  const x = (value: number) => start + ((end - start) * (value - from)) / (to - from);
  const hasNumbers = height >= WITH_NUMBERS && k <= MOST_NUMBERED;
  const y = line.y - (hasTicks && !hasNumbers ? 5 : 0);
  const radius = Math.max(3, Math.min(7, height * 0.2, 40 / Math.sqrt(k)));
  const bar = Math.min(radius + 4, height * 0.42);
  return [
    { kind: "line", points: [start, y, end, y], stroke: theme.border, width: 1 },
    ...(hasTicks
      ? ticksOf(from, to, (end - start) / 90).flatMap((value): Mark[] => {
          const at = x(value);
          const text = { kind: "text", x: at, y: y + bar + 13, text: tickText(value) } as const;
          return [
            { kind: "line", points: [at, y - 3, at, y + 3], stroke: theme.pale, width: 1 },
            { ...text, size: SIZES.tick, fill: theme.faint, align: "center" },
          ];
        })
      : endMarks(Math.min(...values), Math.max(...values), { start, end, y }, theme)),
    ...(overall === null
      ? []
      : [
          {
            kind: "line",
            points: [x(overall[f]), y - bar, x(overall[f]), y + bar],
            stroke: theme.text,
            width: 1.8,
          } as const,
        ]),
    ...(hasNumbers ? numberMarks(values.map(x), y - radius - 6, theme) : []),
    ...values.map((value, cluster): Mark => {
      const { color, shape } = clusterStyle(cluster);
      const look = { fill: color, stroke: theme.panel, strokeWidth: 1, opacity: 0.92 };
      return { kind: "symbol", shape, x: x(value), y, radius, ...look };
    }),
  ];
}

/** Without room for ticks: the least and the greatest of the means, beside the line. */
function endMarks(
  least: number,
  greatest: number,
  { start, end, y }: { readonly start: number; readonly end: number; readonly y: number },
  theme: Theme,
): Mark[] {
  const look = { kind: "text", y: y + 4, size: SIZES.tick, fill: theme.faint, maxWidth: END_VALUE } as const;
  return [
    { ...look, x: start - 5, text: valueText(least), align: "right" },
    { ...look, x: end + 5, text: valueText(greatest) },
  ];
}

/** In at most four significant digits. */
function valueText(value: number): string {
  return tickText(Number(value.toPrecision(4)));
}

/** Clusters' numbers above their means; of two that would touch, the later one goes without. */
function numberMarks(places: readonly number[], y: number, theme: Theme): Mark[] {
  const taken: number[] = [];
  return places.flatMap((x, cluster): Mark[] => {
    const text = String(cluster);
    const apart = textWidth(text, SIZES.tick, "semibold") + 7;
    if (taken.some((other) => Math.abs(other - x) < apart)) return [];
    taken.push(x);
    const look = { size: SIZES.tick, weight: "semibold", fill: theme.muted, align: "center" } as const;
    return [{ kind: "text", x, y, text, ...look }];
  });
}

/** At least two, where the axis is not too short for that. */
function ticksOf(low: number, high: number, count: number): number[] {
  const ticks = linearTicks(low, high, Math.max(2, count));
  return ticks.length > 1 ? ticks : linearTicks(low, high, Math.max(4, 2 * count));
}
