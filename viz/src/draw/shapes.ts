import type { CanvasRenderingContext2D } from "canvas";
import type { Shape } from "../scene/marks.js";

/** Corners of each shape about the origin, for a circle of radius 1 of the same area. */
const CORNERS: Readonly<Record<Exclude<Shape, "circle">, readonly (readonly [number, number])[]>> = {
  square: box(0.886),
  diamond: polygon(4, 1.253, -90),
  triangle: polygon(3, 1.555, -90),
  "triangle-down": polygon(3, 1.555, 90),
  star: star(1.72, 0.46),
  cross: cross(1.12, 0.41),
};

/** Begins and closes the path of a shape. */
export function tracePath(
  context: CanvasRenderingContext2D,
  shape: Shape,
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  if (shape === "circle") {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else {
    for (const [dx, dy] of CORNERS[shape]) context.lineTo(x + dx * radius, y + dy * radius);
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
