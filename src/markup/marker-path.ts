import { N_COLOURS } from "./palette.js";

/** Corners of shapes of about the same area as a circle of radius 1, clockwise. */
const SHAPES: readonly (readonly (readonly [x: number, y: number])[] | null)[] = [
  null,
  [
    [-0.89, -0.89],
    [0.89, -0.89],
    [0.89, 0.89],
    [-0.89, 0.89],
  ],
  [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  [
    [0, -1.25],
    [1.3, 1],
    [-1.3, 1],
  ],
  cross(0.42, 1.25, 0),
  [
    [-1.3, -1],
    [1.3, -1],
    [0, 1.25],
  ],
  cross(0.42, 1.25, Math.PI / 4),
  star(1.45, 0.62),
];

/**
 * The shape that stands for a category, or for a line of a chart, at a place, to go into a path's `d`. The colour of
 * the index goes with it: both tell as many as there are shapes times colours apart, the shape alone as many as shapes.
 *
 * @param index -1 is none, a circle
 * @param radius of the circle, in pixels
 */
export function markerPath(index: number, x: number, y: number, radius: number): string {
  const corners = index < 0 ? null : SHAPES[(index + Math.floor(index / N_COLOURS)) % SHAPES.length];
  if (corners === null) {
    const r = tenth(radius);
    const across = tenth(2 * Number(r));
    return `M${tenth(x - Number(r))} ${tenth(y)}a${r} ${r} 0 1 1 ${across} 0a${r} ${r} 0 1 1-${across} 0z`;
  }
  const [first, ...rest] = corners;
  const points = rest.map(([dx, dy]) => `${tenth(x + radius * dx)} ${tenth(y + radius * dy)}`);
  return `M${tenth(x + radius * first[0])} ${tenth(y + radius * first[1])}L${points.join(" ")}z`;
}

/** A number of pixels as paths have it. */
export function tenth(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

/** @param half of the width of an arm */
function cross(half: number, reach: number, turn: number): [number, number][] {
  const quarter = [
    [-half, -reach],
    [half, -reach],
    [half, -half],
  ];
  return [0, 1, 2, 3].flatMap((arm) => quarter.map(([x, y]) => turned(x, y, turn + (arm * Math.PI) / 2)));
}

function star(outer: number, inner: number): [number, number][] {
  return Array.from({ length: 10 }, (_, i) => turned(0, -(i % 2 === 0 ? outer : inner), (i * Math.PI) / 5));
}

function turned(x: number, y: number, by: number): [number, number] {
  return [x * Math.cos(by) - y * Math.sin(by), x * Math.sin(by) + y * Math.cos(by)];
}
