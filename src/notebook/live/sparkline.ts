import { ON_PAPER } from "../../markup/palette.js";
import { type Box, circle, line, type Point, polyline, text } from "../../markup/svg.js";
import { brief, type LiveState } from "./live-state.js";
import { ASIDE, titledBox } from "./titled-box.js";

/** The number of rounds that are drawn at most: there are no more pixels. Longer runs are thinned out evenly. */
const MAX_POINTS = 400;
/** Room for the numbers of the axis, and for that of the last round. */
const LEFT = 40;
const RIGHT = 58;
/** More powers of ten than these have no room. */
const MAX_TICKS = 4;

/** Draws how far the means moved in each round, on a logarithmic scale, and the tolerance, where one ends the run. */
export function sparkline({ rounds, settings, privately, phase }: LiveState, box: Box): string {
  const title = titledBox(box, "movement of the means by round, log scale");
  const all = rounds.filter((round) => round.change !== null) as { round: number; change: number }[];
  const every = Math.ceil(all.length / MAX_POINTS);
  const moved = all.filter((_, i) => (all.length - 1 - i) % every === 0);
  if (moved.length === 0) {
    const isOver = phase === "done" || phase === "evaluating";
    return isOver ? title + none(box) : title;
  }
  const positive = moved.filter(({ change }) => change > 0).map(({ change }) => Math.log10(change));
  // Under differential privacy rounds are planned, and no tolerance ends them.
  const hasLimit = settings.tolerance > 0 && privately === null;
  const tolerance = hasLimit ? Math.log10(settings.tolerance) : null;
  const low = Math.min(...positive, ...(tolerance === null ? [] : [tolerance])) - 0.8;
  const high = Math.max(...positive, (tolerance ?? -Infinity) + 0.5, low + 1) + 0.2;
  const first = moved[0].round;
  const lastRound = moved[moved.length - 1].round;
  const left = box.x + LEFT;
  const right = box.x + box.width - RIGHT;
  const x = (round: number) => left + ((round - first) / Math.max(lastRound - first, 4)) * (right - left);
  const heightOf = (level: number) =>
    box.y + box.height - 4 - ((level - low) / (high - low)) * (box.height - 10);
  // Where the means did not move at all, the distance has no logarithm: it is drawn at the bottom.
  const y = (change: number) => heightOf(change > 0 ? Math.max(Math.log10(change), low) : low);
  const way = moved.map(({ round, change }): Point => [x(round), y(change)]);
  const end = moved[moved.length - 1];
  const [endX, endY] = way[way.length - 1];
  const below = { ...ASIDE, "text-anchor": "middle" };
  const bottom = box.y + box.height + 12;
  return [
    title,
    ...decades(low, high).map((power) => tick(power, heightOf(power), box)),
    ...(hasLimit ? limit(y(settings.tolerance), box) : []),
    text(x(first), bottom, String(first), below),
    // The number of the last round stands clear of that of the first.
    ...(x(lastRound) - x(first) > 24 ? [text(x(lastRound), bottom, String(lastRound), below)] : []),
    polyline(way, { stroke: "#222", "stroke-width": 1.5 }),
    circle([endX, endY], 3, { fill: "#222" }),
    text(endX + 7, Math.max(endY + 4, box.y + 12), brief(end.change), { "font-size": 11 }),
  ].join("\n");
}

/** Powers of ten within a range, every other one or fewer where there are many. */
function decades(low: number, high: number): number[] {
  const first = Math.ceil(low);
  const count = Math.floor(high) - first + 1;
  const every = Math.max(1, Math.ceil(count / MAX_TICKS));
  return Array.from({ length: Math.max(0, count) }, (_, i) => first + i).filter(
    (power) => power % every === 0,
  );
}

function tick(power: number, y: number, box: Box): string {
  const label = Math.abs(power) <= 2 ? String(Number((10 ** power).toPrecision(1))) : `1e${power}`;
  return (
    line([box.x + LEFT - 6, y], [box.x + box.width, y], { stroke: ON_PAPER.grid }) +
    text(box.x + LEFT - 9, y + 3.5, label, { ...ASIDE, "text-anchor": "end" })
  );
}

function none({ x, y, width, height }: Box): string {
  const look = { ...ASIDE, "font-size": 11, "text-anchor": "middle" };
  return text(x + width / 2, y + height / 2 + 4, "no rounds: the means come of one exchange", look);
}

function limit(y: number, { x, width }: Box): string[] {
  return [
    line([x + LEFT - 6, y], [x + width, y], { stroke: "#999", "stroke-dasharray": "4 3" }),
    text(x + width - 4, y - 4, "tolerance", { ...ASIDE, "text-anchor": "end" }),
  ];
}
