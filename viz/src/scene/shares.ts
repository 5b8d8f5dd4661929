import type { LocalFacts } from "../read/experiment.js";
import type { Rect } from "./layout.js";
import type { Mark } from "./marks.js";
import { countText } from "./numbers.js";
import { SIZES } from "./sizes.js";
import { textWidth } from "./text-width.js";
import { clusterStyle, type Theme } from "./theme.js";

/* Rows of a client by cluster: a bar, and the numbers. */

/** Rows of which a client sent a mean, or withheld it. */
export interface Share {
  /** The global mean that it went into, or, of what was withheld, began as; null where that is unknown. */
  readonly cluster: number | null;
  readonly count: number;
  readonly isWithheld: boolean;
}

const SIZE = SIZES.tick;
/** Between the lines of a hatching. */
const HATCH = 4;
/** Of a symbol before its number, and what is between numbers. */
const SYMBOL = 4;
const GAP = 9;

/** Between the lines of numbers. */
export const NUMBERS_LINE = 15;

/** Where numbers are. */
export interface NumbersPlace {
  readonly left: number;
  /** Of the first line. */
  readonly baseline: number;
  readonly width: number;
  /** At most. */
  readonly lines: number;
}

/** What clients sent by cluster, then what they withheld; both ascending. */
export function sharesOf(locals: readonly LocalFacts[]): Share[] {
  const sent = new Map<number | null, number>();
  const withheld = new Map<number | null, number>();
  const add = (sums: Map<number | null, number>, cluster: number | null, count: number) =>
    sums.set(cluster, (sums.get(cluster) ?? 0) + count);
  for (const local of locals) {
    for (const [i, count] of local.counts.entries()) add(sent, local.targets[i], count);
    for (const { origin, count } of local.withheld) add(withheld, origin, count);
  }
  const ascending = (sums: Map<number | null, number>, isWithheld: boolean) =>
    [...sums]
      .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
      .map(([cluster, count]): Share => ({ cluster, count, isWithheld }));
  return [...ascending(sent, false), ...ascending(withheld, true)];
}

/**
 * The shares as parts of a bar: hatched where withheld.
 *
 * @param counted with numbers in the parts that have room
 */
export function barMarks(shares: readonly Share[], bar: Rect, counted: boolean, theme: Theme): Mark[] {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  let at = bar.x;
  return shares.flatMap((share): Mark[] => {
    const whole = (bar.width * share.count) / total;
    const gap = Math.min(1, whole * 0.2);
    const part = { x: at + gap / 2, y: bar.y, width: whole - gap, height: bar.height };
    at += whole;
    const color = colorOf(share, theme);
    const drawn: Mark[] = share.isWithheld
      ? hatchedMarks(part, color)
      : [{ kind: "rect", ...part, fill: color, ...(whole > 8 ? { radius: 1.5 } : {}) }];
    const text = countText(share.count);
    const width = textWidth(text, SIZE) + 4;
    if (!counted || width > part.width || SIZE > part.height) return drawn;
    const centre = { x: part.x + part.width / 2, y: part.y + part.height / 2 };
    const behind = { x: centre.x - width / 2, y: part.y + 1, width, height: part.height - 2 };
    const fill = share.isWithheld ? theme.text : readableOn(color);
    return [
      ...drawn,
      ...(share.isWithheld ? [{ kind: "rect", ...behind, fill: theme.panel } as const] : []),
      { kind: "text", x: centre.x, y: centre.y + SIZE * 0.36, text, size: SIZE, fill, align: "center" },
    ];
  });
}

/** An outline with lines from the lower left to the upper right. */
function hatchedMarks({ x, y, width, height }: Rect, color: string): Mark[] {
  const marks: Mark[] = [];
  for (let offset = HATCH; offset < width + height; offset += HATCH) {
    // The line on which the ways from the left and from the top add up to the offset.
    const down = Math.min(offset, height);
    const along = Math.min(offset, width);
    const points = [x + offset - down, y + down, x + along, y + offset - along];
    marks.push({ kind: "line", points, stroke: color, width: 0.8, opacity: 0.8 });
  }
  return [...marks, { kind: "rect", x, y, width, height, stroke: color, strokeWidth: 1 }];
}

/**
 * The shares as symbols with numbers; struck where withheld.
 *
 * @returns null where they do not fit
 */
export function numberMarks(
  shares: readonly Share[],
  { left, baseline, width, lines }: NumbersPlace,
  theme: Theme,
): Mark[] | null {
  const marks: Mark[] = [];
  let x = left;
  let y = baseline;
  for (const share of shares) {
    const { shape } = clusterStyle(share.cluster ?? 0);
    const text = countText(share.count);
    const own = 2 * SYMBOL + 5 + textWidth(text, SIZE);
    if (x + own > left + width && x > left) {
      x = left;
      y += NUMBERS_LINE;
    }
    if (y >= baseline + lines * NUMBERS_LINE || x + own > left + width) return null;
    const color = colorOf(share, theme);
    const look = share.isWithheld
      ? { fill: theme.panel, stroke: color, strokeWidth: 1.1, struck: true }
      : { fill: color };
    marks.push(
      { kind: "symbol", shape, x: x + SYMBOL + 1, y: y - SIZE * 0.36, radius: SYMBOL, ...look },
      { kind: "text", x: x + 2 * SYMBOL + 5, y, text, size: SIZE, fill: theme.text },
    );
    x += own + GAP;
  }
  return marks;
}

function colorOf({ cluster }: Share, theme: Theme): string {
  return cluster === null ? theme.pale : clusterStyle(cluster).color;
}

/** Black or white, whichever has the higher contrast. */
function readableOn(color: string): string {
  const light = luminance(color);
  return (light + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff";
}

/** Relative luminance (WCAG) of #rrggbb. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const part = Number.parseInt(color.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
