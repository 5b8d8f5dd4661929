import { marker } from "./chart-marker.js";
import type { Ink } from "./palette.js";
import { line, text } from "./svg.js";
import { roughWidth, shortened } from "./text-width.js";

/* What the lines of a chart are called: beside their ends where there is room, else below the chart. */

/** Size of a name and height of its line, in pixels. */
const NAME = { size: 12, line: 17 } as const;
/** From the end of a line to its name, with a marker between. */
const BESIDE = 30;
const COLUMN_GAP = 24;

/** A line of a chart with a name. */
export interface Named {
  /** Which line of the chart, for its colour and marker. */
  readonly index: number;
  readonly name: string;
  /** Where it ends, in pixels; null of one that has no end. */
  readonly end: readonly [x: number, y: number] | null;
}

/**
 * How wide the column of names beside a chart is.
 *
 * @returns 0 where there are none; null where they do not fit
 */
export function besideWidth(names: readonly string[], height: number, most: number): number | null {
  if (names.length === 0) return 0;
  const width = BESIDE + Math.max(...names.map((name) => roughWidth(name, NAME.size)));
  return width <= most && names.length * NAME.line <= height ? width : null;
}

/**
 * Names in a column, each as near to the end of its line as others let it; those of lines without an end, from the top.
 *
 * @param x where the column begins
 */
export function namesBeside(
  named: readonly Named[],
  x: number,
  top: number,
  bottom: number,
  ink: Ink,
): string[] {
  const sorted = named.toSorted((a, b) => (a.end?.[1] ?? top) - (b.end?.[1] ?? top));
  const places = spread(
    sorted.map(({ end }) => end?.[1] ?? top),
    top,
    bottom,
  );
  return sorted.flatMap(({ index, name, end }, i) => {
    const y = places[i];
    const isAway = end !== null && (Math.abs(end[1] - y) > 2 || x - end[0] > 16);
    return [
      ...(isAway ? [line([end[0] + 7, end[1]], [x + 10, y], { stroke: ink.faint })] : []),
      marker(index, x + 16, y, ink),
      text(x + 25, y + 4, name, { "font-size": NAME.size }),
    ];
  });
}

/** In their order, at least a line apart, as near to where they were as that lets them be. */
function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  const places = [...wanted];
  for (let round = 0; round < 30; round++) {
    for (let i = 1; i < places.length; i++) {
      const lack = NAME.line - (places[i] - places[i - 1]);
      if (lack <= 0) continue;
      places[i - 1] -= lack / 2;
      places[i] += lack / 2;
    }
  }
  places.forEach((place, i) => {
    places[i] = Math.max(place, top + i * NAME.line);
  });
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i], bottom - (places.length - 1 - i) * NAME.line);
  }
  return places;
}

/** Names below a chart, in columns, and the height they take. */
export function namesBelow(
  named: readonly Named[],
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  ink: Ink,
): { readonly parts: string[]; readonly height: number } {
  if (named.length === 0) return { parts: [], height: 0 };
  const widest = Math.max(...named.map(({ name }) => roughWidth(name, NAME.size))) + 16;
  const column = Math.min(width, widest + COLUMN_GAP);
  const nColumns = Math.max(1, Math.floor((width + COLUMN_GAP) / column));
  const nLines = Math.ceil(named.length / nColumns);
  const parts = named.flatMap(({ index, name }, i) => {
    const left = x + Math.floor(i / nLines) * column;
    const middle = y + (i % nLines) * NAME.line;
    const fitting = shortened(name, NAME.size, width - 16);
    return [
      marker(index, left + 5, middle, ink),
      text(left + 15, middle + 4, fitting, { "font-size": NAME.size }),
    ];
  });
  return { parts, height: nLines * NAME.line + 12 };
}
