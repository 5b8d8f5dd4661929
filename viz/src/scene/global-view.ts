import type { RoundFacts } from "../read/experiment.js";
import { chipMarks } from "./chips.js";
import type { Layer, Mark } from "./marks.js";
import { panelsLayer, pointsLayer, shownMarks } from "./panels.js";
import { chipSize, meanRadius, placed } from "./places.js";
import type { Panel, Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

/* The global view, with one panel a client: the new means over its rows. */

/**
 * The global means of a round over each client's rows.
 *
 * @param colours index of the round whose means colour the rows; null leaves them grey
 */
export function globalLayers(stage: Stage, roundIndex: number, colours: number | null): Layer[] {
  const round = stage.experiment.rounds[roundIndex];
  const marks = stage.panels.flatMap((panel) => globalMarks(stage, panel, round));
  return [panelsLayer(stage), pointsLayer(stage, colours), { key: null, marks, opacity: 1 }];
}

function globalMarks(stage: Stage, panel: Panel, round: RoundFacts): Mark[] {
  const { theme } = stage;
  const radius = meanRadius(panel);
  const means = Array.from({ length: round.k }, (_, cluster) => ({
    ...placed(panel, round.positions, cluster),
    radius,
    cluster,
    ...clusterStyle(cluster),
  }));
  return [
    ...means.map(
      ({ x, y, shape, color }): Mark => ({
        kind: "symbol",
        shape,
        x,
        y,
        radius,
        fill: color,
        stroke: theme.halo,
        strokeWidth: 1.6,
      }),
    ),
    ...chipMarks(means, panel.plot, chipSize(panel), theme),
    ...shownMarks(panel, theme),
  ];
}
