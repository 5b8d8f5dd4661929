import { markerPath } from "./marker-path.js";
import { colourOf, type Ink } from "./palette.js";
import { circle, element } from "./svg.js";

const RADIUS = 4.5;

/** A line's marker: colour and shape of it tell as many lines apart as there are shapes times colours. */
export function marker(index: number, x: number, y: number, ink: Ink): string {
  const look = { fill: colourOf(index), stroke: ink.paper, "stroke-width": 1 };
  return index === 0
    ? circle([x, y], RADIUS, look)
    : element("path", { d: markerPath(index, x, y, RADIUS), ...look });
}
