import { type Box, circle, line, type Point, polyline, text } from "../../markup/svg.js";
import { brief, type LiveState } from "./live-state.js";
import { ASIDE, titledBox } from "./titled-box.js";

/** The number of rounds that are drawn at most: there are no more pixels. Longer runs are thinned out evenly. */
const MAX_POINTS = 400;

/** Draws how far the means moved in each round, on a logarithmic scale, and the tolerance. */
export function sparkline({ rounds, settings }: LiveState, box: Box): string {
  const title = titledBox(box, "movement of the means, by round");
  const all = rounds.filter((round) => round.change !== null) as { round: number; change: number }[];
  const every = Math.ceil(all.length / MAX_POINTS);
  const moved = all.filter((_, i) => (all.length - 1 - i) % every === 0);
  if (moved.length === 0) return title;
  const positive = moved.filter(({ change }) => change > 0).map(({ change }) => Math.log10(change));
  const tolerance = settings.tolerance > 0 ? Math.log10(settings.tolerance) : null;
  const low = Math.min(...positive, ...(tolerance === null ? [] : [tolerance])) - 0.8;
  const high = Math.max(...positive, (tolerance ?? -Infinity) + 0.5, low + 1) + 0.2;
  const first = moved[0].round;
  const lastRound = moved[moved.length - 1].round;
  const left = box.x + 8;
  const right = box.x + box.width - 62;
  const x = (round: number) => left + ((round - first) / Math.max(lastRound - first, 4)) * (right - left);
  // Where the means did not move at all, the distance has no logarithm: it is drawn at the bottom.
  const y = (change: number) => {
    const level = change > 0 ? Math.max(Math.log10(change), low) : low;
    return box.y + box.height - 4 - ((level - low) / (high - low)) * (box.height - 10);
  };
  const way = moved.map(({ round, change }): Point => [x(round), y(change)]);
  const end = moved[moved.length - 1];
  const [endX, endY] = way[way.length - 1];
  return [
    title,
    ...(settings.tolerance > 0 ? limit(y(settings.tolerance), box) : []),
    polyline(way, { stroke: "#222", "stroke-width": 1.5 }),
    circle([endX, endY], 3, { fill: "#222" }),
    text(endX + 7, Math.max(endY + 4, box.y + 12), brief(end.change), { "font-size": 11 }),
  ].join("\n");
}

function limit(y: number, { x, width }: Box): string[] {
  return [
    line([x, y], [x + width, y], { stroke: "#999", "stroke-dasharray": "4 3" }),
    text(x + width - 4, y - 4, "tolerance", { ...ASIDE, "text-anchor": "end" }),
  ];
}
