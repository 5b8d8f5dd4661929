import type { RoundFacts } from "../../read/experiment.js";
import type { Layer, Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import { arrowMarks, hasMoved, type MeanStep, pathMarks } from "../means/arrows.js";
import { chipMarks, type Labelled } from "../means/chips.js";
import { freeCorner } from "../means/free-corner.js";
import { magnifierMarks } from "../means/magnifier.js";
import { hollowMark, meanMark } from "../means/mean-marks.js";
import { halosOf } from "../means/noise-halo.js";
import { chipSize, globalRadius, type Point, placed } from "../stage/places.js";
import type { Stage } from "../stage/stage.js";
import { heapsIn, isCrowded, localMeanMarks, localMeansOf, ringMarks } from "./local-means.js";
import { sendersMarks } from "./senders.js";
import { serverLabels } from "./server-labels.js";
import { serverLayer, serverPanel } from "./server-panel.js";

/** How local means of all clients flowed into the new global means, and where these moved from. */
export function aggregationLayers(stage: Stage, roundIndex: number): Layer[] {
  const empty = serverLayer(stage);
  const senders = sendersMarks(stage, stage.experiment.rounds[roundIndex]);
  const marks = [...serverMarks(stage, roundIndex, empty.marks), ...senders];
  return [empty, { key: null, marks, opacity: 1 }];
}

/** @param axes what labels must not lie over, beside all that is drawn here */
function serverMarks(stage: Stage, roundIndex: number, axes: readonly Mark[]): Mark[] {
  const { theme, serverPlot, experiment } = stage;
  const round = experiment.rounds[roundIndex];
  const panel = serverPanel(stage);
  const radius = globalRadius(panel);
  const locals = localMeansOf(stage, round);
  const heaps = heapsIn(locals, round.k);
  const paths = Array.from({ length: round.k }, (_, cluster) => pathOf(stage, roundIndex, cluster));
  const means = paths.map((path, cluster): Labelled => {
    const at = path[path.length - 1];
    const from = path.at(-2) ?? at;
    const rows = round.sizes?.[cluster] ?? 0;
    return { ...at, radius, cluster, color: clusterStyle(cluster).color, from, rows };
  });
  const steps = paths.flatMap((path, cluster): MeanStep[] =>
    path.length < 2 ? [] : [{ cluster, from: path[path.length - 2], to: path[path.length - 1] }],
  );
  const halos = halosOf(experiment, panel, round, radius);
  const below = localMeanMarks(stage, locals, heaps, means);
  const over: Mark[] = [
    ...ringMarks(locals, heaps, means),
    ...paths.flatMap((path, cluster) => pathMarks(path.slice(0, -1), clusterStyle(cluster).color, theme)),
    ...steps.filter(hasMoved).map(({ cluster, from }) => hollowMark(from, radius, cluster, theme)),
    ...steps.flatMap((step) => arrowMarks(step, radius, theme)),
    ...means.map((mean) => newMark(stage, round, mean)),
  ];
  const glass = magnifierMarks(steps, serverPlot, theme, radius, freeCorner(stage, panel));
  const faint = isCrowded(locals) ? [] : below;
  over.push(...chipMarks(means, serverPlot, chipSize(panel), theme, [...over, ...glass], faint), ...glass);
  const labels = serverLabels(stage, roundIndex, {
    locals,
    heaps,
    means,
    drawn: [...axes, ...below, ...over],
  });
  return [...halos, ...below, ...over, ...labels];
}

/** Where a global mean has been since round 0, oldest first; in rounds of fewer means it may not have been. */
function pathOf({ experiment, serverScale }: Stage, roundIndex: number, cluster: number): Point[] {
  return experiment.rounds
    .slice(0, roundIndex + 1)
    .flatMap(({ k, positions }) => (cluster < k ? [placed({ scale: serverScale }, positions, cluster)] : []));
}

/** A global mean; hollow where no client sent one for it. */
function newMark({ theme }: Stage, { carriedOver }: RoundFacts, mean: Labelled): Mark {
  const { radius, cluster } = mean;
  return carriedOver.includes(cluster)
    ? { ...hollowMark(mean, radius, cluster, theme), radius }
    : meanMark(mean, radius, cluster, theme);
}
