import type { LocalFacts, RoundFacts } from "../read/experiment.js";
import { arrowMarks, type MeanStep } from "./arrows.js";
import { type Labelled, oneACluster } from "./chips.js";
import { freeCorner } from "./free-corner.js";
import { magnifierMarks } from "./magnifier.js";
import type { Mark } from "./marks.js";
import { meanMark } from "./mean-marks.js";
import { meanRadius, placed } from "./places.js";
import type { Panel, Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

/* How the means of a panel's clients move from those they were sent. */

/** A local mean, in the client's eyes of the cluster it was sent, whichever it will go into. */
export interface Move extends MeanStep {
  readonly rows: number;
  /** Whether it is known where it began. */
  readonly hasStart: boolean;
}

/** The moves of all means that a panel's clients sent. */
export function movesOf(panel: Panel, previous: RoundFacts | null, locals: readonly LocalFacts[]): Move[] {
  return locals.flatMap(({ targets, origins, positions, counts }) =>
    targets.map((target, i): Move => {
      const origin = origins[i];
      const to = placed(panel, positions, i);
      const hasStart = previous !== null && origin !== null;
      const from = hasStart ? placed(panel, previous.positions, origin) : to;
      return { cluster: origin ?? target, from, to, rows: counts[i], hasStart };
    }),
  );
}

/** Means that have moved. */
export interface MovedMarks {
  readonly arrows: Mark[];
  readonly symbols: Mark[];
  readonly glass: Mark[];
  readonly labelled: Labelled[];
}

/** Means where they have moved to, with their arrows, and what says how far they went. */
export function movedMarks(stage: Stage, panel: Panel, moves: readonly Move[]): MovedMarks {
  const { theme } = stage;
  const radius = meanRadius(panel);
  const labelled = moves.map(({ cluster, from, to, rows }): Labelled => {
    return { ...to, radius, cluster, color: clusterStyle(cluster).color, rows, from };
  });
  return {
    arrows: moves.flatMap((move) => arrowMarks(move, radius, theme)),
    symbols: moves.map(({ to, cluster }) => meanMark(to, radius, cluster, theme)),
    glass: magnifierMarks(moves, panel.plot, theme, radius, freeCorner(stage, panel)),
    labelled: oneACluster(labelled),
  };
}
