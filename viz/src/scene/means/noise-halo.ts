import type { Experiment, RoundFacts } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import type { Rect } from "../stage/layout.js";
import { type Point, placed } from "../stage/places.js";
import type { Scale } from "../stage/scale.js";

/* How far noise may have moved a mean: one standard error of each coordinate about it. */

const FILL_OPACITY = 0.16;
const RING = { width: 1.4, opacity: 0.75 } as const;
/** A halo that reaches this little beyond its mean's symbol is not seen. */
const LEAST_BEYOND = 2.5;
/** Length of a side of its outline, and how many there are at least and at most. */
const SIDE = 5;
const SIDES = [32, 240] as const;
/** Half the height of the halo of a mean of one coordinate, in the radius of the mean. */
const BAR = 0.6;

/** Where means are drawn. */
interface Area {
  readonly plot: Rect;
  readonly scale: Scale;
}

/** A noisy mean. */
interface NoisyMean {
  readonly cluster: number;
  readonly at: Point;
  /** Standard error of each coordinate; 0 where there is no noise. */
  readonly error: number;
  /** Of its symbol. */
  readonly radius: number;
}

/** Halos of all means of a round, to lie below them; none where the round has no noise. */
export function halosOf(
  experiment: Experiment,
  area: Area,
  round: RoundFacts,
  radius: number,
  opacity = 1,
): Mark[] {
  return (round.standardErrors ?? []).flatMap((error, cluster) => {
    const at = placed(area, round.positions, cluster);
    return haloMarks(experiment, area, { cluster, at, error, radius }, opacity);
  });
}

/**
 * The halo of a mean: an ellipse, as axes may differ in their units; of one coordinate alone, a bar along its axis. What
 * lies beyond the plot is cut off, and what the mean's symbol hides is not drawn.
 */
export function haloMarks(
  { axes }: Pick<Experiment, "axes">,
  { plot, scale }: Area,
  { cluster, at, error, radius }: NoisyMean,
  opacity = 1,
): Mark[] {
  const isLine = axes[1] === "";
  const a = Math.abs(scale.x(error) - scale.x(0));
  const b = isLine ? BAR * radius : Math.abs(scale.y(error) - scale.y(0));
  if (opacity <= 0 || Math.max(a, isLine ? 0 : b) < radius + LEAST_BEYOND) return [];
  const outline = isLine
    ? [at.x - a, at.y - b, at.x + a, at.y - b, at.x + a, at.y + b, at.x - a, at.y + b]
    : ellipse(at, a, b);
  const { color } = clusterStyle(cluster);
  const look = { stroke: color, width: RING.width, opacity: RING.opacity * opacity } as const;
  const inside = within(outline, plot);
  if (inside.length < 6) return [];
  return [
    { kind: "area", points: inside, fill: color, opacity: FILL_OPACITY * opacity, cluster, isNoise: true },
    ...stretches([...outline, ...outline.slice(0, 2)], plot).map(
      (points): Mark => ({ kind: "line", points, cluster, ...look }),
    ),
  ];
}

function ellipse({ x, y }: Point, a: number, b: number): number[] {
  const n = Math.min(SIDES[1], Math.max(SIDES[0], Math.round((2 * Math.PI * Math.max(a, b)) / SIDE)));
  return Array.from({ length: n }, (_, i) => (2 * Math.PI * i) / n).flatMap((angle) => [
    x + a * Math.cos(angle),
    y + b * Math.sin(angle),
  ]);
}

/** The part of a convex polygon in a rectangle (Sutherland & Hodgman 1974). */
function within(polygon: readonly number[], { x, y, width, height }: Rect): number[] {
  const sides = [
    { axis: 0, sign: 1, limit: x },
    { axis: 0, sign: -1, limit: x + width },
    { axis: 1, sign: 1, limit: y },
    { axis: 1, sign: -1, limit: y + height },
  ] as const;
  return sides.reduce<readonly number[]>((points, { axis, sign, limit }) => {
    const kept: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const j = (i + 2) % points.length;
      const [p, q] = [sign * (points[i + axis] - limit), sign * (points[j + axis] - limit)];
      if (p >= 0) kept.push(points[i], points[i + 1]);
      if (p >= 0 === q >= 0) continue;
      const share = p / (p - q);
      kept.push(
        points[i] + share * (points[j] - points[i]),
        points[i + 1] + share * (points[j + 1] - points[i + 1]),
      );
    }
    return kept;
  }, polygon) as number[];
}

/** The parts of a line whose points are in a rectangle. */
function stretches(points: readonly number[], { x, y, width, height }: Rect): number[][] {
  const parts: number[][] = [[]];
  for (let i = 0; i < points.length; i += 2) {
    const [px, py] = [points[i], points[i + 1]];
    const isInside = px >= x && px <= x + width && py >= y && py <= y + height;
    if (isInside) parts.at(-1)!.push(px, py);
    else if (parts.at(-1)!.length > 0) parts.push([]);
  }
  return parts.filter((part) => part.length > 2);
}
