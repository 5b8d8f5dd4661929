import type { TextMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { globalRadius } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";
import { textWidth } from "../text/text-width.js";

const TEXT = "rows not recorded";
/** Heights above the values of the lower axis where it may stand, best first. */
const LEVELS = [1, 0, 0.75, 0.25, 0.5];

/** Says that a panel has no rows, where the means of all rounds leave most room: it stays where it is. */
export function emptyText({ experiment, theme }: Stage, panel: Panel): TextMark {
  const { plot, scale, clients } = panel;
  // With their numbers.
  const pad = 2.2 * globalRadius(panel);
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
  const top = plot.y + SIZES.note;
  const bottom = plot.y + plot.height - SIZES.note - 1.8 * SIZES.tick;
  const levels = LEVELS.map((level) => top + level * (bottom - top));
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
