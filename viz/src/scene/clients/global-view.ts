import type { RoundFacts } from "../../read/experiment.js";
import type { Layer, Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import { arrowMarks, isLong, type MeanStep } from "../means/arrows.js";
import { chipMarks, type Labelled } from "../means/chips.js";
import { freeCorner } from "../means/free-corner.js";
import { magnifierMarks } from "../means/magnifier.js";
import { hollowMark, meanMark } from "../means/mean-marks.js";
import { halosOf } from "../means/noise-halo.js";
import { headMarks, panelsLayer, pointsLayer, shownNotes } from "../panels/panels.js";
import { countsOfAll } from "../stage/counts.js";
import { chipSize, globalRadius, placed } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";
import { pathsOf } from "./paths.js";

/* The global view, with one panel a client: the new means over its rows, and how they came there. */

/**
 * The global means of a round over each client's rows.
 *
 * @param colours index of the round whose means colour the rows; null leaves them grey
 */
export function globalLayers(stage: Stage, roundIndex: number, colours: number | null): Layer[] {
  const marks = stage.panels.flatMap((panel, i) => globalMarks(stage, panel, roundIndex, i === 0));
  return [panelsLayer(stage), pointsLayer(stage, colours), { key: null, marks, opacity: 1 }];
}

/** @param magnifies whether the panel has the glass: steps are the same in all panels, of which one is enough */
function globalMarks(stage: Stage, panel: Panel, roundIndex: number, magnifies: boolean): Mark[] {
  const { theme, experiment } = stage;
  const round = experiment.rounds[roundIndex];
  const radius = globalRadius(panel);
  const rows = countsOfAll(stage, panel.clients, roundIndex);
  const steps = stepsOf(panel, experiment.rounds[roundIndex - 1] ?? null, round);
  const arrows = steps.flatMap((step) => arrowMarks(step, radius, theme));
  const means = Array.from({ length: round.k }, (_, cluster): Labelled => {
    const from = steps.find((step) => step.cluster === cluster)?.from;
    const { color } = clusterStyle(cluster);
    const at = placed(panel, round.positions, cluster);
    return { ...at, radius, cluster, color, rows: round.sizes?.[cluster] ?? 0, ...(from && { from }) };
  });
  const starts = steps
    .filter((step) => isLong(step, radius))
    .map(({ from, cluster }) => hollowMark(from, radius, cluster, theme));
  const glass = magnifies ? magnifierMarks(steps, panel.plot, theme, radius, freeCorner(stage, panel)) : [];
  const paths = pathsOf(stage, panel, roundIndex);
  return [
    ...halosOf(experiment, panel, round, radius),
    ...paths,
    ...starts,
    ...arrows,
    ...means.map((mean) => meanMark(mean, radius, mean.cluster, theme)),
    ...glass,
    ...chipMarks(
      means,
      panel.plot,
      chipSize(panel),
      theme,
      [...starts, ...arrows, ...glass.slice(0, 1)],
      paths,
    ),
    ...headMarks(panel, shownNotes(panel), rows, theme),
  ];
}

/** The step of each mean since the round before. */
function stepsOf(panel: Panel, previous: RoundFacts | null, round: RoundFacts): MeanStep[] {
  const k = Math.min(previous?.k ?? 0, round.k);
  return Array.from({ length: k }, (_, cluster) => ({
    cluster,
    from: placed(panel, previous!.positions, cluster),
    to: placed(panel, round.positions, cluster),
  }));
}
