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

/** Clusters that means are drawn at full size for. */
const FULL_SIZE = 20;

/** What the size of a panel's means goes by. */
export type Crowd = Pick<Panel, "plot"> & Partial<Pick<Panel, "clients" | "k">>;

/** Radius of a mean in a panel of this size; smaller where many clusters, or the means of several clients, share it. */
export function meanRadius({ plot, clients, k = 1 }: Crowd): number {
  const alone = Math.min(10, Math.max(5.8, Math.sqrt(plot.width * plot.height) / 34));
  const shared = Math.max(0.5, Math.max(1, clients?.length ?? 1) ** -0.25);
  return alone * shared * Math.max(0.65, Math.min(1, Math.sqrt(FULL_SIZE / k)));
}

/** Radius of a global mean in a panel: there is one a cluster, however many clients share it. */
export function globalRadius({ plot, k }: Pick<Panel, "plot" | "k">): number {
  return meanRadius({ plot, k });
}

/** Size of the text on the chips beside the means of a panel. */
export function chipSize({ plot }: Pick<Panel, "plot">): number {
  return plot.width > 300 ? 12 : 11;
}
