import type { Mark } from "../marks/marks.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { hollowMark, meanMark } from "../means/mean-marks.js";
import { between, type Point } from "../stage/places.js";
import { LABEL_SIZE } from "./stage.js";

/* What clients' panels and the server's have in common in the scene of the whole run. */

/** A mean. */
export function meanMarks(cluster: number, at: Point, radius: number, opacity: number, theme: Theme): Mark[] {
  return radius <= 0 ? [] : faded([meanMark(at, radius, cluster, theme)], opacity);
}

/** Where a mean was, or one that is nobody's. */
export function hollowMarks(
  cluster: number,
  at: Point,
  radius: number,
  opacity: number,
  theme: Theme,
): Mark[] {
  return faded([hollowMark(at, radius, cluster, theme)], opacity);
}

/**
 * The number of a cluster beside its mean, on the way between two places; where there is room for it only at one, it comes
 * or goes there.
 *
 * @param share of the way, 0 to 1
 */
export function labelMarks(
  cluster: number,
  [begin, end]: readonly [Point | undefined, Point | undefined],
  share: number,
  opacity: number,
  theme: Theme,
): Mark[] {
  const at = begin !== undefined && end !== undefined ? between(begin, end, share) : (end ?? begin);
  if (at === undefined) return [];
  const shown = (begin === undefined ? 0 : 1 - share) + (end === undefined ? 0 : share);
  const { color } = clusterStyle(cluster);
  const look = { size: LABEL_SIZE, fill: theme.panel, ring: color, color: theme.text };
  return faded([{ kind: "chip", ...at, text: String(cluster), ...look }], opacity * shown);
}

/** Marks that come or go. */
export function faded<M extends Mark>(marks: readonly M[], opacity: number): M[] {
  if (opacity <= 0) return [];
  return marks.map((mark) => ({ ...mark, opacity: (mark.opacity ?? 1) * opacity }));
}
