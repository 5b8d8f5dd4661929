import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { textWidth } from "../text/text-width.js";

/** Columns of a table, one a cluster, in logical units. */
export interface ClusterColumns {
  /** Left edge of the first. */
  readonly left: number;
  /** Width of each. */
  readonly cell: number;
  readonly k: number;
}

/**
 * Clusters' symbols with their numbers, above their columns; where numbers would touch, every other one, or every fifth.
 *
 * @param y upper edge, in logical units
 */
export function clusterHeadings({ left, cell, k }: ClusterColumns, y: number, theme: Theme): Mark[] {
  const widest = textWidth(String(k - 1), SIZES.tick, "semibold");
  const areBoth = cell > widest + 20;
  const every = areBoth ? 1 : ([1, 2, 5, 10].find((step) => step * cell > widest + 4) ?? 20);
  return Array.from({ length: k }, (_, cluster): Mark[] => {
    const { color, shape } = clusterStyle(cluster);
    const x = left + (cluster + 0.5) * cell;
    const number = {
      kind: "text",
      text: String(cluster),
      size: SIZES.tick,
      weight: "semibold",
      fill: theme.text,
    } as const;
    const symbol = { kind: "symbol", shape, radius: Math.min(5, cell * 0.36), fill: color } as const;
    if (areBoth) {
      return [
        { ...symbol, x: x - 6, y: y + 13 },
        { ...number, x: x + 3, y: y + 17 },
      ];
    }
    const isNumbered = cluster % every === 0;
    return [
      { ...symbol, x, y: y + 18 },
      ...(isNumbered ? [{ ...number, x, y: y + 9, align: "center" } as const] : []),
    ];
  }).flat();
}
