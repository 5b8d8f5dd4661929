import { globalRadius } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";
import { type Corner, magnifierArea } from "./magnifier.js";

/** In the order of preference: values stand at the lower and left edge. */
const CORNERS: readonly Corner[] = ["upper right", "lower right", "upper left", "lower left"];
/** Rows that weigh as much as a mean. */
const ROWS_PER_MEAN = 1000;

/** Where what is. */
export type Filled = Pick<Panel, "plot" | "scale" | "points" | "clients" | "k">;

const known = new WeakMap<Filled, Corner>();

/** The corner of a panel where a glass hides the least, of all rounds: it stays where it is. */
export function freeCorner({ experiment }: Stage, panel: Filled): Corner {
  let best = known.get(panel);
  if (best !== undefined) return best;
  let least = Infinity;
  for (const corner of CORNERS) {
    const box = magnifierArea(panel.plot, corner);
    if (box === null) break;
    const holds = (x: number, y: number, pad: number) =>
      x >= box.x - pad && x <= box.x + box.width + pad && y >= box.y - pad && y <= box.y + box.height + pad;
    const pad = 1.5 * globalRadius(panel);
    let hidden = 0;
    const { points, scale } = panel;
    for (let i = 0; i < (points?.length ?? 0); i += 2) hidden += Number(holds(points![i], points![i + 1], 0));
    const count = (positions: Float64Array) => {
      for (let i = 0; i < positions.length; i += 2) {
        if (holds(scale.x(positions[i]), scale.y(positions[i + 1]), pad)) hidden += ROWS_PER_MEAN;
      }
    };
    for (const round of experiment.rounds) {
      count(round.positions);
      for (const local of round.locals) if (panel.clients.includes(local.client)) count(local.positions);
    }
    if (hidden < least) [least, best] = [hidden, corner];
  }
  best ??= CORNERS[0];
  known.set(panel, best);
  return best;
}
