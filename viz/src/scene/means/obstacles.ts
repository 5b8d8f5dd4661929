import type { Mark } from "../marks/marks.js";

/** What a label must not hide: capsules (a circle is one of no length) and boxes. */
export interface Obstacles {
  /** x1, y1, x2, y2 and half the width of each. */
  readonly capsules: readonly Capsule[];
  readonly boxes: readonly Box[];
}

export type Capsule = readonly [x1: number, y1: number, x2: number, y2: number, reach: number];
export type Box = readonly [left: number, top: number, right: number, bottom: number];

const NO_OBSTACLES: Obstacles = { capsules: [], boxes: [] };

/** Corners of stars and triangles are farther out than the circle of the same area. */
const CORNERS = 1.2;
/** Half the width of an arrow's head, in its length. */
const HEAD_SPREAD = 0.5;

/** What is drawn by some marks: symbols, lines with their heads, and rectangles. */
export function obstaclesOf(marks: readonly Mark[]): Obstacles {
  if (marks.length === 0) return NO_OBSTACLES;
  const capsules: Capsule[] = [];
  const boxes: Box[] = [];
  for (const mark of marks) {
    if (mark.kind === "symbol") {
      const reach = mark.radius * (mark.shape === "circle" ? 1 : CORNERS) + (mark.strokeWidth ?? 0) / 2;
      capsules.push([mark.x, mark.y, mark.x, mark.y, reach]);
    } else if (mark.kind === "line") {
      const { points, width, head = 0, casing } = mark;
      const half = width / 2 + (casing?.width ?? 0);
      for (let i = 2; i < points.length; i += 2) {
        capsules.push([points[i - 2], points[i - 1], points[i], points[i + 1], half]);
      }
      if (head === 0) continue;
      const [x1, y1, x2, y2] = points.slice(-4);
      const share = Math.min(1, head / Math.max(1e-9, Math.hypot(x2 - x1, y2 - y1)));
      capsules.push([x2 + (x1 - x2) * share, y2 + (y1 - y2) * share, x2, y2, head * HEAD_SPREAD + half]);
    } else if (mark.kind === "rect") boxes.push([mark.x, mark.y, mark.x + mark.width, mark.y + mark.height]);
  }
  return { capsules, boxes };
}

/** Whether a disc is at least some distance from everything. */
export function isClear({ capsules, boxes }: Obstacles, x: number, y: number, distance: number): boolean {
  for (const capsule of capsules) if (isWithin(capsule, x, y, distance)) return false;
  for (const [left, top, right, bottom] of boxes) {
    const dx = Math.max(left - x, 0, x - right);
    const dy = Math.max(top - y, 0, y - bottom);
    if (dx * dx + dy * dy < distance * distance) return false;
  }
  return true;
}

function isWithin([x1, y1, x2, y2, reach]: Capsule, x: number, y: number, distance: number): boolean {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
  const ex = x - x1 - along * dx;
  const ey = y - y1 - along * dy;
  const least = reach + distance;
  return least > 0 && ex * ex + ey * ey < least * least;
}

/** Those within some distance of a place. */
export function nearTo({ capsules, boxes }: Obstacles, x: number, y: number, distance: number): Obstacles {
  return { capsules: capsules.filter((capsule) => isWithin(capsule, x, y, distance)), boxes };
}
