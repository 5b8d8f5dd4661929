import type { ScatterPanel } from "../../markup/scatter.js";
import type { Groups } from "./columns.js";

/** Options of any scatter plot. */
export interface PanelOptions {
  /** A headline. */
  title?: string;
  /** Panels beside one another; by default as many as can be read. */
  columns?: number;
  /** Of the picture, in pixels; default 720. */
  width?: number;
}

/** More colours and shapes, or panels, than these nobody tells apart. */
export const MOST_COLOURS = 64;
export const MOST_FACETS = 36;

/**
 * Points in a panel for each group that has some, the last one of those that are of none.
 *
 * @param column what the groups are of: stands before a name that is a number, which says nothing alone
 */
export function facetsOf(
  { x, y, colour }: Omit<ScatterPanel, "title" | "means">,
  groups: Groups | null,
  column = "",
): ScatterPanel[] {
  if (groups === null) return [{ title: "", x, y, colour }];
  const rowsOf = new Map<number, number[]>();
  groups.indices.forEach((group, row) => {
    const rows = rowsOf.get(group) ?? [];
    rowsOf.set(group, rows);
    rows.push(row);
  });
  return [...rowsOf.keys()]
    .sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b))
    .map((group) => {
      const rows = rowsOf.get(group)!;
      return {
        title: group < 0 ? "none" : titleOf(groups.names[group], column),
        x: Float64Array.from(rows, (row) => x[row]),
        y: Float64Array.from(rows, (row) => y[row]),
        colour: colour && Int32Array.from(rows, (row) => colour[row]),
      };
    });
}

function titleOf(name: string, column: string): string {
  return Number.isNaN(Number(name)) ? name : `${column} ${name}`.trim();
}

/** "32.1 to 59.6". */
export function rangeOf(columns: readonly Float64Array[]): string {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low > high ? "no values" : `${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`;
}

/** "Adelie 151, Gentoo 123". */
export function sharesOf({ indices, names }: Groups): string {
  const counts = new Map<number, number>();
  for (const index of indices) counts.set(index, (counts.get(index) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([index, count]) => `${index < 0 ? "none" : names[index]} ${count}`)
    .join(", ");
}
