import type { LocalFacts, RoundFacts } from "../../read/experiment.js";
import type { Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import { arrowMarks, type MeanStep } from "../means/arrows.js";
import { type Labelled, oneACluster } from "../means/chips.js";
import { freeCorner } from "../means/free-corner.js";
import { magnifierMarks } from "../means/magnifier.js";
import { meanMark } from "../means/mean-marks.js";
import { globalRadius, meanRadius, type Point, placed } from "../stage/places.js";
import type { Panel, Stage } from "../stage/stage.js";

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

/** In a panel that clients share, more means a cluster than this are one mean, and a small mark a client. */
const CROWD = 6;
/** Radius of such a mark, in that of a mean. */
const SMALL = 0.3;

/**
 * Means where they have moved to, with their arrows, and what says how far they went. Where a panel's clients have many
 * means a cluster, the mean of all their rows in it stands for them: as many arrows would say nothing.
 */
export function movedMarks(stage: Stage, panel: Panel, moves: readonly Move[]): MovedMarks {
  const { theme } = stage;
  const isCrowd = moves.length > CROWD * new Set(moves.map(({ cluster }) => cluster)).size;
  // As large as a global mean, as there is one a cluster.
  const radius = isCrowd ? globalRadius(panel) : meanRadius(panel);
  const shown = isCrowd ? merged(moves) : moves;
  const labelled = shown.map(({ cluster, from, to, rows }): Labelled => {
    return { ...to, radius, cluster, color: clusterStyle(cluster).color, rows, from };
  });
  return {
    arrows: shown.flatMap((move) => arrowMarks(move, radius, theme)),
    symbols: [
      ...(isCrowd ? moves.map(({ to, cluster }) => smallMark(to, SMALL * radius, cluster)) : []),
      ...shown.map(({ to, cluster }) => meanMark(to, radius, cluster, theme)),
    ],
    glass: magnifierMarks(shown, panel.plot, theme, radius, freeCorner(stage, panel)),
    labelled: oneACluster(labelled),
  };
}

/** One move a cluster: the means of all rows behind its moves, before and after. */
function merged(moves: readonly Move[]): Move[] {
  const clusters = [...new Set(moves.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  return clusters.map((cluster): Move => {
    const own = moves.filter((move) => move.cluster === cluster);
    const rows = own.reduce((sum, move) => sum + move.rows, 0);
    const mean = (of: (move: Move) => number) =>
      own.reduce((sum, move) => sum + of(move) * move.rows, 0) / rows;
    return {
      cluster,
      rows,
      from: { x: mean(({ from }) => from.x), y: mean(({ from }) => from.y) },
      to: { x: mean(({ to }) => to.x), y: mean(({ to }) => to.y) },
      hasStart: own.every(({ hasStart }) => hasStart),
    };
  });
}

function smallMark(at: Point, radius: number, cluster: number): Mark {
  const { color, shape } = clusterStyle(cluster);
  return { kind: "symbol", shape, ...at, radius, fill: color, opacity: 0.7 };
}
