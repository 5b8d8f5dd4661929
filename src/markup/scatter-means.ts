import { colourOf, type Ink, textOn } from "./palette.js";
import { circle, element, line, type Point, rect, text } from "./svg.js";
import { roughWidth } from "./text-width.js";

/** A mean of a cluster. */
export interface ScatterMean {
  readonly x: number;
  readonly y: number;
  /** Short: the number of its cluster. */
  readonly label: string;
  /** Index of its colour. */
  readonly colour: number;
  /** How far off it may be, in the units of both axes, which a disc shows; none without. */
  readonly error?: number;
}

/** A mean where it is drawn, in pixels. */
export interface PlacedMean extends Omit<ScatterMean, "error"> {
  /** Half-axes of its disc. */
  readonly disc?: readonly [x: number, y: number];
}

const SIZE = 11;
const RADIUS = 9;

/**
 * Means over the points, each with its label; where labels would cover one another they stand apart, tied to the place
 * of their mean.
 *
 * @param means in pixels
 */
export function meanMarks(means: readonly PlacedMean[], ink: Ink): string {
  const shown = means.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const places = apart(shown);
  const ties = shown.map(({ x, y, colour }, i) => {
    const [px, py] = places[i];
    if (Math.hypot(px - x, py - y) < 3) return "";
    const halo = { stroke: ink.paper, "stroke-width": 5, "stroke-linecap": "round" };
    return (
      line([x, y], [px, py], halo) +
      line([x, y], [px, py], { stroke: colourOf(colour), "stroke-width": 1.5 }) +
      circle([x, y], 3, { fill: colourOf(colour), stroke: ink.paper, "stroke-width": 1.5 })
    );
  });
  const discs = shown.flatMap(({ x, y, colour, disc }) =>
    disc === undefined ? [] : [discMark([x, y], disc, colour)],
  );
  return [
    ...discs,
    ...ties,
    ...shown.map((mean, i) => meanMark(places[i], mean.label, mean.colour, ink)),
  ].join("");
}

/** How far off a mean may be: seen through, as rows lie below it. */
function discMark([cx, cy]: Point, [rx, ry]: readonly [number, number], colour: number): string {
  const colourAt = { fill: colourOf(colour), stroke: colourOf(colour) };
  const look = { ...colourAt, "fill-opacity": 0.22, "stroke-opacity": 0.7, "stroke-width": 1 };
  return element("ellipse", { cx: tenths(cx), cy: tenths(cy), rx: tenths(rx), ry: tenths(ry), ...look });
}

function tenths(length: number): number {
  return Math.round(10 * length) / 10;
}

/** A label in its colour, with a halo of paper. */
export function meanMark([x, y]: Point, label: string, colour: number, ink: Ink): string {
  const half = Math.max(RADIUS, roughWidth(label, SIZE) / 2 + 4);
  const shape = { x: x - half, y: y - RADIUS, width: 2 * half, height: 2 * RADIUS };
  const number = {
    "font-size": SIZE,
    "font-weight": 700,
    "text-anchor": "middle",
    fill: textOn(colour),
  };
  return (
    rect(shape, { rx: RADIUS, fill: colourOf(colour), stroke: ink.paper, "stroke-width": 2.5 }) +
    text(x, y + 4, label, number)
  );
}

/** Places of labels a label apart, each as near to its mean as the others let it. */
function apart(means: readonly PlacedMean[]): Point[] {
  const places = means.map(({ x, y }): [number, number] => [x, y]);
  const least = 2 * RADIUS + 3;
  // With very many, labels cover one another wherever they are.
  if (means.length > 60) return places;
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i < places.length; i++) {
      for (let j = i + 1; j < places.length; j++) {
        const [dx, dy] = [places[j][0] - places[i][0], places[j][1] - places[i][1]];
        const far = Math.hypot(dx, dy);
        if (far >= least) continue;
        // Means at the very same place part along a direction of their own.
        const [ux, uy] = far > 0.01 ? [dx / far, dy / far] : [Math.cos(i + j), Math.sin(i + j)];
        const by = (least - far) / 2;
        places[i] = [places[i][0] - ux * by, places[i][1] - uy * by];
        places[j] = [places[j][0] + ux * by, places[j][1] + uy * by];
      }
    }
  }
  return places;
}
