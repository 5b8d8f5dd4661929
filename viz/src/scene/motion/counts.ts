import type { Mark } from "../marks/marks.js";
import { countBar } from "../panels/count-bar.js";
import { countsArea } from "../stage/layout.js";
import { faded } from "./marks.js";
import type { Whole } from "./stage.js";

/**
 * A bar below each client's title: its rows by cluster, under the means it was sent last.
 *
 * @param from index of the round whose means its rows were assigned to; null: to none yet
 * @param to index of the one they go over to
 * @param share how far they have, 0 to 1
 */
export function countsMarks(whole: Whole, from: number | null, to: number | null, share: number): Mark[] {
  const { panels, theme } = whole.stage;
  return panels.flatMap((panel, index): Mark[] => {
    const area = countsArea(panel.rect);
    const before = from === null ? null : whole.countsIn(index, from);
    const after = to === null ? null : whole.countsIn(index, to);
    const empty: Mark = { kind: "rect", ...area, fill: theme.grid, radius: 2 };
    if (after === null) return [empty];
    const counts = after.map((count, cluster) => {
      const start = before === null ? count : (before[cluster] ?? 0);
      return Math.round(start + (count - start) * share);
    });
    const rows = { counts, withheld: counts.map(() => 0), withheldElsewhere: 0 };
    return [empty, ...faded(countBar(rows, panel.nSamples, area, theme), before === null ? share : 1)];
  });
}
