import type { Shape } from "../scene/marks/marks.js";
import type { Context2D } from "./host.js";

/** Corners of each shape about the origin, for a circle of radius 1 of the same area. */
const CORNERS: Readonly<Record<Exclude<Shape, "circle">, readonly (readonly [number, number])[]>> = {
  square: box(0.886),
  diamond: polygon(4, 1.253, -90),
  triangle: polygon(3, 1.555, -90),
  "triangle-down": polygon(3, 1.555, 90),
  star: star(1.72, 0.46),
  cross: cross(1.12, 0.41),
  hourglass: [
    [-1.15, -1.37],
    [1.15, -1.37],
    [-1.15, 1.37],
    [1.15, 1.37],
  ],
  bowtie: [
    [-1.37, -1.15],
    [1.37, 1.15],
    [1.37, -1.15],
    [-1.37, 1.15],
  ],
};

/** Adds a shape to the path. */
export function addShape(context: Context2D, shape: Shape, x: number, y: number, radius: number): void {
  if (shape === "circle") {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else {
    for (const [i, [dx, dy]] of CORNERS[shape].entries()) {
      if (i === 0) context.moveTo(x + dx * radius, y + dy * radius);
      else context.lineTo(x + dx * radius, y + dy * radius);
    }
  }
  context.closePath();
}

function polygon(corners: number, radius: number, degrees: number): [number, number][] {
  return Array.from({ length: corners }, (_, i) => turned(radius, degrees + (360 * i) / corners));
}

function star(outer: number, ratio: number): [number, number][] {
  return Array.from({ length: 10 }, (_, i) => turned(i % 2 === 0 ? outer : outer * ratio, -90 + 36 * i));
}

function box(half: number): [number, number][] {
  return [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
  ];
}

function cross(reach: number, half: number): [number, number][] {
  return [
    [-half, -reach],
    [half, -reach],
    [half, -half],
    [reach, -half],
    [reach, half],
    [half, half],
    [half, reach],
    [-half, reach],
    [-half, half],
    [-reach, half],
    [-reach, -half],
    [-half, -half],
  ];
}

function turned(radius: number, degrees: number): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
