import type { Layer, Mark, PointsMark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import type { RowCounts } from "../stage/counts.js";
import { isDense, pointRadius } from "../stage/fullest.js";
import { countsArea } from "../stage/layout.js";
import { POINT_OPACITY } from "../stage/point-size.js";
import { labelsIn, type Panel, type Stage } from "../stage/stage.js";
import { plural } from "../text/numbers.js";
import { textWidth } from "../text/text-width.js";
import { countBar } from "./count-bar.js";
import { emptyText } from "./empty-text.js";
import { outsideMarks } from "./outside.js";
import { axesMarks, axisTitles } from "./panel-axes.js";
import { titleMarks } from "./panel-title.js";

/** Frames, grids and axes of the clients' panels: the same in every round. */
export function panelsLayer(stage: Stage): Layer {
  let layer = known.get(stage);
  if (layer === undefined) {
    layer = { key: "panels", marks: emptyPanels(stage), opacity: 1 };
    known.set(stage, layer);
  }
  return layer;
}

const known = new WeakMap<Stage, Layer>();

function emptyPanels(stage: Stage): Mark[] {
  const { panels, theme } = stage;
  const marks = panels.flatMap((panel): Mark[] => [
    ...frameMarks(panel, theme),
    ...axesMarks(panel.plot, panel.scale, theme),
    ...(panel.points === null && panel.clients.length > 0 ? [emptyText(stage, panel)] : []),
  ]);
  const rects = panels.map(({ rect }) => rect);
  marks.push(...axisTitles(rects, stage.axes, theme));
  return marks;
}

/**
 * The rows of every client, or the groups that stand for them.
 *
 * @param roundIndex whose means colour them; null leaves them grey
 */
export function pointsLayer(stage: Stage, roundIndex: number | null, opacity = 1): Layer {
  const marks = stage.panels.flatMap((panel) => {
    const mark = pointsMark(stage, panel, roundIndex);
    if (mark === null) return [];
    return [mark, ...outsideOf(panel, stage.theme)];
  });
  return { key: `points/${roundIndex}`, marks, opacity };
}

/** Points do not move: those outside are looked for once. */
const outside = new WeakMap<Panel, Mark[]>();

function outsideOf(panel: Panel, theme: Theme): Mark[] {
  let marks = outside.get(panel);
  if (marks === undefined) {
    marks = panel.points === null ? [] : outsideMarks(panel.points, panel.plot, theme);
    outside.set(panel, marks);
  }
  return marks;
}

function pointsMark(stage: Stage, panel: Panel, roundIndex: number | null): PointsMark | null {
  const { points, weights, plot } = panel;
  if (points === null) return null;
  const dense = isDense(panel, stage.groupSizes);
  const k = roundIndex === null ? 0 : stage.experiment.rounds[roundIndex].k;
  return {
    kind: "points",
    ...plot,
    positions: points,
    weights,
    labels: roundIndex === null ? null : labelsIn(stage, panel, roundIndex),
    styles:
      roundIndex === null
        ? [{ color: stage.theme.rows, shape: "circle" }]
        : Array.from({ length: k }, (_, cluster) => clusterStyle(cluster)),
    as: dense ? "density" : "symbols",
    radius: pointRadius(panel, stage.groupSizes),
    opacity: roundIndex === null ? 0.55 : POINT_OPACITY,
    fullest: dense ? stage.fullest : null,
  };
}

/** What a panel shows and how many of it: rows, also those that groups stand for, or groups; null where unknown. */
function shownText({ nSamples, nGroups, weights }: Panel): string | null {
  const rows = nSamples === null || weights !== null ? [] : [plural(nSamples, "row")];
  const groups = nGroups === null ? [] : [plural(nGroups, "group")];
  const parts = [...rows, ...groups];
  return parts.length === 0 ? null : parts.join(", ");
}

/** The same in fewer and fewer words. */
export function shownNotes(panel: Panel): string[] {
  const text = shownText(panel);
  return text === null ? [] : [text, text.split(", ")[0]];
}

/** A client's title and, below it, its rows by cluster; where the directory does not say how many, that. */
export function headMarks(
  panel: Panel,
  notes: readonly string[],
  rows: RowCounts | null,
  theme: Theme,
  fill: string = theme.muted,
): Mark[] {
  const title = titleMarks(panel.rect, panel.title, notes, theme, fill);
  if (panel.clients.length === 0) return title;
  const area = countsArea(panel.rect);
  if (rows !== null) return [...title, ...countBar(rows, panel.nSamples, area, theme)];
  const { x, y, height } = area;
  const text = "counts not recorded";
  return [...title, { kind: "text", x: x + 1, y: y + height - 3, text, size: SIZES.tick, fill: theme.faint }];
}

/** Where a client missed a round, its panel says so. */
export function missedMarks(panel: Panel, text: string, theme: Theme): Mark[] {
  const { plot } = panel;
  return [
    { kind: "rect", ...plot, fill: `${theme.panel}b8` },
    {
      kind: "text",
      x: plot.x + plot.width / 2,
      y: plot.y + plot.height / 2,
      text,
      size: SIZES.note,
      fill: theme.muted,
      align: "center",
      maxWidth: plot.width - 16,
    },
  ];
}

/** A line at the top of a plot, over whatever is there. */
export function noteMarks({ plot }: Panel, text: string, theme: Theme): Mark[] {
  const [x, y] = [plot.x + 4, plot.y + 4];
  const width = Math.min(plot.width - 8, 1.05 * textWidth(text, SIZES.tick) + 10);
  const size = SIZES.tick;
  return [
    { kind: "rect", x, y, width, height: size + 7, fill: theme.panel, opacity: 0.9, radius: 3 },
    { kind: "text", x: x + 5, y: y + size + 2, text, size, fill: theme.muted, maxWidth: width - 10 },
  ];
}

/** A panel's frame. */
export function frameMarks(
  { rect, plot, clients = [] }: Pick<Panel, "rect" | "plot"> & Partial<Pick<Panel, "clients">>,
  theme: Theme,
): Mark[] {
  const owner = clients.length === 1 ? { client: clients[0] } : {};
  const rule = [rect.x, plot.y, rect.x + rect.width, plot.y];
  return [
    { kind: "rect", ...rect, ...owner, fill: theme.panel, stroke: theme.border, strokeWidth: 1, radius: 6 },
    { kind: "line", points: rule, stroke: theme.border, width: 1 },
  ];
}
