import type { Point } from "../stage/places.js";

/* Outlines of many points, and which of them lie together. */

/** Directions that a round corner is made of. */
const DIRECTIONS = 24;

/**
 * The convex outline of points with a border of a width around them: of one point, a circle.
 *
 * @returns x, y, x, y, ... counterclockwise in a plane whose y points up; empty of no point
 */
export function hullOf(points: readonly Point[], border: number): number[] {
  // Circumscribed, so that the sides of a corner, too, keep the whole border.
  const radius = border / Math.cos(Math.PI / DIRECTIONS);
  const corners = hullCorners(points).flatMap(({ x, y }) =>
    Array.from({ length: DIRECTIONS }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / DIRECTIONS;
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
    }),
  );
  return hullCorners(corners).flatMap(({ x, y }) => [x, y]);
}

/** Andrew's monotone chain. */
function hullCorners(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (order: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of order) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0)
        chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Positive where the way from a over b to c turns left. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/**
 * Splits points into those that lie together: a cell of a square grid belongs to its eight neighbours that hold any.
 *
 * @param side of a cell
 * @returns indices, ascending in each heap; heaps by their first index
 */
export function heapsOf(points: readonly Point[], side: number): number[][] {
  const cells = new Map<string, number[]>();
  points.forEach(({ x, y }, i) => {
    const key = cellKey(Math.floor(x / side), Math.floor(y / side));
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [i]);
    else cell.push(i);
  });
  const heaps: number[][] = [];
  const seen = new Set<string>();
  for (const first of cells.keys()) {
    if (seen.has(first)) continue;
    seen.add(first);
    const reached = [first];
    const heap: number[] = [];
    for (let key = reached.pop(); key !== undefined; key = reached.pop()) {
      heap.push(...cells.get(key)!);
      const [column, row] = key.split(" ").map(Number);
      for (let dx = -1; dx <= 1; dx++) {
        for (let dy = -1; dy <= 1; dy++) {
          const next = cellKey(column + dx, row + dy);
          if (!cells.has(next) || seen.has(next)) continue;
          seen.add(next);
          reached.push(next);
        }
      }
    }
    heaps.push(heap.toSorted((a, b) => a - b));
  }
  return heaps;
}

function cellKey(column: number, row: number): string {
  return `${column} ${row}`;
}
