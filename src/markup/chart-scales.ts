import type { Panel } from "./chart.js";
import { type Range, rangeOver, ticksOver } from "./chart-axis.js";

/** A point with its place along x and its interval, which is y alone where none is given. */
export interface Drawn {
  readonly at: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** A panel, its lines as numbers, and what its axes span. */
export interface PlacedPanel {
  readonly panel: Panel;
  /** A line each, by x. */
  readonly drawn: readonly (readonly Drawn[])[];
  readonly x: Range;
  readonly y: Range;
}

/** @param isShared whether axes of the same name span the same in all panels */
export function placeAll(panels: readonly Panel[], isShared: boolean): PlacedPanel[] {
  const all = panels.map((panel) => ({
    panel,
    drawn: panel.series.map(({ points }) => placed(points, panel)),
  }));
  const alike = (one: Panel, name: (panel: Panel) => string) =>
    all.filter(({ panel }) => panel === one || (isShared && name(panel) === name(one)));
  return all.map(({ panel, drawn }) => {
    const ofY = alike(panel, ({ yLabel }) => yLabel).flatMap((other) => other.drawn.flat());
    const ofX = alike(panel, ({ xLabel, categories = null }) => `${xLabel}\n${categories?.join("\n")}`);
    return {
      panel,
      drawn,
      x: xRange(
        panel,
        ofX.flatMap((other) => other.drawn.flat()).map(({ at }) => at),
      ),
      y: rangeOver(ofY.flatMap(({ low, high }) => [low, high])),
    };
  });
}

function placed(points: Panel["series"][number]["points"], { categories = null }: Panel): Drawn[] {
  return points
    .map(({ x, y, low, high }): Drawn => {
      const at = categories === null ? Number(x) : categories.indexOf(String(x));
      return { at, y, low: low ?? y, high: high ?? y };
    })
    .sort((a, b) => a.at - b.at);
}

/** Values of x up to this number have a tick each. */
const MOST_TICKS = 12;

function xRange({ categories = null, mark = null }: Panel, values: readonly number[]): Range {
  if (categories !== null) return { ticks: categories.map((_, i) => i), low: 0, high: categories.length - 1 };
  const all = mark === null ? values : [...values, mark];
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const ticks = distinct.length <= MOST_TICKS ? distinct : ticksOver(values);
  return { ticks, low: Math.min(...all, ...ticks), high: Math.max(...all, ...ticks) };
}
