import { TICK_SIZE } from "./chart-axis.js";
import { type Ink, ON_PAPER } from "./palette.js";
import {
  axisOf,
  gridOf,
  labelsWidth,
  type Span,
  spanOf,
  ticksAlong,
  xLabels,
  yLabels,
} from "./scatter-axis.js";
import {
  countDrawn,
  header,
  leftOut,
  MARGIN,
  MOST_POINTS,
  occurring,
  PANEL_GAP,
  radiusOf,
} from "./scatter-layout.js";
import { legend } from "./scatter-legend.js";
import { binned, dots, hexagonMarks, type Placed, placed, pointMarks } from "./scatter-marks.js";
import { meanMarks, type ScatterMean } from "./scatter-means.js";
import { type Box, element, svgDocument, text } from "./svg.js";
import { roughWidth, shortened } from "./text-width.js";

/** Some points, e.g. a client's. */
export interface ScatterPanel {
  /** Above the panel; "" for none. */
  title: string;
  /** (n,) where it is not finite, the point is left out, and counted in the legend. */
  x: Float64Array;
  /** (n,) */
  y: Float64Array;
  /** (n,) index of each point's category, -1 is none; null where points have no categories. */
  colour: Int32Array | null;
  /** Drawn over the points, with their labels. */
  means?: readonly ScatterMean[];
}

/** What `scatterSvg` draws. */
export interface Scatter {
  /** At least one; all have the same axes. */
  panels: readonly ScatterPanel[];
  /** What x is, with its unit where it has one. */
  xName: string;
  yName: string;
  /** Names of the categories; null where points have none. */
  categories: readonly string[] | null;
  /** What the categories are, e.g. "cluster"; default "". */
  colourName?: string;
  /** What means are called in the legend; default "global mean". */
  meanName?: string;
  /** Panels beside one another; by default as many as can be read. */
  columns?: number;
  /** Of the picture, in pixels; default 720. */
  width?: number;
  /** Default `ON_PAPER`. */
  ink?: Ink;
  /** Whether a unit is as long along y as along x, as it is to be for principal components; default false. */
  isEqual?: boolean;
  /** Whether each panel shows, in grey, the points of the others too; default false. */
  hasContext?: boolean;
  /** What else is to be known of the points, in the legend; default "". */
  note?: string;
  /** One line, above the panels; "" for none. */
  title: string;
  /** What is said to those who do not see the picture. */
  description: string;
}

const ROW_GAP = 12;
const PANEL_TITLE = 20;
/** Numbers at the ticks and the name of the axis. */
const X_AXIS = 42;
const LEAST_PANEL = 140;

/**
 * Draws points as an SVG document: panels on the same axes in a grid, a colour and a shape a category, one legend.
 * Points of which there are too many to be told apart are counted in hexagons: the more points, the larger the
 * hexagon, in the colour of most of them.
 */
export function scatterSvg({
  panels,
  xName,
  yName,
  categories,
  colourName = "",
  meanName = "global mean",
  columns = columnsOf(panels.length),
  width = 720,
  ink = ON_PAPER,
  isEqual = false,
  hasContext = false,
  note = "",
  title,
  description,
}: Scatter): string {
  const means = panels.flatMap((panel) => panel.means ?? []);
  const edges = (at: number, error = 0) => (error === 0 ? [at] : [at - error, at + error]);
  const spans = {
    x: spanOf([...panels.map(({ x }) => x), means.flatMap(({ x, error }) => edges(x, error))]),
    y: spanOf([...panels.map(({ y }) => y), means.flatMap(({ y, error }) => edges(y, error))]),
  };
  const left =
    MARGIN + Math.max(labelsWidth(axisOf(spans.y, -300, 5)), labelsWidth(axisOf(spans.y, -160, 4)));
  const nColumns = Math.max(
    1,
    Math.min(columns, panels.length, Math.floor((width - left) / (LEAST_PANEL + PANEL_GAP)) || 1),
  );
  const panelWidth = (width - left - MARGIN - (nColumns - 1) * PANEL_GAP) / nColumns;
  const panelHeight = panelWidth * aspectOf(spans, nColumns, isEqual);
  const { x: xSpan, y: ySpan } = isEqual ? equalUnits(spans, panelWidth, panelHeight) : spans;
  const axes = {
    x: axisOf(xSpan, panelWidth, ticksAlong(xSpan, panelWidth)),
    y: axisOf(ySpan, -panelHeight, Math.max(3, Math.min(6, Math.floor(panelHeight / 45)))),
  };
  const all = panels.map((panel) => placed(panel, axes));
  const counts = all.map(countDrawn);
  const total = counts.reduce((sum, one) => sum + one, 0);
  const isBinned = Math.max(...counts) > MOST_POINTS.panel || total > MOST_POINTS.all;
  const cell = Math.max(4, Math.min(8, panelWidth / 70));
  const hexagons = isBinned ? all.map((points) => binned(points, cell)) : null;
  const most = Math.max(...(hexagons ?? []).flat().map((hexagon) => hexagon.count), 1);
  const head = header(title, width);
  const isShownAround = hasContext && panels.length > 1 && !isBinned;
  const key = legend(
    {
      ink,
      categories: occurring(panels, categories),
      colourName,
      meanName: means.length === 0 ? null : meanName,
      hasContext: isShownAround,
      hexagons: isBinned ? { most, cell } : null,
      notes: [
        ...(note === "" ? [] : [note]),
        ...leftOut(panels.reduce((sum, { x }) => sum + x.length, 0) - total),
      ],
    },
    { x: MARGIN, y: head.height, width: width - 2 * MARGIN },
  );
  const top = head.height + key.height + (key.height > 0 ? 6 : 0) + 22;
  const titled = panels.some((panel) => panel.title !== "") ? PANEL_TITLE : 0;
  const step = panelHeight + ROW_GAP + titled;
  const boxes = panels.map(
    (_, i): Box => ({
      x: left + (i % nColumns) * (panelWidth + PANEL_GAP),
      y: top + titled + Math.floor(i / nColumns) * step,
      width: panelWidth,
      height: panelHeight,
    }),
  );
  const radius = radiusOf(panelWidth * panelHeight, Math.max(...counts));
  const context = isShownAround ? around(all, ink, radius) : null;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const parts = boxes.map((box, i) => {
    const panel = panels[i];
    const marks =
      hexagons === null
        ? pointMarks(all[i], radius, ink)
        : hexagonMarks(hexagons[i], { most, cell, isPlain: panel.colour === null });
    const over = (panel.means ?? []).map(({ error, ...mean }) => {
      const at = { x: axes.x.at(mean.x), y: axes.y.at(mean.y) };
      if (error === undefined) return { ...mean, ...at };
      const disc = [axes.x.at(mean.x + error) - at.x, at.y - axes.y.at(mean.y + error)] as const;
      return { ...mean, ...at, disc };
    });
    return [
      ...(titled > 0 ? [panelTitle(panel.title, counts[i], box, ink)] : []),
      gridOf(box, axes.x, axes.y, ink),
      ...(i % nColumns === 0 ? [yLabels(box, axes.y, ink)] : []),
      ...(i + nColumns >= panels.length ? [xLabels(box, axes.x, ink)] : []),
      element(
        "g",
        { transform: `translate(${Math.round(box.x * 10) / 10} ${Math.round(box.y * 10) / 10})` },
        [context?.use ?? "", marks, meanMarks(over, ink)].join("\n"),
      ),
    ].join("\n");
  });
  const names = [
    text(left, top - 8, shortened(`↑ ${yName}`, TICK_SIZE, width - left - MARGIN), { fill: ink.quiet }),
    text(width - MARGIN, bottom + 34, shortened(`${xName} →`, TICK_SIZE, width - left - MARGIN), {
      "text-anchor": "end",
      fill: ink.quiet,
    }),
  ];
  return svgDocument(
    [width, Math.ceil(bottom + X_AXIS)],
    [...head.parts, ...key.parts, ...names, ...(context === null ? [] : [context.definition]), ...parts],
    { title: title === "" ? `${yName} by ${xName}` : title, description, "font-size": TICK_SIZE },
    ink,
  );
}

function columnsOf(count: number): number {
  if (count <= 3) return count;
  return count === 4 ? 2 : count <= 6 ? 3 : 4;
}

/** Height of a panel, of its width. */
function aspectOf({ x, y }: { x: Span; y: Span }, nColumns: number, isEqual: boolean): number {
  const usual = nColumns === 1 ? 0.6 : nColumns === 2 ? 0.8 : 1;
  if (!isEqual) return usual;
  return Math.max(0.5, Math.min(nColumns === 1 ? 0.7 : 1.15, (y.high - y.low) / (x.high - x.low)));
}

/** Spans in which a unit has the same length on both axes. */
function equalUnits({ x, y }: { x: Span; y: Span }, width: number, height: number): { x: Span; y: Span } {
  const unit = Math.max((x.high - x.low) / width, (y.high - y.low) / height);
  const wide = ({ low, high }: Span, length: number): Span => {
    const more = (unit * length - (high - low)) / 2;
    return { low: low - more, high: high + more };
  };
  return { x: wide(x, width), y: wide(y, height) };
}

function panelTitle(title: string, count: number, box: Box, ink: Ink): string {
  const n = `n = ${count.toLocaleString("en")}`;
  const room = box.width - roughWidth(n, 11) - 8;
  return (
    text(box.x, box.y - 6, shortened(title, 12.5, room), { "font-weight": 600, "font-size": 12.5 }) +
    text(box.x + box.width, box.y - 6, n, { "text-anchor": "end", "font-size": 11, fill: ink.quiet })
  );
}

/** The points of all panels, written once and shown in each. */
function around(
  all: readonly Placed[],
  ink: Ink,
  radius: number,
): { readonly definition: string; readonly use: string } {
  const d = all.map(dots).join("");
  const id = `all-${hashOf(d)}`;
  const look = { stroke: ink.faint, "stroke-width": 1.2 * radius, "stroke-linecap": "round", fill: "none" };
  return {
    definition: element("defs", {}, element("path", { id, d, ...look })),
    use: element("use", { href: `#${id}` }),
  };
}

/** Tells the paths of several pictures of a page apart. */
function hashOf(content: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < content.length; i++) hash = Math.imul(hash ^ content.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
