import type { RoundFacts } from "../read/experiment.js";
import { arrowMarks, hasMoved, type MeanStep, pathMarks } from "./arrows.js";
import { chipMarks, type Labelled } from "./chips.js";
import { freeCorner } from "./free-corner.js";
import { heapsIn, isCrowded, localMeanMarks, localMeansOf, ringMarks } from "./local-means.js";
import { magnifierMarks } from "./magnifier.js";
import type { Layer, Mark } from "./marks.js";
import { hollowMark, meanMark } from "./mean-marks.js";
import { between, chipSize, globalRadius, type Point, placed } from "./places.js";
import { sendersMarks } from "./senders.js";
import { serverLabels } from "./server-labels.js";
import { serverLayer, serverPanel } from "./server-panel.js";
import type { Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

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
  const panel = serverPanel(stage);
  const radius = globalRadius(panel);
  const locals = localMeansOf(stage, round);
  const heaps = heapsIn(locals, round.k);
  const paths = Array.from({ length: round.k }, (_, cluster) => pathOf(stage, roundIndex, cluster));
  const means = paths.map((path, cluster): Labelled => {
    const end = path[path.length - 1];
    const start = path.at(-2) ?? end;
    const { color } = clusterStyle(cluster);
    const rows = round.sizes?.[cluster] ?? 0;
    return { ...between(start, end, progress), radius, cluster, color, from: start, rows };
  });
  const steps = paths.flatMap((path, cluster): MeanStep[] =>
    path.length < 2 ? [] : [{ cluster, from: path[path.length - 2], to: means[cluster] }],
  );
  const appears = roundIndex === 0 ? progress : 1;
  const target = (cluster: number) => lastOf(paths[cluster]);
  const over: Mark[] = [
    ...(progress < 1 ? [] : ringMarks(locals, heaps, target, radius)),
    ...paths.flatMap((path, cluster) => pathMarks(path.slice(0, -1), clusterStyle(cluster).color, theme)),
    ...steps.filter(hasMoved).map(({ cluster, from }) => hollowMark(from, radius, cluster, theme)),
    ...steps.flatMap((step) => arrowMarks(step, radius, theme)),
    ...(appears === 0 ? [] : means.map((mean) => newMark(stage, round, mean, appears))),
  ];
  const below = localMeanMarks(stage, locals, heaps, target, progress, crowded);
  if (appears === 1)
    over.push(...chipMarks(means, serverPlot, chipSize(panel), theme, over, crowded ? [] : below));
  over.push(...magnifierMarks(steps, serverPlot, theme, radius, freeCorner(stage, panel)));
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

function lastOf(path: readonly Point[]): Point {
  return path[path.length - 1];
}

/** A global mean; hollow where no client sent one for it. */
function newMark({ theme }: Stage, { carriedOver }: RoundFacts, mean: Labelled, appears: number): Mark {
  const radius = mean.radius * appears;
  return carriedOver.includes(mean.cluster)
    ? { ...hollowMark(mean, radius, mean.cluster, theme), radius }
    : meanMark(mean, radius, mean.cluster, theme);
}
