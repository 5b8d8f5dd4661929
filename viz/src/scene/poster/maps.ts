import type { Experiment, RoundFacts } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { SIZES } from "../marks/sizes.js";
import { clusterStyle, type Theme } from "../marks/theme.js";
import { arrowMarks, isLong, type MeanStep, pathMarks } from "../means/arrows.js";
import { chipMarks, type Labelled } from "../means/chips.js";
import { hollowMark, meanMark } from "../means/mean-marks.js";
import { halosOf } from "../means/noise-halo.js";
import { pointsLayer } from "../panels/panels.js";
import { fullestOf } from "../stage/fullest.js";
import { gridOf } from "../stage/grid.js";
import { binsOf, stackUp } from "../stage/histogram.js";
import type { Rect } from "../stage/layout.js";
import { globalRadius, type Point, placed } from "../stage/places.js";
import { groupSizes } from "../stage/point-size.js";
import { onLine, type Scale, scaleOf } from "../stage/scale.js";
import type { Panel, Stage } from "../stage/stage.js";
import { measureText } from "../text/numbers.js";

/* The plane of a run: paths of its global means, and some of its rounds. */

/** Places of a path, in logical units. */
const LEAST_APART = 7;
const TICKS = { left: 46, bottom: 36 };
const GAP = 12;
/** Height of the line above a round's plot. */
const ROUND_TITLE = 20;
/** Below paths, rows stand back. */
const ROWS_BELOW_PATHS = 0.55;
/** Radius of means in rounds and in paths, in that of a panel as large in other pictures. */
const MEANS_OF_ROUNDS = 0.85;
const MEANS_OF_PATHS = 1.1;
/** Of local means where no rows are known. */
const LOCAL_OPACITY = 0.4;
const LARGEST_LOCAL = 9;
/** Small ones over rows, and how many a panel has room for. */
const SMALL_LOCAL = 2.4;
const MOST_SMALL = 160;

/** Draws where the global means began, went and ended, with the rows as they are nearest to the last ones. */
export function pathsMarks(stage: Stage, area: Rect): Mark[] {
  const { theme, experiment, axes } = stage;
  const { rounds } = experiment;
  const last = rounds.length - 1;
  const plot = {
    x: area.x + TICKS.left,
    y: area.y,
    width: area.width - TICKS.left,
    height: area.height - TICKS.bottom,
  };
  const panel = wholePanel(stage, plot);
  const radius = MEANS_OF_PATHS * globalRadius(panel);
  const paths = Array.from({ length: rounds[last].k }, (_, cluster) =>
    thinned(rounds.filter(({ k }) => cluster < k).map(({ positions }) => placed(panel, positions, cluster))),
  );
  const means = paths.map((path, cluster): Labelled & { from: Point } => {
    const rows = rounds[last].sizes?.[cluster] ?? 0;
    return { ...path.at(-1)!, from: path[0], radius, cluster, rows, ...clusterStyle(cluster) };
  });
  const lines = means.flatMap(({ cluster, color }) => pathMarks(paths[cluster], color, theme));
  const starts = means
    .filter(({ from, cluster, x, y }) => isLong({ from, to: { x, y }, cluster }, radius / 2))
    .map(({ from, cluster }) => hollowMark(from, radius, cluster, theme));
  return [
    ...gridMarks(panel.scale, plot, axes, theme),
    ...tickMarks(panel.scale, plot, axes, theme),
    ...backgroundMarks(stage, panel, last, ROWS_BELOW_PATHS),
    ...halosOf(experiment, panel, rounds[last], radius),
    ...lines,
    ...starts,
    ...means.map((mean) => meanMark(mean, radius, mean.cluster, theme)),
    ...chipMarks(means, plot, SIZES.tick, theme, starts, lines),
    { kind: "rect", ...plot, stroke: theme.border, strokeWidth: 1 },
  ];
}

/** A path without the places that lie close to the one before: of a hundred rounds, dots would be a line. */
function thinned(path: readonly Point[]): Point[] {
  const kept = path.slice(0, 1);
  for (const point of path.slice(1, -1)) {
    if (Math.hypot(point.x - kept.at(-1)!.x, point.y - kept.at(-1)!.y) >= LEAST_APART) kept.push(point);
  }
  return path.length > 1 ? [...kept, path.at(-1)!] : kept;
}

/** Draws rounds side by side: the global means of each, with the step that they made in it. */
export function roundsMarks(stage: Stage, area: Rect, indices: readonly number[]): Mark[] {
  const { theme, experiment, domain } = stage;
  const aspect = (domain.x[1] - domain.x[0]) / (domain.y[1] - domain.y[0]);
  const boxes = roundGrid(area, indices.length, aspect);
  const hasInertia = indices.every((index) => experiment.rounds[index].inertia !== null);
  return indices.flatMap((index, i): Mark[] => {
    const box = boxes[i];
    const round = experiment.rounds[index];
    const plot = { ...box, y: box.y + ROUND_TITLE, height: box.height - ROUND_TITLE };
    const title = { kind: "text", y: box.y + 13.5, size: SIZES.note } as const;
    const value = `inertia ${measureText(round.inertia)}`;
    return [
      { ...title, x: box.x, text: `Round ${round.round}`, weight: "semibold", fill: theme.text },
      ...(hasInertia
        ? [{ ...title, x: box.x + box.width, text: value, align: "right", fill: theme.muted } as const]
        : []),
      ...roundMarks(stage, wholePanel(stage, plot), index),
    ];
  });
}

function roundMarks(stage: Stage, panel: Panel, index: number): Mark[] {
  const { theme, experiment } = stage;
  const { plot, scale } = panel;
  const round = experiment.rounds[index];
  const radius = MEANS_OF_ROUNDS * globalRadius(panel);
  const steps = stepsOf(panel, experiment.rounds[index - 1], round);
  return [
    ...gridMarks(scale, plot, stage.axes, theme),
    // How many rows are outside is said once, above the paths.
    ...backgroundMarks(stage, panel, index, 1).filter(
      ({ kind }) => panel.points === null || kind === "points",
    ),
    ...(hasSmallLocals(experiment, index) ? smallLocalMarks(panel, round, theme) : []),
    ...halosOf(experiment, panel, round, radius),
    ...steps.flatMap((step) => arrowMarks(step, radius, theme)),
    ...Array.from({ length: round.k }, (_, cluster) =>
      meanMark(placed(panel, round.positions, cluster), radius, cluster, theme),
    ),
    { kind: "rect", ...plot, stroke: theme.border, strokeWidth: 1 },
  ];
}

function stepsOf(panel: Panel, before: RoundFacts | undefined, round: RoundFacts): MeanStep[] {
  return Array.from({ length: Math.min(before?.k ?? 0, round.k) }, (_, cluster) => ({
    cluster,
    from: placed(panel, before!.positions, cluster),
    to: placed(panel, round.positions, cluster),
  }));
}

/** All clients in one panel; of a single feature, a histogram of dots. */
function wholePanel({ experiment, original, domain }: Stage, plot: Rect): Panel {
  const { clients, rounds, axes } = experiment;
  const known = clients.flatMap(({ points }) => points ?? []);
  const total = known.reduce((sum, { nPoints }) => sum + nPoints, 0);
  const stacks = axes[1] === "" ? stackUp(known, binsOf(domain.x, total)) : null;
  const scale = scaleOf(stacks === null ? domain : onLine(domain, stacks.most), plot, original);
  const points = new Float32Array(2 * total);
  const weights = new Float32Array(total).fill(1);
  let at = 0;
  for (const part of known) {
    if (part.weights !== null) weights.set(part.weights, at);
    for (let i = 0; i < part.nPoints; i++, at++) {
      points[2 * at] = scale.x(part.positions[2 * i]);
      points[2 * at + 1] = scale.y(stacks?.heights[at] ?? part.positions[2 * i + 1]);
    }
  }
  return {
    rect: plot,
    plot,
    scale,
    title: "",
    clients: [...clients.keys()],
    k: Math.max(...rounds.map(({ k }) => k)),
    nSamples: null,
    nGroups: null,
    points: total > 0 ? points : null,
    weights: known.some((part) => part.weights !== null) ? weights : null,
  };
}

/** Rows or groups by their nearest means; where there are none, what clients sent. */
function backgroundMarks(stage: Stage, panel: Panel, index: number, strength: number): Mark[] {
  if (panel.points === null) return localMarks(panel, stage.experiment.rounds[index]);
  const sizes = groupSizes([panel]);
  const own = { ...stage, panels: [panel], groupSizes: sizes, fullest: fullestOf([panel], sizes) };
  return pointsLayer(own, index).marks.map((mark) =>
    mark.kind === "points" && mark.as === "symbols" ? { ...mark, opacity: mark.opacity * strength } : mark,
  );
}

/** Local means as areas of as many rows. */
function localMarks(panel: Panel, round: RoundFacts): Mark[] {
  const most = Math.max(1, ...round.locals.flatMap(({ counts }) => counts));
  const nMeans = round.locals.reduce((sum, { counts }) => sum + counts.length, 0);
  const largest = LARGEST_LOCAL * Math.min(1, Math.sqrt(60 / Math.max(1, nMeans)));
  return round.locals.flatMap((local) =>
    local.counts.map((count, i): Mark => {
      const { color, shape } = clusterStyle(local.targets[i]);
      const radius = Math.max(1.2, largest * Math.sqrt(count / most));
      const at = placed(panel, local.positions, i);
      return { kind: "symbol", shape, ...at, radius, fill: color, opacity: LOCAL_OPACITY };
    }),
  );
}

/** Whether a round's local means are drawn over its rows: without rows they are drawn by their sizes, and many hide all. */
export function hasSmallLocals(
  { clients, rounds }: Pick<Experiment, "clients" | "rounds">,
  index: number,
): boolean {
  const nMeans = rounds[index].locals.reduce((sum, { counts }) => sum + counts.length, 0);
  return nMeans > 0 && nMeans <= MOST_SMALL && clients.some(({ points }) => points !== null);
}

function smallLocalMarks(panel: Panel, round: RoundFacts, theme: Theme): Mark[] {
  return round.locals.flatMap((local) =>
    local.counts.map((_, i): Mark => {
      const { color, shape } = clusterStyle(local.targets[i]);
      const at = placed(panel, local.positions, i);
      const look = { fill: color, stroke: theme.accent, strokeWidth: 0.8 };
      return { kind: "symbol", shape, ...at, radius: SMALL_LOCAL, ...look };
    }),
  );
}

/** Of a single feature, heights say nothing. */
function gridMarks(scale: Scale, plot: Rect, [, yName]: readonly [string, string], theme: Theme): Mark[] {
  const [right, bottom] = [plot.x + plot.width, plot.y + plot.height];
  const line = (points: number[]): Mark => ({ kind: "line", points, stroke: theme.grid, width: 1 });
  return [
    ...scale.xTicks.map((value) => line([scale.x(value), plot.y, scale.x(value), bottom])),
    ...(yName === ""
      ? []
      : scale.yTicks.map((value) => line([plot.x, scale.y(value), right, scale.y(value)]))),
  ];
}

/** Values outside the plot, and what the axes are. */
function tickMarks(
  scale: Scale,
  plot: Rect,
  [xName, yName]: readonly [string, string],
  theme: Theme,
): Mark[] {
  const label = { kind: "text", size: SIZES.tick, fill: theme.faint } as const;
  const bottom = plot.y + plot.height;
  const middle = plot.y + plot.height / 2;
  const axis = { ...label, size: SIZES.note, align: "center", fill: theme.muted } as const;
  return [
    ...scale.xTicks.map(
      (value): Mark => ({
        ...label,
        x: scale.x(value),
        y: bottom + 14,
        text: scale.xText(value),
        align: "center",
      }),
    ),
    { ...axis, x: plot.x + plot.width / 2, y: bottom + 31, text: xName, maxWidth: plot.width },
    ...(yName === ""
      ? []
      : [
          ...scale.yTicks.map(
            (value): Mark => ({
              ...label,
              x: plot.x - 6,
              y: scale.y(value) + 4,
              text: scale.yText(value),
              align: "right",
            }),
          ),
          { ...axis, x: plot.x - 33, y: middle, text: yName, rotated: true, maxWidth: plot.height } as const,
        ]),
  ];
}

/** Of all grids, the one in which a plane of this aspect is largest and few places are empty. */
function roundGrid(area: Rect, count: number, aspect: number): Rect[] {
  const shape = Math.min(1.7, Math.max(1, aspect));
  return gridOf(
    area,
    count,
    GAP,
    (width, height, empty) => Math.min(width / shape, height - ROUND_TITLE) * (1 - empty),
  );
}
