import { colourOf } from "../../markup/palette.js";
import { type Box, rect, text } from "../../markup/svg.js";
import type { LiveState } from "./live-state.js";
import { ASIDE, titledBox } from "./titled-box.js";

/** Clusters that a picture has room for. */
const MOST = 12;

/** The rows of each cluster as a server knows them under differential privacy: with the noise of all clients. */
export function clusterBars({ rounds }: LiveState, box: Box): string {
  const title = titledBox(box, "rows of each cluster, with noise");
  const sizes = rounds.at(-1)?.sizes ?? null;
  if (sizes === null) {
    const look = { ...ASIDE, "font-size": 11, "text-anchor": "middle" };
    return title + text(box.x + box.width / 2, box.y + box.height / 2 + 4, "known from round 1 on", look);
  }
  const shown = sizes.slice(0, sizes.length > MOST ? MOST - 1 : MOST);
  const step = Math.min(22, (box.height - 8) / (shown.length + (shown.length < sizes.length ? 1 : 0)));
  const left = box.x + 28;
  const scale = (box.width - 76) / Math.max(...shown, 1);
  const bars = shown.map((size, cluster) => {
    const y = box.y + 6 + cluster * step;
    const middle = y + (step - 4) / 2 + 3.5;
    const width = size * scale;
    return (
      text(left - 6, middle, String(cluster), { "font-size": Math.min(11, step), "text-anchor": "end" }) +
      rect({ x: left, y, width, height: step - 4 }, { fill: colourOf(cluster) }) +
      text(left + width + 5, middle, String(Math.round(size)), ASIDE)
    );
  });
  if (shown.length === sizes.length) return [title, ...bars].join("\n");
  const y = box.y + shown.length * step + step / 2 + 8;
  return [title, ...bars, text(left, y, `and ${sizes.length - shown.length} more clusters`, ASIDE)].join(
    "\n",
  );
}
