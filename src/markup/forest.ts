import { linearScale, TICK_SIZE, tickLabels, ticksOver, withoutOverlap } from "./chart-axis.js";
import { colourOf, type Ink, ON_PAPER } from "./palette.js";
import { circle, line, rect, svgDocument, text } from "./svg.js";
import { roughWidth, shortened } from "./text-width.js";

/** An estimate and its interval. */
export interface ForestRow {
  readonly name: string;
  readonly value: number;
  /** Ends of its interval; null of one value alone. */
  readonly low: number | null;
  readonly high: number | null;
}

/** What `forestSvg` draws. */
export interface Forest {
  readonly rows: readonly ForestRow[];
  /** What the values are. */
  readonly name: string;
  readonly description: string;
  readonly ink?: Ink;
  readonly width?: number;
}

const LINE = 24;
const TOP = 30;
const BELOW = 30;
const RIGHT = 20;

/** Draws estimates below one another with their intervals, beside a line at 0, as an SVG document. */
export function forestSvg({ rows, name, description, ink = ON_PAPER, width = 720 }: Forest): string {
  const most = width * 0.45;
  const names = rows.map((row) => shortened(row.name, TICK_SIZE, most));
  const left = 16 + Math.max(...names.map((one) => roughWidth(one, TICK_SIZE)));
  const bottom = TOP + rows.length * LINE;
  const ticks = ticksOver([0, ...rows.flatMap(({ value, low, high }) => [low ?? value, high ?? value])]);
  const x = linearScale(ticks, left, width - RIGHT, 0);
  const labels = tickLabels(ticks);
  const shown = withoutOverlap(labels, ticks.map(x));
  const parts = [
    text(left, 16, name, { "font-weight": 600 }),
    ...ticks.map((tick) => line([x(tick), TOP], [x(tick), bottom], { stroke: ink.grid })),
    line([x(0), TOP - 4], [x(0), bottom], { stroke: ink.text }),
    ...[...shown].map((i) =>
      text(x(ticks[i]), bottom + 18, labels[i], { "text-anchor": "middle", fill: ink.quiet }),
    ),
    ...rows.flatMap(({ value, low, high }, i) => {
      const y = TOP + (i + 0.5) * LINE;
      const colour = colourOf(0);
      return [
        text(left - 8, y + 4, names[i], { "text-anchor": "end" }),
        ...(low === null || high === null
          ? []
          : [
              rect(
                { x: x(low), y: y - 1.5, width: Math.max(0, x(high) - x(low)), height: 3 },
                { fill: colour },
              ),
            ]),
        circle([x(value), y], 4.5, { fill: colour, stroke: ink.paper, "stroke-width": 1.5 }),
      ];
    }),
  ];
  return svgDocument(
    [width, bottom + BELOW],
    parts,
    { title: name, description, "font-size": TICK_SIZE },
    ink,
  );
}
