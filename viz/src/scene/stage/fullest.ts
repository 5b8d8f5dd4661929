import { type GroupSizes, MIN_ROW_RADIUS, rowRadius } from "./point-size.js";
import type { Panel } from "./stage.js";

/** Sides of the squares in which rows are counted, in logical units. */
const CELL = 2;

/** What of a panel says how its points are drawn. */
type Drawn = Pick<Panel, "points" | "weights" | "plot">;

/** Radius of a row in a panel, or of a group's row. */
export function pointRadius({ points, weights, plot }: Drawn, sizes: GroupSizes | null): number {
  return weights === null ? rowRadius(plot, (points?.length ?? 0) / 2) : (sizes?.radius ?? 1);
}

/** Whether a panel's points would smear as symbols, by the mean area of one. */
export function isDense(panel: Drawn, sizes: GroupSizes | null): boolean {
  const { points, weights } = panel;
  if (points === null || points.length === 0) return false;
  const nRows = weights === null ? 1 : weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return pointRadius(panel, sizes) * Math.sqrt(nRows) < MIN_ROW_RADIUS;
}

/**
 * Rows in a square unit where rows lie closest, of all panels that are drawn as a density: one scale for all, so that
 * darkness can be compared.
 *
 * @returns null where no panel is one
 */
export function fullestOf(panels: readonly Drawn[], sizes: GroupSizes | null): number | null {
  let most = 0;
  for (const panel of panels) {
    if (!isDense(panel, sizes)) continue;
    const { points, weights, plot } = panel;
    const columns = Math.ceil(plot.width / CELL);
    const rows = Math.ceil(plot.height / CELL);
    const counts = new Float32Array(columns * rows);
    for (let i = 0; i < points!.length / 2; i++) {
      const column = Math.floor((points![2 * i] - plot.x) / CELL);
      const row = Math.floor((points![2 * i + 1] - plot.y) / CELL);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      counts[row * columns + column] += weights === null ? 1 : weights[i];
    }
    for (const count of counts) most = Math.max(most, count);
  }
  return most === 0 ? null : most / CELL ** 2;
}
