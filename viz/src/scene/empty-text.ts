import type { TextMark } from "./marks.js";
import { globalRadius } from "./places.js";
import { SIZES } from "./sizes.js";
import type { Panel, Stage } from "./stage.js";
import { textWidth } from "./text-width.js";

const TEXT = "rows not recorded";
/** Heights in a plot where it may stand, best first. */
const LEVELS = [0.93, 0.1, 0.72, 0.3, 0.5];

/** Says that a panel has no rows, where the means of all rounds leave most room: it stays where it is. */
export function emptyText({ experiment, theme }: Stage, panel: Panel): TextMark {
  const { plot, scale, clients } = panel;
  const pad = globalRadius(panel);
  const half = textWidth(TEXT, SIZES.note) / 2 + pad;
  const x = plot.x + plot.width / 2;
  const means = experiment.rounds.flatMap(({ positions, locals }) => [
    positions,
    ...locals.filter(({ client }) => clients.includes(client)).map((local) => local.positions),
  ]);
  const hidden = (y: number) =>
    means.reduce((sum, positions) => {
      let here = 0;
      for (let i = 0; i < positions.length; i += 2) {
        const near = Math.abs(scale.x(positions[i]) - x) < half;
        here += Number(near && Math.abs(scale.y(positions[i + 1]) - y) < SIZES.note / 2 + pad);
      }
      return sum + here;
    }, 0);
  const levels = LEVELS.map((level) => plot.y + level * plot.height);
  const counts = levels.map(hidden);
  const y = levels[counts.indexOf(Math.min(...counts))];
  return {
    kind: "text",
    x,
    y: y + 0.36 * SIZES.note,
    text: TEXT,
    size: SIZES.note,
    fill: theme.faint,
    align: "center",
    maxWidth: plot.width - 12,
  };
}
