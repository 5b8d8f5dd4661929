import type { Mark } from "../marks/marks.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";

/* Parts of a column above each other, which share its height. */

/** A part of a column. */
export interface Block {
  /** Heights below which it cannot be, below which it should not be, and above which it need not be. */
  readonly least: number;
  readonly good: number;
  readonly want: number;
  /** Stands at the bottom of its column, with all that comes after it. */
  readonly isLast?: boolean;
  marks(area: Rect): Mark[];
}

/** Between two parts, with a line in the middle. */
const SEPARATION = 11;

/** Draws parts above each other: first each gets what it needs, then, in their order, what it should and what it may have. */
export function stackMarks(blocks: readonly Block[], area: Rect, theme: Theme): Mark[] {
  const heights = blocks.map(({ least }) => least);
  let spare =
    area.height - SEPARATION * (blocks.length - 1) - heights.reduce((sum, height) => sum + height, 0);
  // What has no room is cut from the first part, which can say so.
  if (spare < 0) {
    heights[0] = Math.max(0, heights[0] + spare);
    spare = 0;
  }
  for (const level of ["good", "want"] as const) {
    blocks.forEach((block, i) => {
      const more = Math.max(0, Math.min(spare, block[level] - heights[i]));
      heights[i] += more;
      spare -= more;
    });
  }
  let y = area.y;
  return blocks.flatMap((block, i): Mark[] => {
    const line = y - SEPARATION / 2;
    if (block.isLast) y += Math.max(0, spare);
    const ruled = block.isLast ? Math.max(line, y - SEPARATION / 2) : line;
    const marks = block.marks({ ...area, y, height: heights[i] });
    y += heights[i] + SEPARATION;
    if (i === 0 || marks.length === 0) return marks;
    const points = [area.x, ruled, area.x + area.width, ruled];
    return [{ kind: "line", points, stroke: theme.border, width: 1 }, ...marks];
  });
}
