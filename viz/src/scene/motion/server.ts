import type { RoundFacts } from "../../read/experiment.js";
import { ease, type Phases, part } from "../frames/phases.js";
import type { Layer, Mark } from "../marks/marks.js";
import { clusterStyle } from "../marks/theme.js";
import { arrowMarks, hasMoved, pathMarks } from "../means/arrows.js";
import { magnifierMarks } from "../means/magnifier.js";
import { haloMarks } from "../means/noise-halo.js";
import { between, type Point, placed } from "../stage/places.js";
import { faded, hollowMarks, labelMarks, meanMarks } from "./marks.js";
import type { LabelPlaces, Whole } from "./stage.js";

/* The server's panel in the scene of the whole run: local means arrive, and become the new global ones. */

/** Radius of a global mean, at most and at least; between them, its share of the side of the panel. */
const MOST_RADIUS = 9;
const LEAST_RADIUS = 6;
const SIDES = 0.09;
const LEAST_LOCAL_RADIUS = 1.8;
/** Of a local mean that has arrived. */
export const LOCAL_OPACITY = 0.5;
/** What is left at the place of a local mean that has flowed into its global one. */
const GHOST_OPACITY = 0.22;

/** Where the global means have been before a round. */
export function pathsLayer({ stage }: Whole, roundIndex: number): Layer {
  const { rounds } = stage.experiment;
  const known = rounds.slice(0, roundIndex);
  const k = Math.max(0, ...known.map((round) => round.k));
  const marks = Array.from({ length: k }, (_, cluster) => cluster).flatMap((cluster) => {
    const points = known.flatMap((round) => (cluster < round.k ? [inServer(stage, round, cluster)] : []));
    return pathMarks(points, clusterStyle(cluster).color, stage.theme);
  });
  return { key: `whole/paths/${roundIndex}`, marks, opacity: 1 };
}

/** Below what is under way: local means that have arrived, and their flow into the global ones. */
export function arrivedLayer(whole: Whole, roundIndex: number, phases: Phases): Layer {
  const round = whole.stage.experiment.rounds[roundIndex];
  if (phases.collect < 1 || phases.broadcast === 1) return { key: null, marks: [], opacity: 1 };
  const { theme } = whole.stage;
  const progress = ease(phases.aggregate);
  const left = 1 - part(phases.broadcast, 0, 0.5);
  const flows: Mark[] = [];
  const ghosts: { radius: number; marks: Mark[] }[] = [];
  for (const local of round.locals) {
    local.targets.forEach((cluster, i) => {
      const from = placed({ scale: whole.stage.serverScale }, local.positions, i);
      const to = inServer(whole.stage, round, cluster);
      const radius = arrivedRadius(whole.stage, local.counts[i]);
      const { color } = clusterStyle(cluster);
      const at = between(from, to, progress);
      const owner = { client: local.client, cluster };
      if (progress > 0 && hasMoved({ from, to })) {
        flows.push({
          kind: "flow",
          ...owner,
          ...{ x1: from.x, y1: from.y, x2: at.x, y2: at.y },
          stroke: color,
          width: 0.8 + radius / 6,
          opacity: 0.45 * left,
        });
      }
      const ghost = GHOST_OPACITY * ease(part(phases.aggregate, 0, 0.5)) * left;
      const going = LOCAL_OPACITY * (1 - part(progress, 0.55, 1));
      ghosts.push({
        radius,
        marks: [
          ...meanMarks(cluster, from, radius, ghost, theme),
          ...meanMarks(cluster, at, radius * (1 - 0.5 * progress), going, theme),
        ].map((mark) => ({ ...mark, ...owner })),
      });
    });
  }
  // Large ones first, so that small ones stay visible.
  const symbols = ghosts.toSorted((a, b) => b.radius - a.radius).flatMap(({ marks }) => marks);
  return { key: null, marks: [...flows, ...symbols], opacity: 1 };
}

/** The global means, from where they were to where they are. */
export function globalsLayer(whole: Whole, roundIndex: number, phases: Phases): Layer {
  const { stage } = whole;
  const { theme, serverPlot, serverScale, experiment } = stage;
  const { rounds } = experiment;
  const previous = roundIndex > 0 ? rounds[roundIndex - 1] : null;
  const round = rounds[roundIndex];
  const progress = ease(phases.aggregate);
  const left = 1 - part(phases.broadcast, 0, 1);
  const size = serverRadius(stage, round.k);
  const begin = previous === null ? null : labelsOf(whole, roundIndex - 1);
  const end = labelsOf(whole, roundIndex);
  const halos: Mark[] = [];
  const below: Mark[] = [];
  const symbols: Mark[] = [];
  const labels: Mark[] = [];
  const steps = [];
  for (let cluster = 0; cluster < round.k; cluster++) {
    const to = inServer(stage, round, cluster);
    const from = previous !== null && cluster < previous.k ? inServer(stage, previous, cluster) : null;
    const at = from === null ? to : between(from, to, progress);
    const radius = size * (from === null ? progress : 1);
    const errorIn = (facts: RoundFacts | null) => facts?.standardErrors?.[cluster] ?? 0;
    const error = errorIn(previous) + (errorIn(round) - errorIn(previous)) * progress;
    halos.push(
      ...haloMarks(experiment, { plot: serverPlot, scale: serverScale }, { cluster, at, error, radius }),
    );
    if (from !== null && hasMoved({ from, to })) {
      steps.push({ cluster, from, to });
      below.push(
        ...hollowMarks(cluster, from, size, progress * left, theme),
        ...faded(pathMarks([from, at], clusterStyle(cluster).color, theme), progress),
        ...faded(arrowMarks({ cluster, from, to: at }, size, theme), progress * left),
      );
    }
    const isNobodys = round.carriedOver.includes(cluster);
    const wasNobodys = previous?.carriedOver.includes(cluster) ?? false;
    const full = (wasNobodys ? 0 : 1) + (Number(wasNobodys) - Number(isNobodys)) * progress;
    if (radius > 0 && full < 1) symbols.push(...hollowMarks(cluster, at, radius, 1, theme));
    symbols.push(...meanMarks(cluster, at, radius, full, theme));
    labels.push(
      ...labelMarks(
        cluster,
        [begin?.get(cluster), end.get(cluster)],
        progress,
        from === null ? progress : 1,
        theme,
      ),
    );
  }
  const glass = progress * left;
  const magnifier = glass <= 0 ? [] : faded(magnifierMarks(steps, serverPlot, theme, size), glass);
  return { key: null, marks: [...halos, ...below, ...symbols, ...labels, ...magnifier], opacity: 1 };
}

function labelsOf(whole: Whole, roundIndex: number): LabelPlaces {
  const { stage } = whole;
  const round = stage.experiment.rounds[roundIndex];
  const means = Array.from({ length: round.k }, (_, cluster) => inServer(stage, round, cluster));
  return whole.labelPlaces(`server/${roundIndex}`, means, serverRadius(stage, round.k), stage.serverPlot);
}

/** Where a global mean is in the server's panel. */
export function inServer({ serverScale }: Whole["stage"], { positions }: RoundFacts, cluster: number): Point {
  return placed({ scale: serverScale }, positions, cluster);
}

/** Radius of a local mean in the server's panel: its area is in proportion to its rows. */
export function arrivedRadius({ localRowRadius }: Whole["stage"], count: number): number {
  return Math.max(LEAST_LOCAL_RADIUS, localRowRadius * Math.sqrt(count));
}

/** Radius of a global mean in the server's panel: the more there are, the smaller. */
export function serverRadius({ serverPlot: { width, height } }: Whole["stage"], k: number): number {
  return Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, SIDES * Math.sqrt((width * height) / k)));
}
