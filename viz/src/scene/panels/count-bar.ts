import type { Mark, RectMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import type { RowCounts } from "../stage/counts.js";
import type { Rect } from "../stage/layout.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

/** Up to so many clusters have a colour each; beyond, their numbers are said. */
const COLOURS = 8;
/** Narrower segments are one, where there are more clusters than colours. */
const LEAST_WIDTH = 9;
const PAD = 1.5;
const SPACE = 3.5;
const INKS = ["#ffffff", "#16191d"] as const;

interface Segment {
  /** null: of several clusters, or of none that is known. */
  readonly cluster: number | null;
  readonly count: number;
  readonly isWithheld: boolean;
  /** Which clusters, where colours do not say it. */
  readonly name: string;
}

/**
 * A bar of rows by cluster, in the clusters' order and colours, with the counts where they fit; hollow where they were
 * withheld. Of many clusters the small ones are one segment at the end.
 *
 * @param nRows rows that the whole bar stands for; null: those that were counted
 * @param isCounted default: where the bar is as high as a count
 */
export function countBar(
  rows: RowCounts,
  nRows: number | null,
  area: Rect,
  theme: Theme,
  isCounted: boolean = area.height >= SIZES.tick,
): Mark[] {
  const k = rows.counts.length;
  const named = k > COLOURS;
  const all = rows.counts.flatMap((count, cluster): Segment[] => {
    const name = named ? String(cluster) : "";
    const kept = rows.withheld[cluster];
    return [
      ...(count > 0 ? [{ cluster, count, isWithheld: false, name }] : []),
      ...(kept > 0 ? [{ cluster, count: kept, isWithheld: true, name }] : []),
    ];
  });
  const elsewhere = rows.withheldElsewhere;
  const counted = all.reduce((sum, { count }) => sum + count, elsewhere);
  const total = Math.max(counted, nRows ?? 0);
  if (total === 0) return [];
  const perRow = area.width / total;
  const isSmall = ({ count }: Segment) => named && count * perRow < LEAST_WIDTH;
  const small = all.filter(isSmall);
  const rest = small.length < 2 ? [] : small;
  const segments = all.filter((segment) => !rest.includes(segment));
  if (rest.length > 0) {
    const count = rest.reduce((sum, segment) => sum + segment.count, 0);
    const clusters = new Set(rest.map(({ cluster }) => cluster)).size;
    segments.push({ cluster: null, count, isWithheld: false, name: `${clusters} more` });
  }
  if (elsewhere > 0) segments.push({ cluster: null, count: elsewhere, isWithheld: true, name: "" });
  const marks: Mark[] = [{ kind: "rect", ...area, fill: theme.grid, radius: 2 }];
  let x = area.x;
  for (const segment of segments) {
    const width = segment.count * perRow;
    marks.push(...segmentMarks(segment, { ...area, x, width }, isCounted, theme));
    x += width;
  }
  return marks;
}

function segmentMarks(
  { cluster, count, isWithheld, name }: Segment,
  area: Rect,
  isCounted: boolean,
  theme: Theme,
): Mark[] {
  const color = cluster === null ? theme.rows : clusterStyle(cluster).color;
  // A gap between segments, where that leaves anything of them.
  const width = Math.max(Math.min(area.width, 0.8), area.width - 1);
  const { x, y, height } = area;
  const edge = 1.2;
  const inner = {
    x: x + edge / 2,
    y: y + edge / 2,
    width: Math.max(edge / 2, width - edge),
    height: height - edge,
  };
  const bar: RectMark = isWithheld
    ? { kind: "rect", ...inner, fill: theme.panel, stroke: color, strokeWidth: edge }
    : { kind: "rect", x, y, width, height, fill: color };
  const look = {
    kind: "text",
    y: y + height / 2 + 0.36 * SIZES.tick,
    size: SIZES.tick,
    fill: isWithheld ? theme.text : inkOn(color),
  } as const;
  const named = (text: string) => (name === "" ? [] : [{ text, weight: "semibold" } as const]);
  const counted = (text: string) => ({ text, weight: "regular" }) as const;
  const widthOf = (words: readonly Words[]) =>
    words.reduce(
      (sum, { text, weight }) => sum + textWidth(text, look.size, weight),
      SPACE * (words.length - 1),
    );
  if (!isCounted) return [bar];
  // A name is no count: where there is no room for both, the name stands alone.
  const full = [countText(count), roundText(count)].map((text) => [...named(`${name}:`), counted(text)]);
  const words = [...full, named(name)].find((some) => some.length > 0 && widthOf(some) <= width - 2 * PAD);
  let at = x + (width - widthOf(words ?? [])) / 2;
  return [
    bar,
    ...(words ?? []).map(({ text, weight }): Mark => {
      const mark = { ...look, x: at, text, weight };
      at += textWidth(text, look.size, weight) + SPACE;
      return mark;
    }),
  ];
}

/** A count in two digits: "1.2k", "31k". */
function roundText(count: number): string {
  if (count < 1000) return countText(count);
  return count < 995_000
    ? `${Number((count / 1e3).toPrecision(2))}k`
    : `${Number((count / 1e6).toPrecision(2))}M`;
}

interface Words {
  readonly text: string;
  readonly weight: "regular" | "semibold";
}

/** White or black, whichever is read better on a colour (WCAG's relative luminance). */
function inkOn(color: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.06 ? INKS[0] : INKS[1];
}
