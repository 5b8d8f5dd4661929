import type { View } from "../frames/frame.js";
import type { LineMark, Mark, RectMark, SymbolMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, N_STYLES, type Theme } from "../marks/theme.js";
import type { Layout, Rect } from "../stage/layout.js";
import { POINT_OPACITY } from "../stage/point-size.js";
import type { Stage } from "../stage/stage.js";
import { countText } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";

/* What the marks of a frame mean: of those that are in it, and drawn as they are. */

/** One kind of mark. */
export interface LegendEntry {
  readonly text: string;
  /** Draws it about a point, at most SWATCH wide. */
  swatch(x: number, y: number): Mark[];
}

/** What a frame shows, in the order of its legend. */
export interface Legend {
  readonly entries: readonly LegendEntry[];
  /** Numbers of rows whose circles tell the size of a group, and the radius of one row; null where none do. */
  readonly sizes: { readonly radius: number; readonly told: readonly number[] } | null;
}

const HEADING = 20;
const LINE = 17;
const SWATCH = 22;
const GAP = 6;
const SYMBOL = 5.5;
/** Shorter flows are below the symbols at their ends. */
const LEAST_FLOW = 12;

/** The kinds of marks a legend tells apart. */
type Kind =
  | "row"
  | "group"
  | "density"
  | "outside"
  | "bar"
  | "withheldRows"
  | "local"
  | "crowd"
  | "flow"
  | "sent"
  | "dropped"
  | "withheld"
  | "mean"
  | "noise"
  | "step"
  | "path";

const ORDER: readonly Kind[] = [
  "row",
  "group",
  "density",
  "outside",
  "bar",
  "withheldRows",
  "local",
  "crowd",
  "flow",
  "sent",
  "dropped",
  "withheld",
  "mean",
  "noise",
  "step",
  "path",
];

const TEXTS: Readonly<Record<View, Partial<Record<Kind, string>>>> = {
  local: {
    sent: "mean as sent",
    dropped: "none of its rows",
    withheld: "mean withheld",
    mean: "its own mean",
    step: "step of a mean",
    path: "since round 0",
  },
  aggregation: {
    local: "local mean",
    crowd: "many local means",
    flow: "goes into",
    sent: "mean before",
    mean: "global mean",
    step: "step of a mean",
    path: "since round 0",
  },
  global: {
    sent: "mean before",
    mean: "global mean",
    step: "step of a mean",
    path: "since round 0",
  },
};

/** What halos around means are. */
export const NOISE_TEXT = "± 1 standard error of the noise";

const COMMON: Partial<Record<Kind, string>> = {
  row: "a row",
  group: "a group of rows",
  density: "denser: more rows",
  outside: "beyond the axes",
  bar: "rows by cluster",
  withheldRows: "withheld rows",
  noise: NOISE_TEXT,
};

const CLUSTER_COLORS = new Set(Array.from({ length: N_STYLES }, (_, cluster) => clusterStyle(cluster).color));

/**
 * What a frame's marks mean.
 *
 * @param marks of the frame's view, without its header and sidebar
 */
export function legendOf(stage: Stage, view: View, marks: readonly Mark[]): Legend {
  const { theme, layout, groupSizes } = stage;
  const found = new Map<Kind, Map<string, Mark>>();
  for (const mark of marks) {
    const kind = kindOf(mark, view, layout, theme);
    if (kind === null) continue;
    const byColor = found.get(kind) ?? new Map<string, Mark>();
    const color = colorOf(mark);
    if (!byColor.has(color)) byColor.set(color, mark);
    found.set(kind, byColor);
  }
  const favourite = commonest([...found.values()].flatMap((byColor) => [...byColor.keys()]));
  const entries = ORDER.flatMap((kind): LegendEntry[] => {
    const byColor = found.get(kind);
    const mark = byColor?.get(favourite) ?? byColor?.values().next().value;
    const text = TEXTS[view][kind] ?? COMMON[kind];
    if (mark === undefined || text === undefined) return [];
    return [{ text, swatch: (x, y) => swatchOf(kind, mark, favourite, x, y, theme) }];
  });
  const areSized = found.has("group") && groupSizes !== null && groupSizes.told.length > 0;
  return { entries, sizes: areSized ? groupSizes : null };
}

/** The colour of the cluster a mark is of; "" where it is of none, or of many. */
function colorOf(mark: Mark): string {
  const colors = [
    mark.kind === "symbol" || mark.kind === "rect" || mark.kind === "area" ? mark.fill : undefined,
  ];
  if (mark.kind !== "text" && mark.kind !== "chip" && mark.kind !== "points") colors.push(mark.stroke);
  return colors.find((color) => color !== undefined && CLUSTER_COLORS.has(color)) ?? "";
}

/** The colour that occurs most often, so that as many entries as may be are of one cluster. */
function commonest(colors: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const color of colors) if (color !== "") counts.set(color, (counts.get(color) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ["", 0])[0];
}

function kindOf(mark: Mark, view: View, layout: Layout, theme: Theme): Kind | null {
  switch (mark.kind) {
    case "points":
      if (mark.as === "density") return "density";
      return mark.weights === null ? "row" : "group";
    case "flow":
      return Math.hypot(mark.x2 - mark.x1, mark.y2 - mark.y1) < LEAST_FLOW ? null : "flow";
    case "area":
      if (mark.isNoise) return "noise";
      return mark.fill === theme.muted ? "outside" : "crowd";
    case "rect":
      if (mark.fill !== undefined && CLUSTER_COLORS.has(mark.fill)) return "bar";
      return mark.stroke !== undefined && CLUSTER_COLORS.has(mark.stroke) ? "withheldRows" : null;
    case "line":
      if (mark.casing === undefined) return null;
      if (mark.head !== undefined) return "step";
      // A line from a number to its mean does not fade.
      return mark.opacity !== undefined && CLUSTER_COLORS.has(mark.stroke) ? "path" : null;
    case "symbol":
      return view === "aggregation" && inside(mark, layout.senders) ? null : symbolKind(mark, view, theme);
    default:
      return null;
  }
}

function symbolKind({ fill, stroke, opacity, struck }: SymbolMark, view: View, theme: Theme): Kind | null {
  if (struck) return "withheld";
  if (fill === undefined) return null;
  if (fill === theme.panel) {
    if (stroke === undefined || !CLUSTER_COLORS.has(stroke)) return null;
    return view === "local" && opacity !== undefined && opacity < 0.6 ? "dropped" : "sent";
  }
  if (!CLUSTER_COLORS.has(fill)) return null;
  if (view === "aggregation" && opacity !== undefined && opacity < 1) return "local";
  return stroke === undefined ? null : "mean";
}

function inside({ x, y }: SymbolMark, area: Rect): boolean {
  return x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height;
}

function swatchOf(kind: Kind, mark: Mark, favourite: string, x: number, y: number, theme: Theme): Mark[] {
  const left = x - SWATCH / 2;
  switch (mark.kind) {
    case "symbol":
      return [{ ...mark, x, y, radius: Math.min(mark.radius, SYMBOL) }];
    case "points": {
      if (kind === "density") return densitySwatch(left, y, theme);
      const { color, shape } = mark.styles.find((style) => style.color === favourite) ?? mark.styles[0];
      const radius = kind === "row" ? Math.max(2.4, mark.radius) : 4;
      return [{ kind: "symbol", shape, x, y, radius, fill: color, opacity: mark.opacity }];
    }
    case "flow":
      return [
        {
          ...mark,
          x1: left,
          y1: y + 2,
          x2: left + SWATCH,
          y2: y + 2,
          width: Math.min(4, Math.max(1.6, mark.width)),
        },
      ];
    case "area":
      if (kind === "noise")
        return [{ ...mark, points: ring(x, y, 7, 7), stroke: mark.fill, strokeWidth: 1.2 }];
      if (kind === "outside") return [{ ...mark, points: [x - 4, y, x + 4, y - 5, x + 4, y + 5] }];
      return [{ ...mark, points: ring(x, y, 10, 6) }];
    case "rect":
      return [rectSwatch(mark, x, y)];
    case "line":
      return kind === "path"
        ? pathSwatch(mark, left, y, theme)
        : [{ ...mark, points: [left, y, left + SWATCH, y] }];
    default:
      return [];
  }
}

function rectSwatch({ fill, stroke, strokeWidth = 1 }: RectMark, x: number, y: number): Mark {
  const place = { x: x - 9, y: y - 4.5, width: 18, height: 9 };
  if (stroke === undefined) return { kind: "rect", ...place, ...(fill && { fill }) };
  return { kind: "rect", ...place, ...(fill && { fill }), stroke, strokeWidth };
}

function pathSwatch({ stroke }: LineMark, left: number, y: number, theme: Theme): Mark[] {
  const third = SWATCH / 3;
  return [0.35, 0.6, 0.85].flatMap((opacity, i): Mark[] => {
    const x = left + i * third;
    return [
      { kind: "line", points: [x, y, x + third, y], stroke, width: 2, opacity },
      { kind: "symbol", shape: "circle", x, y, radius: 1.8, fill: theme.accent, opacity },
    ];
  });
}

/** From few rows to many. */
function densitySwatch(left: number, y: number, theme: Theme): Mark[] {
  const n = 5;
  return Array.from({ length: n }, (_, i) => ({
    kind: "rect",
    x: left + (i * SWATCH) / n,
    y: y - 4,
    width: SWATCH / n,
    height: 8,
    fill: theme.muted,
    opacity: (0.92 * (i + 1)) / n,
  }));
}

function ring(x: number, y: number, a: number, b: number): number[] {
  return Array.from({ length: 24 }, (_, i) => (i * Math.PI) / 12).flatMap((angle) => [
    x + a * Math.cos(angle),
    y + b * Math.sin(angle),
  ]);
}

/** Columns of entries, and how wide each is. */
function columnsOf({ entries }: Legend, width: number): number {
  const widest = Math.max(0, ...entries.map(({ text }) => textWidth(text, SIZES.tick))) + SWATCH + GAP;
  return Math.max(1, Math.min(3, Math.floor((width + GAP) / (widest + GAP))));
}

/** Height that a legend needs. */
export function legendHeight(legend: Legend, width: number): number {
  const { entries, sizes } = legend;
  if (entries.length === 0) return 0;
  return HEADING + LINE * (Math.ceil(entries.length / columnsOf(legend, width)) + (sizes === null ? 0 : 1));
}

/** The legend, of which what has no room is left out from its end. */
export function legendMarks(legend: Legend, area: Rect, theme: Theme): Mark[] {
  const { entries, sizes } = legend;
  if (entries.length === 0) return [];
  const columns = columnsOf(legend, area.width);
  const lines = Math.floor((area.height - HEADING) / LINE) - (sizes === null ? 0 : 1);
  const perColumn = Math.min(lines, Math.ceil(entries.length / columns));
  const label = { kind: "text", size: SIZES.tick, fill: theme.muted } as const;
  const marks: Mark[] = [
    {
      kind: "text",
      x: area.x,
      y: area.y + 13,
      text: "Legend",
      size: SIZES.body,
      weight: "semibold",
      fill: theme.text,
    },
  ];
  const width = (area.width - (columns - 1) * GAP) / columns;
  entries.slice(0, Math.max(0, columns * perColumn)).forEach(({ text, swatch }, i) => {
    const x = area.x + Math.floor(i / perColumn) * (width + GAP);
    const y = area.y + HEADING + (i % perColumn) * LINE + LINE / 2;
    marks.push(...swatch(x + SWATCH / 2, y), { ...label, x: x + SWATCH + GAP, y: y + 4, text });
  });
  if (sizes !== null) {
    const y = area.y + HEADING + perColumn * LINE + LINE / 2;
    let x = area.x;
    for (const size of sizes.told) {
      const radius = sizes.radius * Math.sqrt(size);
      const text = countText(size);
      marks.push(
        {
          kind: "symbol",
          shape: "circle",
          x: x + radius,
          y,
          radius,
          fill: theme.rows,
          opacity: POINT_OPACITY,
        },
        { ...label, x: x + 2 * radius + 4, y: y + 4, text },
      );
      x += 2 * radius + 4 + textWidth(text, SIZES.tick) + 10;
    }
    const text = "rows: by area";
    marks.push({ ...label, x, y: y + 4, text, maxWidth: area.x + area.width - x });
  }
  return marks;
}
