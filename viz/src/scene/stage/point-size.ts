import type { Rect } from "./layout.js";
import { meanRadius } from "./places.js";
import type { Panel } from "./stage.js";

/* How large rows, and groups of them, are drawn: by area, a row's share of a group as much as a row. */

/** Radius of the circle that a row is drawn as, at most; below the least, rows become a density. */
const MAX_ROW_RADIUS = 3.2;
export const MIN_ROW_RADIUS = 0.9;
/** Radius of the largest group, in that of a mean: means stand out. */
const LARGEST_GROUP = 0.6;
/** Circles that are smaller than this tell nobody how large they are. */
const LEAST_TOLD_RADIUS = 2.5;
/** Of points that have a cluster's colour. */
export const POINT_OPACITY = 0.62;
/** Share of a panel's area that its rows may cover. */
const ROW_COVER = 0.16;

/** Radius of each of `nRows` rows in a panel. */
export function rowRadius({ width, height }: Rect, nRows: number): number {
  return Math.min(MAX_ROW_RADIUS, Math.sqrt((ROW_COVER * width * height) / (Math.PI * Math.max(1, nRows))));
}

/** How groups are drawn: an area a row. */
export interface GroupSizes {
  /** Radius of a group of one row. */
  readonly radius: number;
  /**
   * Numbers of rows whose circles tell it, ascending: the least, the greatest, and one whose radius is between. None where
   * circles are too small for it.
   */
  readonly told: readonly number[];
}

/** Sizes of groups that suit all panels, so that one legend does; null where none draws groups. */
export function groupSizes(panels: readonly Pick<Panel, "plot" | "weights">[]): GroupSizes | null {
  let radius = Infinity;
  let largest = Infinity;
  let least = Infinity;
  let most = 0;
  for (const { plot, weights } of panels) {
    if (weights === null || weights.length === 0) continue;
    const nRows = weights.reduce((sum, weight) => sum + weight, 0);
    radius = Math.min(radius, rowRadius(plot, nRows));
    largest = Math.min(largest, LARGEST_GROUP * meanRadius({ plot }));
    least = weights.reduce((min, weight) => Math.min(min, weight), least);
    most = weights.reduce((max, weight) => Math.max(max, weight), most);
  }
  if (most === 0) return null;
  const root = Math.sqrt(most);
  radius = Math.min(radius, largest / root);
  const middle = Math.round(((Math.sqrt(least) + root) / 2) ** 2);
  return { radius, told: radius * root < LEAST_TOLD_RADIUS ? [] : [...new Set([least, middle, most])] };
}
