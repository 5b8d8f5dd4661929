import { isDense, pointRadius } from "./fullest.js";
import { PANEL_TITLE, type Rect } from "./layout.js";
import type { Layer, Mark, PointsMark, TextMark } from "./marks.js";
import { plural } from "./numbers.js";
import { POINT_OPACITY } from "./point-size.js";
import { labelsIn, type Panel, type Stage } from "./stage.js";
import { clusterStyle, type Theme } from "./theme.js";

/** Frames, grids and titles of the clients' panels: the same in every round. */
export function panelsLayer(stage: Stage): Layer {
  const marks = stage.panels.flatMap((panel) => [
    ...panelMarks(stage, panel, panel.rect.width > 300),
    ...(panel.points === null && panel.clients.length > 0 ? [stayedText(panel.plot, stage.theme)] : []),
  ]);
  return { key: "panels", marks, opacity: 1 };
}

/**
 * The rows of every client, or the groups that stand for them.
 *
 * @param roundIndex whose means colour them; null leaves them grey
 */
export function pointsLayer(stage: Stage, roundIndex: number | null, opacity = 1): Layer {
  const marks = stage.panels.flatMap((panel) => {
    const mark = pointsMark(stage, panel, roundIndex);
    return mark === null ? [] : [mark];
  });
  return { key: `points/${roundIndex}`, marks, opacity };
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
export function shownText({ nSamples, nGroups, weights }: Panel): string | null {
  const rows = nSamples === null || weights !== null ? [] : [plural(nSamples, "row")];
  const groups = nGroups === null ? [] : [plural(nGroups, "group")];
  const parts = [...rows, ...groups];
  return parts.length === 0 ? null : parts.join(", ");
}

/** The same at the right of its title. */
export function shownMarks(panel: Panel, { muted }: Theme): Mark[] {
  const text = shownText(panel);
  return text === null ? [] : [titleRight(panel.rect, text, muted)];
}

/** Text at the right of a panel's title. */
export function titleRight(rect: Rect, text: string, fill: string): TextMark {
  const { x, y, width } = rect;
  return {
    kind: "text",
    x: x + width - 9,
    y: y + 16.5,
    text,
    size: 11.5,
    fill,
    align: "right",
    maxWidth: width * 0.56,
  };
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
      size: 12,
      fill: theme.muted,
      align: "center",
      maxWidth: plot.width - 16,
    },
  ];
}

/** A panel's frame, grid and title; where there is room, with the values at its grid and the names of its axes. */
export function panelMarks(
  { theme, axes }: Stage,
  { rect, plot, scale, title }: Pick<Panel, "rect" | "plot" | "scale" | "title">,
  labelled: boolean,
): Mark[] {
  const right = plot.x + plot.width;
  const bottom = plot.y + plot.height;
  const grid = (points: number[]): Mark => ({ kind: "line", points, stroke: theme.grid, width: 1 });
  const label = { kind: "text", size: 9.5, fill: theme.faint } as const;
  return [
    { kind: "rect", ...rect, fill: theme.panel, stroke: theme.border, strokeWidth: 1, radius: 6 },
    ...scale.xTicks.map((value) => grid([scale.x(value), plot.y, scale.x(value), bottom])),
    ...scale.yTicks.map((value) => grid([plot.x, scale.y(value), right, scale.y(value)])),
    ...(labelled
      ? [
          ...scale.xTicks
            .filter((value) => scale.x(value) > plot.x + 40 && scale.x(value) < right - 130)
            .map(
              (value): Mark => ({
                ...label,
                x: scale.x(value),
                y: bottom - 5,
                text: scale.xText(value),
                align: "center",
              }),
            ),
          ...scale.yTicks
            .filter((value) => scale.y(value) > plot.y + 30 && scale.y(value) < bottom - 18)
            .map(
              (value): Mark => ({
                ...label,
                x: plot.x + 5,
                y: scale.y(value) + 3.5,
                text: scale.yText(value),
              }),
            ),
          { ...label, x: right - 7, y: bottom - 5, text: axes[0], align: "right", maxWidth: 130 } as Mark,
          { ...label, x: plot.x + 5, y: plot.y + 12, text: axes[1], maxWidth: 120 } as Mark,
        ]
      : []),
    { kind: "line", points: [rect.x, plot.y, rect.x + rect.width, plot.y], stroke: theme.border, width: 1 },
    {
      kind: "text",
      x: rect.x + 10,
      y: rect.y + PANEL_TITLE - 7.5,
      text: title,
      size: 12.5,
      weight: "semibold",
      fill: theme.text,
      maxWidth: rect.width * 0.42,
    },
  ];
}

function stayedText(plot: Rect, theme: Theme): TextMark {
  return {
    kind: "text",
    x: plot.x + plot.width / 2,
    y: plot.y + plot.height - 22,
    text: "rows not recorded",
    size: 11.5,
    fill: theme.faint,
    align: "center",
    maxWidth: plot.width - 12,
  };
}
