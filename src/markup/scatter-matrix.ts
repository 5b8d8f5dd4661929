import { TICK_SIZE } from "./chart-axis.js";
import { colourOf, type Ink, ON_PAPER } from "./palette.js";
import {
  type Axis,
  axisOf,
  gridOf,
  labelsWidth,
  spanOf,
  ticksAlong,
  xLabels,
  yLabels,
} from "./scatter-axis.js";
import { countDrawn, header, MARGIN, MOST_POINTS, occurring, radiusOf } from "./scatter-layout.js";
import { legend } from "./scatter-legend.js";
import { binned, hexagonMarks, placed, pointMarks } from "./scatter-marks.js";
import { type Box, element, rect, svgDocument, text } from "./svg.js";
import { shortened } from "./text-width.js";

/** What `scatterMatrixSvg` draws: each feature against each other. */
export interface ScatterMatrix {
  /** At least two, each with a value a point. */
  features: readonly { readonly name: string; readonly values: Float64Array }[];
  /** (n,) index of each point's category, -1 is none; null where points have no categories. */
  colour: Int32Array | null;
  categories: readonly string[] | null;
  /** What the categories are, e.g. "cluster"; default "". */
  colourName?: string;
  /** Of the picture, in pixels; default 720. */
  width?: number;
  /** Default `ON_PAPER`. */
  ink?: Ink;
  /** One line; "" for none. */
  title: string;
  /** What is said to those who do not see the picture. */
  description: string;
}

const GAP = 10;
const X_AXIS = 42;
const NAME = 16;
const BARS = 20;

/**
 * Draws a matrix of scatter plots as an SVG document: a column and a row a feature, of which the lower half is drawn, as
 * the upper one is its mirror image; on the diagonal how many points have each value of a feature.
 */
export function scatterMatrixSvg({
  features,
  colour,
  categories,
  colourName = "",
  width = 720,
  ink = ON_PAPER,
  title,
  description,
}: ScatterMatrix): string {
  const count = features.length;
  const spans = features.map(({ values }) => spanOf([values]));
  const left = MARGIN + Math.max(...spans.map((span) => labelsWidth(axisOf(span, -150, 3))));
  const size = (width - left - MARGIN - (count - 1) * GAP) / count;
  const x = spans.map((span) => axisOf(span, size, Math.min(4, ticksAlong(span, size))));
  const y = spans.map((span) => axisOf(span, -size, 3));
  const pairs = features.flatMap((_, row) =>
    Array.from({ length: row }, (__, column) => ({
      row,
      column,
      points: placed(
        { x: features[column].values, y: features[row].values, colour },
        { x: x[column], y: y[row] },
      ),
    })),
  );
  const counts = pairs.map(({ points }) => countDrawn(points));
  const isBinned =
    Math.max(...counts) > MOST_POINTS.panel || counts.reduce((sum, one) => sum + one, 0) > MOST_POINTS.all;
  const cell = Math.max(3, Math.min(5, size / 36));
  const hexagons = isBinned ? pairs.map(({ points }) => binned(points, cell)) : null;
  const most = Math.max(...(hexagons ?? []).flat().map((hexagon) => hexagon.count), 1);
  const head = header(title, width);
  const top = head.height + NAME + 8;
  const boxOf = (row: number, column: number): Box => ({
    x: left + column * (size + GAP),
    y: top + row * (size + GAP),
    width: size,
    height: size,
  });
  // The legend stands where the mirror image would.
  const hole = boxOf(0, 1);
  const n = features[0].values.length;
  const least = Math.min(...counts);
  const key = legend(
    {
      ink,
      categories: occurring([{ colour }], categories),
      colourName,
      meanName: null,
      hasContext: false,
      hexagons: isBinned ? { most, cell } : null,
      notes: [
        "On the diagonal: number of points by value",
        ...(least === n ? [] : [`${n - least} at most of a panel lack one of its values: not drawn`]),
      ],
    },
    { x: hole.x + 14, y: hole.y, width: width - MARGIN - hole.x - 14 },
  );
  const bottom = boxOf(count - 1, 0).y + size;
  const radius = Math.min(3, radiusOf(size * size, n));
  const cells = pairs.map(({ row, column, points }, i) => {
    const box = boxOf(row, column);
    const marks =
      hexagons === null
        ? pointMarks(points, radius, ink)
        : hexagonMarks(hexagons[i], { most, cell, isPlain: colour === null });
    const at = { transform: `translate(${Math.round(box.x * 10) / 10} ${Math.round(box.y * 10) / 10})` };
    return gridOf(box, x[column], y[row], ink) + element("g", at, marks);
  });
  const diagonal = features.map(({ name, values }, f) => {
    const box = boxOf(f, f);
    return (
      histogram(values, colour, x[f], box, ink) +
      text(box.x, box.y - 6, shortened(name, TICK_SIZE, width - MARGIN - box.x), { "font-weight": 600 })
    );
  });
  const labels = features.flatMap(({ name }, f) => {
    const below = boxOf(count - 1, f);
    return [
      xLabels(below, x[f], ink),
      text(below.x + size, bottom + 34, shortened(`${name} →`, TICK_SIZE, size), {
        "text-anchor": "end",
        fill: ink.quiet,
      }),
      ...(f === 0 ? [] : [yLabels(boxOf(f, 0), y[f], ink)]),
    ];
  });
  return svgDocument(
    [width, Math.ceil(bottom + X_AXIS)],
    [...head.parts, ...key.parts, ...cells, ...diagonal, ...labels],
    {
      title: title === "" ? `${features.map(({ name }) => name).join(", ")}` : title,
      description,
      "font-size": TICK_SIZE,
    },
    ink,
  );
}

/** Points by value, those of one category on top of those of another. */
function histogram(values: Float64Array, colour: Int32Array | null, axis: Axis, box: Box, ink: Ink): string {
  const counts = new Map<number, number[]>();
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const category = colour === null ? 0 : colour[i];
    const bars = counts.get(category) ?? new Array<number>(BARS).fill(0);
    counts.set(category, bars);
    bars[Math.min(BARS - 1, Math.floor((axis.at(value) / box.width) * BARS))] += 1;
  });
  const stacks = [...counts].sort(([a], [b]) => a - b);
  const totals = Array.from({ length: BARS }, (_, b) => stacks.reduce((sum, [, bars]) => sum + bars[b], 0));
  const unit = (0.92 * box.height) / Math.max(...totals, 1);
  const below = new Array<number>(BARS).fill(0);
  const parts = stacks.flatMap(([category, bars]) =>
    bars.flatMap((bar, b) => {
      if (bar === 0) return [];
      below[b] += bar;
      const width = box.width / BARS;
      const place = {
        x: box.x + b * width,
        y: box.y + box.height - below[b] * unit,
        width,
        height: bar * unit,
      };
      return [rect(place, { fill: colourOf(category), stroke: ink.paper, "stroke-width": 0.5 })];
    }),
  );
  const base = `M${box.x.toFixed(1)} ${(box.y + box.height).toFixed(1)}h${box.width.toFixed(1)}`;
  return `${parts.join("")}<path d="${base}" stroke="${ink.quiet}"/>`;
}
