import type { Panel } from "./stage.js";

/** A place in a picture, in logical units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where mean `i` of (m, 2) positions is in a panel. */
export function placed({ scale }: Pick<Panel, "scale">, positions: Float64Array, i: number): Point {
  return { x: scale.x(positions[2 * i]), y: scale.y(positions[2 * i + 1]) };
}

/** The place on the way from one to another, 0 to 1 of it. */
export function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Radius of a mean in a panel of this size. */
export function meanRadius({ plot }: Pick<Panel, "plot">): number {
  return Math.min(8, Math.max(4.5, Math.sqrt(plot.width * plot.height) / 44));
}

/** Size of the text on the chips beside the means of a panel. */
export function chipSize({ plot }: Panel): number {
  return plot.width > 300 ? 10.5 : 9;
}
