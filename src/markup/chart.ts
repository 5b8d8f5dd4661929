import { TICK_SIZE } from "./chart-axis.js";
import { namesBelow } from "./chart-names.js";
import { drawPanel, type PanelPlace } from "./chart-panel.js";
import { placeAll } from "./chart-scales.js";
import { type Ink, ON_PAPER } from "./palette.js";
import { element, svgDocument } from "./svg.js";

/** A line of a chart; points in any order. */
export interface Series {
  /** Beside its end, below the panel, or where panels have the same names above all; empty for the only line of a panel. */
  name: string;
  /** `low` and `high` are the ends of an interval about y, drawn where they differ; each is y by default. */
  points: { x: number | string; y: number; low?: number | null; high?: number | null }[];
}

/** One panel of a chart. */
export interface Panel {
  title: string;
  xLabel: string;
  yLabel: string;
  series: readonly Series[];
  /** The values of x in their order, where x is not a number. Default null: x is a number. */
  categories?: readonly string[] | null;
  /** A value of x to point out. Default null: none. */
  mark?: number | null;
}

/** Options of `chart`. */
export interface ChartOptions {
  /** Default `ON_PAPER`. */
  ink?: Ink;
  /** Of the picture, in pixels; default 720. */
  width?: number;
  /** Panels beside one another; default 1. */
  columns?: number;
  /** How intervals are drawn: a bar a point, or where x is a number an area along the line; default "bars". */
  intervals?: "bars" | "bands";
  /** Whether panels whose axes have the same name have the same axis, so that they can be compared; default true. */
  isShared?: boolean;
}

const PANEL_GAP = 24;
const PAD = 16;

/**
 * Draws panels as an SVG document, which browsers and notebooks show as it is; its title and description say what is in
 * them. Lines that have the same names in all panels are named once.
 *
 * @param panels at least one
 */
export function chart(
  panels: readonly Panel[],
  { ink = ON_PAPER, width = 720, columns = 1, intervals = "bars", isShared = true }: ChartOptions = {},
): string {
  const nColumns = Math.max(1, Math.min(columns, panels.length));
  const names = commonNames(panels);
  const key = namesBelow(
    names.map((name, index) => ({ index, name, end: null })),
    { x: PAD, y: PAD + 6, width: width - 2 * PAD },
    ink,
  );
  const all = placeAll(panels, isShared);
  const cellWidth = (width - (nColumns - 1) * PANEL_GAP) / nColumns;
  const parts = [...key.parts];
  let top = key.height;
  for (let first = 0; first < panels.length; first += nColumns) {
    const row = all.slice(first, first + nColumns);
    const place: PanelPlace = {
      width: cellWidth,
      isNamed: names.length === 0,
      isNarrow: nColumns > 1,
      intervals,
    };
    const drawn = row.map((one) => drawPanel(one, place, ink, row));
    drawn.forEach(({ content }, i) => {
      const left = Math.round(i * (cellWidth + PANEL_GAP) * 10) / 10;
      parts.push(element("g", { transform: `translate(${left} ${top})` }, content));
    });
    top += Math.max(...drawn.map(({ height }) => height));
  }
  const title = panels.map((panel) => panel.title).join("; ");
  const words = { title, description: panels.map(described).join(" "), "font-size": TICK_SIZE };
  return svgDocument([width, Math.ceil(top)], parts, words, ink);
}

/** The names of the lines, where several panels have the same ones. */
function commonNames(panels: readonly Panel[]): string[] {
  const [first, ...others] = panels.map(({ series }) => series.map(({ name }) => name));
  const isSame = others.length > 0 && others.every((names) => names.join("\n") === first.join("\n"));
  return isSame && first.some((name) => name !== "") ? first : [];
}

/** "adjusted Rand index by noise: fkm 0.1: 0.93 (0.9 to 0.95), 0.2: ...". */
function described({ xLabel, yLabel, series }: Panel): string {
  const lines = series.map(({ name, points }) => {
    const values = points.map(({ x, y, low, high }) => {
      const interval =
        low == null || high == null || low === high ? "" : ` (${brief(low)} to ${brief(high)})`;
      return `${x}: ${brief(y)}${interval}`;
    });
    return `${name === "" ? "" : `${name} `}${values.join(", ")}`;
  });
  return `${yLabel}${xLabel === "" ? "" : ` by ${xLabel}`}: ${lines.join("; ")}.`;
}

function brief(value: number): string {
  return String(Number(value.toPrecision(4)));
}
