import { hexagonPath } from "./hexagons.js";
import { markerPath } from "./marker-path.js";
import { colourOf, type Ink } from "./palette.js";
import { hexagonRadius } from "./scatter-marks.js";
import { meanMark } from "./scatter-means.js";
import { element, type Point, text } from "./svg.js";
import { roughWidth, shortened } from "./text-width.js";

const SIZE = 12;
const LINE = 20;
const GAP = 18;
/** More categories than these nobody tells apart. */
const MOST = 40;

/** A line of words with a mark before them, or words alone. */
interface Entry {
  readonly words: string;
  readonly markWidth: number;
  mark(at: Point): string;
  /** Whether it begins a line. */
  readonly isFirst?: boolean;
}

/** What a legend explains. */
export interface LegendOf {
  readonly ink: Ink;
  /** Those that occur, by their index; -1 is none. */
  readonly categories: readonly (readonly [index: number, name: string])[];
  /** The name of the column that they are of; "" where it has none. */
  readonly colourName: string;
  /** What means are called; null where there are none. */
  readonly meanName: string | null;
  readonly hasContext: boolean;
  /** Null where points are drawn one by one. */
  readonly hexagons: { readonly most: number; readonly cell: number } | null;
  /** Lines of words at its end. */
  readonly notes: readonly string[];
}

/** The legend in as many lines as the width takes, and its height. */
export function legend(
  of: LegendOf,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): { readonly parts: string[]; readonly height: number } {
  const parts: string[] = [];
  let left = x;
  let middle = y + LINE / 2;
  for (const { words, markWidth, mark, isFirst = false } of entriesOf(of)) {
    const fitting = shortened(words, SIZE, width - markWidth - 6);
    const needed = markWidth + roughWidth(fitting, SIZE);
    if (left > x && (isFirst || left + needed > x + width)) {
      left = x;
      middle += LINE;
    }
    parts.push(
      mark([left + markWidth / 2, middle]),
      text(left + (markWidth === 0 ? 0 : markWidth + 6), middle + 4, fitting, {
        ...(markWidth === 0 && { fill: of.ink.quiet }),
      }),
    );
    left += markWidth === 0 ? needed + 8 : needed + 6 + GAP;
  }
  return { parts, height: parts.length === 0 ? 0 : middle + LINE / 2 - y };
}

function entriesOf({
  ink,
  categories,
  colourName,
  meanName,
  hasContext,
  hexagons,
  notes,
}: LegendOf): Entry[] {
  const words = (what: string, isFirst = false): Entry => ({
    words: what,
    markWidth: 0,
    mark: () => "",
    isFirst,
  });
  const shown = categories.slice(0, MOST);
  const drawn = (index: number): Entry["mark"] =>
    hexagons === null
      ? ([px, py]) => element("path", { d: markerPath(index, px, py, 4.5), fill: colourOf(index) })
      : ([px, py]) => element("path", { d: hexagonPath(px, py, 6), fill: colourOf(index) });
  const more = categories.length - shown.length;
  return [
    ...(colourName === "" || shown.length === 0 ? [] : [words(colourName)]),
    ...shown.map(([index, name]): Entry => ({ words: name, markWidth: 12, mark: drawn(index) })),
    ...(more > 0 ? [words(`and ${more} more`)] : []),
    ...(meanName === null
      ? []
      : [{ words: meanName, markWidth: 20, mark: (at: Point) => meanMark(at, "0", -1, ink) }]),
    ...(hasContext
      ? [
          {
            words: "those of the other panels",
            markWidth: 12,
            mark: ([px, py]: Point) => element("circle", { cx: px, cy: py, r: 2, fill: ink.faint }),
          },
        ]
      : []),
    ...(hexagons === null ? [] : hexagonEntries(hexagons, ink, shown.length > 0)),
    ...notes.map((note) => words(note, true)),
  ];
}

function hexagonEntries(
  { most, cell }: { readonly most: number; readonly cell: number },
  ink: Ink,
  isColoured: boolean,
): Entry[] {
  const counts = [...new Set([1, roundMiddle(most), most])];
  return counts.map((count, i): Entry => {
    const label = count.toLocaleString("en");
    const last = isColoured
      ? " points in a hexagon, which has the colour of most of them"
      : " points in a hexagon";
    return {
      words: i === counts.length - 1 ? label + last : label,
      markWidth: 2 * cell,
      mark: ([px, py]) =>
        element("path", { d: hexagonPath(px, py, hexagonRadius(count, most, cell)), fill: ink.quiet }),
      isFirst: i === 0,
    };
  });
}

/** A round count halfway between 1 and the most, as the sizes of hexagons go. */
function roundMiddle(most: number): number {
  const middle = Math.sqrt(most);
  const power = 10 ** Math.floor(Math.log10(middle));
  const factor = [1, 2, 5, 10].find((one) => power * one >= middle * 0.7) ?? 10;
  return Math.min(most, power * factor);
}
