import type { RoundFacts } from "../read/experiment.js";
import { arrowMarks, hasMoved, type MeanStep, pathMarks } from "./arrows.js";
import { chipMarks, type Labelled } from "./chips.js";
import { heapsIn, isCrowded, localMeanMarks, localMeansOf, ringMarks } from "./local-means.js";
import { magnifierMarks } from "./magnifier.js";
import type { Layer, Mark } from "./marks.js";
import { between, type Point, placed } from "./places.js";
import { sendersMarks } from "./senders.js";
import { serverLabels } from "./server-labels.js";
import { serverLayer } from "./server-panel.js";
import type { Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

/** Radius of a global mean, at most and at least; between them, its share of the side of the panel. */
const MOST_RADIUS = 9;
const LEAST_RADIUS = 6;
const SIDES = 0.09;
/** Share of a mean's radius that it had where it was before. */
const BEFORE = 0.85;

/**
 * Local means of all clients flow into the new global means, which move from where they were.
 *
 * @param progress how far they have come, 0 to 1
 */
export function aggregationLayers(stage: Stage, roundIndex: number, progress: number): Layer[] {
  const { rounds } = stage.experiment;
  const senders = sendersMarks(stage, rounds[roundIndex]);
  const empty = serverLayer(stage);
  const marks = [...serverMarks(stage, roundIndex, progress, empty.marks), ...senders];
  return [empty, { key: null, marks, opacity: 1 }];
}

function serverMarks(stage: Stage, roundIndex: number, progress: number, axes: readonly Mark[]): Mark[] {
  const { theme, serverPlot, experiment } = stage;
  const round = experiment.rounds[roundIndex];
  const crowded = isCrowded(round);
  const radius = radiusOf(stage, round);
  const locals = localMeansOf(stage, round);
  const heaps = heapsIn(locals, round.k);
  const paths = Array.from({ length: round.k }, (_, cluster) => pathOf(stage, roundIndex, cluster));
  const means = paths.map((path, cluster): Labelled => {
    const end = path[path.length - 1];
    const start = path.at(-2) ?? end;
    return { ...between(start, end, progress), radius, cluster, ...clusterStyle(cluster) };
  });
  const steps = paths.flatMap((path, cluster): MeanStep[] =>
    path.length < 2 ? [] : [{ cluster, from: path[path.length - 2], to: means[cluster] }],
  );
  const appears = roundIndex === 0 ? progress : 1;
  const target = (cluster: number) => lastOf(paths[cluster]);
  const over: Mark[] = [
    ...(progress < 1 ? [] : ringMarks(locals, heaps, target, radius)),
    ...paths.flatMap((path, cluster) => pathMarks(path.slice(0, -1), clusterStyle(cluster).color, theme)),
    ...steps.filter(hasMoved).map(({ cluster, from }): Mark => beforeMark(stage, cluster, from, radius)),
    ...steps.flatMap((step) => arrowMarks(step, radius, theme)),
    ...(appears === 0 ? [] : means.map((mean) => meanMark(stage, round, mean, appears))),
  ];
  if (appears === 1) over.push(...chipMarks(means, serverPlot, 12, theme, over));
  over.push(...magnifierMarks(steps, serverPlot, theme, radius));
  const below = localMeanMarks(stage, locals, heaps, target, progress, crowded);
  const labels =
    progress < 1
      ? []
      : serverLabels(stage, roundIndex, { locals, heaps, means, drawn: [...axes, ...below, ...over] });
  return [...below, ...over, ...labels];
}

/** Where a global mean has been since round 0, oldest first; in rounds of fewer means it may not have been. */
function pathOf({ experiment, serverScale }: Stage, roundIndex: number, cluster: number): Point[] {
  return experiment.rounds
    .slice(0, roundIndex + 1)
    .flatMap(({ k, positions }) => (cluster < k ? [placed({ scale: serverScale }, positions, cluster)] : []));
}

/** Of the global means of a round: the more there are, the smaller. */
function radiusOf({ serverPlot: { width, height } }: Stage, { k }: RoundFacts): number {
  return Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, SIDES * Math.sqrt((width * height) / k)));
}

function lastOf(path: readonly Point[]): Point {
  return path[path.length - 1];
}

/** Where a global mean was in the round before. */
function beforeMark({ theme }: Stage, cluster: number, at: Point, radius: number): Mark {
  const { color, shape } = clusterStyle(cluster);
  const look = { radius: radius * BEFORE, fill: theme.panel, stroke: color, strokeWidth: 2 };
  return { kind: "symbol", shape, ...at, ...look };
}

/** A global mean; hollow where no client sent one for it. */
function meanMark({ theme }: Stage, { carriedOver }: RoundFacts, mean: Labelled, appears: number): Mark {
  const { color, shape } = clusterStyle(mean.cluster);
  const kept = carriedOver.includes(mean.cluster);
  return {
    kind: "symbol",
    shape,
    x: mean.x,
    y: mean.y,
    radius: mean.radius * appears,
    fill: kept ? theme.panel : color,
    stroke: kept ? color : theme.halo,
    strokeWidth: 2,
  };
}
