import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import type { RowCounts } from "../stage/counts.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

/** Between the lines of a list. */
export const LIST_LINE = 15;

/** Where a list is. */
export interface ListPlace {
  readonly left: number;
  /** Of the first line. */
  readonly baseline: number;
  readonly width: number;
  /** At most. */
  readonly lines: number;
}

const RADIUS = 4;
const TEXT = 2 * RADIUS + 5;
const GAP = 9;

/**
 * Rows by cluster as symbols with counts; struck where they were withheld.
 *
 * @returns null where they do not fit
 */
export function countList(rows: RowCounts, place: ListPlace, theme: Theme): Mark[] | null {
  const { left, baseline, width, lines } = place;
  const items = [
    ...rows.counts.flatMap((count, cluster) => [
      { cluster, count, struck: false },
      { cluster, count: rows.withheld[cluster], struck: true },
    ]),
    { cluster: null, count: rows.withheldElsewhere, struck: true },
  ];
  const marks: Mark[] = [];
  let x = left;
  let y = baseline;
  for (const { cluster, count, struck } of items) {
    if (count === 0) continue;
    const text = countText(count);
    const own = TEXT + textWidth(text, SIZES.tick);
    if (x + own > left + width && x > left) {
      x = left;
      y += LIST_LINE;
    }
    if (y >= baseline + lines * LIST_LINE || x + own > left + width) return null;
    const { color, shape } =
      cluster === null ? { color: theme.muted, shape: "circle" as const } : clusterStyle(cluster);
    const look = struck ? { fill: theme.panel, stroke: color, strokeWidth: 1.1, struck } : { fill: color };
    marks.push(
      { kind: "symbol", shape, x: x + RADIUS + 1, y: y - SIZES.tick * 0.36, radius: RADIUS, ...look },
      { kind: "text", x: x + TEXT, y, text, size: SIZES.tick, fill: theme.text },
    );
    x += own + GAP;
  }
  return marks;
}
