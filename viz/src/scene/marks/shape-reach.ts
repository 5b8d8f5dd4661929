import type { Shape } from "./marks.js";

/** The polygon around each shape, for a circle of radius 1 of the same area: corners, radius, and where the first one is. */
const HULLS: Readonly<Record<Exclude<Shape, "circle">, readonly [n: number, radius: number, first: number]>> =
  {
    square: [4, 1.253, Math.PI / 4],
    diamond: [4, 1.253, 0],
    triangle: [3, 1.555, -Math.PI / 2],
    "triangle-down": [3, 1.555, Math.PI / 2],
    star: [5, 1.72, -Math.PI / 2],
    cross: [8, 1.26, Math.PI / 8],
    hourglass: [4, 1.79, 0.87],
    bowtie: [4, 1.79, 0.7],
  };

/** How far a symbol reaches from its middle in a direction, in its radius. */
export function reachOf(shape: Shape, dx: number, dy: number): number {
  if (shape === "circle") return 1;
  const [n, radius, first] = HULLS[shape];
  const side = (2 * Math.PI) / n;
  const turn = Math.atan2(dy, dx) - first;
  const within = turn - side * Math.floor(turn / side);
  return (radius * Math.cos(side / 2)) / Math.cos(within - side / 2);
}
