import { colourOf, type Ink } from "./palette.js";
import { circle, type Point, polygon, rect } from "./svg.js";

const SHAPES = ["circle", "square", "diamond", "triangle"] as const;
/** As many colours as there are. */
const COLOURS = 8;

/** A line's marker: colour and shape of it tell up to 32 lines apart. */
export function marker(index: number, x: number, y: number, ink: Ink): string {
  const look = { fill: colourOf(index), stroke: ink.paper, "stroke-width": 1 };
  const shape = SHAPES[(index + Math.floor(index / COLOURS)) % SHAPES.length];
  const around = (...corners: Point[]) =>
    polygon(
      corners.map(([dx, dy]): Point => [x + dx, y + dy]),
      look,
    );
  switch (shape) {
    case "circle":
      return circle([x, y], 4.5, look);
    case "square":
      return rect({ x: x - 4, y: y - 4, width: 8, height: 8 }, look);
    case "diamond":
      return around([0, -5.5], [5.5, 0], [0, 5.5], [-5.5, 0]);
    case "triangle":
      return around([0, -5.5], [5.5, 4.5], [-5.5, 4.5]);
  }
}
