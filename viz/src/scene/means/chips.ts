import type { ChipMark, LineMark, Mark } from "../marks/marks.js";
import type { Theme } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { between, type Point } from "../stage/places.js";
import { isClear, nearTo, type Obstacles, obstaclesOf } from "./obstacles.js";

/** A mean that wants its cluster's number beside it. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  /** Radius of its symbol. */
  readonly radius: number;
  readonly cluster: number;
  readonly color: string;
  /** Rows behind it: where there is no room for all numbers, those of most rows come first. */
  readonly rows?: number;
  /** Where it came from: its number goes to the side of its arrow. */
  readonly from?: Point;
  /** A mean that is not in use, whose number is less urgent than any other. */
  readonly isIdle?: boolean;
}

/** A chip's radius, in the size of its text. */
const DISC = 0.78;
/** Share of a panel that its chips may cover. */
const COVER = 0.09;
const GAP = 1.5;
/** How far from its symbol a chip may be, nearest first. */
const RINGS = [0, 4, 9, 16, 25, 36];
const ANGLES = 16;
/** Those of every other ring are between those of the rings before. */
const DIRECTIONS = [0, 0.5].map((turn) =>
  Array.from({ length: ANGLES }, (_, i): Point => {
    const angle = (2 * Math.PI * (i + turn)) / ANGLES;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  }),
);
/** What it costs to hide something faint, where a ring farther out costs 2. */
const HIDES_FAINT = 3;
/** Chips farther than this from their symbols are tied to them by a line. */
const TIED = 7;
/** Where a number stands that nothing is in the way of: to the upper right. */
const USUAL = { x: Math.SQRT1_2, y: -Math.SQRT1_2 };

/**
 * Numbers beside means, each where it hides neither a symbol nor an arrow nor another number; those for which there is no
 * such place are left out.
 *
 * @param area what they stay inside
 * @param size of the text
 * @param drawn what they must not hide, beside the means themselves
 * @param faint what they had better not hide
 */
export function chipMarks(
  means: readonly Labelled[],
  area: Rect,
  size: number,
  theme: Theme,
  drawn: readonly Mark[] = [],
  faint: readonly Mark[] = [],
): Mark[] {
  const radius = size * DISC;
  const most = Math.floor((COVER * area.width * area.height) / (Math.PI * radius ** 2));
  const urgent = [...means.keys()].sort(
    (a, b) =>
      Number(means[a].isIdle ?? false) - Number(means[b].isIdle ?? false) ||
      (means[b].rows ?? 0) - (means[a].rows ?? 0) ||
      a - b,
  );
  const there = obstaclesOf(drawn);
  const symbols = means.map(({ x, y, radius: reach }) => [x, y, x, y, 1.1 * reach] as const);
  const fixed: Obstacles = { ...there, capsules: [...there.capsules, ...symbols] };
  const soft = obstaclesOf(faint);
  const chips: { readonly mean: number; readonly at: Point }[] = [];
  const placed: [number, number, number, number, number][] = [];
  for (const mean of urgent.slice(0, most)) {
    const { x, y, radius: own } = means[mean];
    const far = 1.1 * own + 2 * radius + RINGS.at(-1)!;
    const near = (obstacles: Obstacles) => nearTo(obstacles, x, y, far);
    const at = placeOf(means[mean], radius, area, [
      near(fixed),
      near({ capsules: placed, boxes: [] }),
      near(soft),
    ]);
    if (at === null) continue;
    chips.push({ mean, at });
    placed.push([at.x, at.y, at.x, at.y, radius]);
  }
  return chips
    .sort((a, b) => a.mean - b.mean)
    .flatMap(({ mean, at }) => chipAt(means[mean], at, size, theme));
}

/** Of several means of a cluster, the one nearest to their centre has the number. */
export function oneACluster(means: readonly Labelled[]): Labelled[] {
  const clusters = new Map<number, Labelled[]>();
  for (const mean of means) clusters.set(mean.cluster, [...(clusters.get(mean.cluster) ?? []), mean]);
  return [...clusters.values()].map((group) => {
    const x = group.reduce((sum, mean) => sum + mean.x, 0) / group.length;
    const y = group.reduce((sum, mean) => sum + mean.y, 0) / group.length;
    const apart = (mean: Labelled) => Math.hypot(mean.x - x, mean.y - y);
    const middle = group.reduce((best, mean) => (apart(mean) < apart(best) ? mean : best));
    return { ...middle, rows: group.reduce((sum, mean) => sum + (mean.rows ?? 0), 0) };
  });
}

/** The best free place for a number; null where there is none. */
function placeOf(
  mean: Labelled,
  radius: number,
  area: Rect,
  [fixed, chips, soft]: readonly [fixed: Obstacles, chips: Obstacles, soft: Obstacles],
): Point | null {
  const along = directionOf(mean);
  let best: Point | null = null;
  let bestCost = Infinity;
  for (const [ring, more] of RINGS.entries()) {
    // Farther places cost more than any turn at a nearer one.
    if (bestCost < 2 * ring) break;
    const distance = 1.1 * mean.radius + radius + GAP + more;
    for (const { x: dx, y: dy } of DIRECTIONS[ring % 2]) {
      const turn = along === null ? 0 : 1.2 * Math.abs(dx * along.x + dy * along.y);
      let cost = 2 * ring + turn + 0.35 * (1 - dx * USUAL.x - dy * USUAL.y);
      if (cost >= bestCost) continue;
      const x = mean.x + dx * distance;
      const y = mean.y + dy * distance;
      const reach = radius + 1;
      if (x < area.x + reach || x > area.x + area.width - reach) continue;
      if (y < area.y + reach || y > area.y + area.height - reach) continue;
      if (!isClear(chips, x, y, radius + GAP) || !isClear(fixed, x, y, radius + GAP / 2)) continue;
      if (!isClear(soft, x, y, radius)) cost += HIDES_FAINT;
      if (cost >= bestCost) continue;
      best = { x, y };
      bestCost = cost;
    }
  }
  return best;
}

function directionOf({ x, y, from }: Labelled): Point | null {
  if (from === undefined) return null;
  const length = Math.hypot(x - from.x, y - from.y);
  return length < 1e-6 ? null : { x: (x - from.x) / length, y: (y - from.y) / length };
}

function chipAt(mean: Labelled, at: Point, size: number, theme: Theme): Mark[] {
  const chip: ChipMark = {
    kind: "chip",
    ...at,
    text: String(mean.cluster),
    size,
    fill: theme.panel,
    ring: mean.isIdle ? theme.border : mean.color,
    color: mean.isIdle ? theme.muted : theme.text,
  };
  const apart = Math.hypot(at.x - mean.x, at.y - mean.y);
  if (apart < 1.1 * mean.radius + size * DISC + TIED) return [chip];
  const start = between(mean, at, (1.1 * mean.radius) / apart);
  const tie: LineMark = {
    kind: "line",
    points: [start.x, start.y, at.x, at.y],
    stroke: mean.color,
    width: 1.2,
    casing: { color: theme.panel, width: 0.8 },
  };
  return [tie, chip];
}
