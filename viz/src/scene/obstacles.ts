import type { Mark } from "./marks.js";

/** What a label must not hide: capsules (a circle is one of no length) and boxes. */
export interface Obstacles {
  /** x1, y1, x2, y2 and half the width of each. */
  readonly capsules: readonly (readonly [x1: number, y1: number, x2: number, y2: number, reach: number])[];
  /** left, top, right, bottom of each. */
  readonly boxes: readonly (readonly [left: number, top: number, right: number, bottom: number])[];
}

/** Corners of stars and triangles are farther out than the circle of the same area. */
const CORNERS = 1.2;
/** Half the width of an arrow's head, in its length. */
const HEAD_SPREAD = 0.5;

/** What is drawn by some marks: symbols, lines with their heads, and rectangles. */
export function obstaclesOf(marks: readonly Mark[]): Obstacles {
  const capsules: [number, number, number, number, number][] = [];
  const boxes: [number, number, number, number][] = [];
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

/** How far a disc reaches into what is nearest to it; negative where it is clear of everything. */
export function depthIn({ capsules, boxes }: Obstacles, x: number, y: number, radius: number): number {
  let depth = -Infinity;
  for (const [x1, y1, x2, y2, reach] of capsules) {
    const [dx, dy] = [x2 - x1, y2 - y1];
    const squared = dx * dx + dy * dy;
    const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
    const [ex, ey] = [x - x1 - along * dx, y - y1 - along * dy];
    depth = Math.max(depth, reach + radius - Math.sqrt(ex * ex + ey * ey));
  }
  for (const [left, top, right, bottom] of boxes) {
    const ex = Math.max(left - x, 0, x - right);
    const ey = Math.max(top - y, 0, y - bottom);
    depth = Math.max(depth, radius - Math.sqrt(ex * ex + ey * ey));
  }
  return depth;
}

/** Those within some distance of a place. */
export function nearTo({ capsules, boxes }: Obstacles, x: number, y: number, distance: number): Obstacles {
  return {
    capsules: capsules.filter((capsule) => depthIn({ capsules: [capsule], boxes: [] }, x, y, distance) > 0),
    boxes,
  };
}
