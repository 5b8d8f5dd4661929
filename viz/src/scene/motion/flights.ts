import { ease, part } from "../frames/phases.js";
import type { Mark } from "../marks/marks.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { meanMark } from "../means/mean-marks.js";
import { between, type Point } from "../stage/places.js";

/* Means on their way between a client and the server: a symbol that draws a line behind it. */

/** A mean's way. */
export interface Flight {
  readonly cluster: number;
  readonly from: Point;
  readonly to: Point;
  /** Radius of its symbol at both ends. */
  readonly fromRadius: number;
  readonly toRadius: number;
  /** Opacity of its symbol at its end; at its beginning it is 1. */
  readonly toOpacity: number;
  /** Of the line. */
  readonly width: number;
  /** How late it sets out, 0 to 1. */
  readonly lag: number;
}

/** Share of the time by which the last one sets out later than the first. */
const LAG = 0.3;
/** How far the line's end is behind, as a share of the time. */
const TAIL = 0.4;
const PIECES = 14;
const LINE_OPACITY = 0.4;

/**
 * Means that are under way, all lines below all symbols. Nothing before the first moves or once all have arrived.
 *
 * @param progress 0 to 1
 * @param isWide whether they go from side to side, and not up or down
 */
export function flightMarks(
  flights: readonly Flight[],
  progress: number,
  isWide: boolean,
  theme: Theme,
): Mark[] {
  if (progress <= 0 || progress >= 1) return [];
  const own = flights.map((flight) => ({
    flight,
    time: part(progress * (1 + LAG) - LAG * flight.lag, 0, 1),
  }));
  return [
    ...own.flatMap(({ flight, time }) => lineMarks(flight, time, isWide)),
    ...own.map(({ flight, time }) => symbolMark(flight, time, isWide, theme)),
  ];
}

function symbolMark(flight: Flight, time: number, isWide: boolean, theme: Theme): Mark {
  const share = ease(time);
  const radius = flight.fromRadius + (flight.toRadius - flight.fromRadius) * share;
  const at = onTheWay(flight, share, isWide);
  return { ...meanMark(at, radius, flight.cluster, theme), opacity: 1 + (flight.toOpacity - 1) * share };
}

function lineMarks(flight: Flight, time: number, isWide: boolean): Mark[] {
  const head = ease(time);
  const tail = ease(part(time, TAIL, 1));
  if (head - tail < 1e-3) return [];
  const points: number[] = [];
  for (let i = 0; i <= PIECES; i++) {
    const at = onTheWay(flight, tail + ((head - tail) * i) / PIECES, isWide);
    points.push(at.x, at.y);
  }
  const { color } = clusterStyle(flight.cluster);
  const { cluster, width } = flight;
  return [{ kind: "line", cluster, points, stroke: color, width, opacity: LINE_OPACITY }];
}

/** On a curve that leaves one side level, or upright, and arrives so at the other. */
function onTheWay({ from, to }: Pick<Flight, "from" | "to">, share: number, isWide: boolean): Point {
  const middle = between(from, to, 0.5);
  const leave = isWide ? { x: middle.x, y: from.y } : { x: from.x, y: middle.y };
  const arrive = isWide ? { x: middle.x, y: to.y } : { x: to.x, y: middle.y };
  const rest = 1 - share;
  const [a, b, c, d] = [rest ** 3, 3 * rest ** 2 * share, 3 * rest * share ** 2, share ** 3];
  return {
    x: a * from.x + b * leave.x + c * arrive.x + d * to.x,
    y: a * from.y + b * leave.y + c * arrive.y + d * to.y,
  };
}
