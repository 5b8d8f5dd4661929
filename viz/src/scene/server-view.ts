import type { LocalFacts, RoundFacts } from "../read/experiment.js";
import { chipMarks } from "./chips.js";
import type { Layer, Mark } from "./marks.js";
import { serverLayer } from "./panels.js";
import { between, type Point, placed } from "./places.js";
import { sendersMarks } from "./senders.js";
import type { Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

const MEAN_RADIUS = 9;
const MAX_LOCAL_RADIUS = 20;
const MIN_LOCAL_RADIUS = 3.5;

/**
 * Local means of all clients flow into the new global means, which move from where they were.
 *
 * @param progress how far they have come, 0 to 1
 */
export function aggregationLayers(stage: Stage, roundIndex: number, progress: number): Layer[] {
  const { rounds } = stage.experiment;
  const round = rounds[roundIndex];
  const previous = roundIndex > 0 ? rounds[roundIndex - 1] : null;
  return [
    serverLayer(stage),
    {
      key: null,
      marks: [...serverMarks(stage, previous, round, progress), ...sendersMarks(stage, previous, round)],
      opacity: 1,
    },
  ];
}

/** Local means as they lie in the server's panel before anything flows: what `collect` flies to. */
export function localSymbol(stage: Stage, round: RoundFacts, local: LocalFacts, i: number, at: Point): Mark {
  const { color, shape } = clusterStyle(local.targets[i]);
  return {
    kind: "symbol",
    shape,
    ...at,
    radius: localRadius(round, local.counts[i]),
    fill: color,
    stroke: stage.theme.halo,
    strokeWidth: 1,
    opacity: 0.5,
  };
}

/** Area in proportion to the rows behind it. */
function localRadius({ locals }: RoundFacts, count: number): number {
  const most = Math.max(1, ...locals.flatMap(({ counts }) => counts));
  return Math.max(MIN_LOCAL_RADIUS, MAX_LOCAL_RADIUS * Math.sqrt(count / most));
}

function serverMarks(stage: Stage, previous: RoundFacts | null, round: RoundFacts, progress: number): Mark[] {
  const { theme, serverPlot, serverScale } = stage;
  const panel = { scale: serverScale };
  const target = (cluster: number) => placed(panel, round.positions, cluster);
  const flows: Mark[] = [];
  const symbols: { size: number; mark: Mark }[] = [];
  for (const local of round.locals) {
    local.targets.forEach((cluster, i) => {
      const from = placed(panel, local.positions, i);
      const to = target(cluster);
      const size = localRadius(round, local.counts[i]);
      const reached = between(from, to, progress);
      flows.push({
        kind: "flow",
        x1: from.x,
        y1: from.y,
        x2: reached.x,
        y2: reached.y,
        stroke: clusterStyle(cluster).color,
        width: 1 + size / 8,
        opacity: 0.5,
      });
      symbols.push({ size, mark: localSymbol(stage, round, local, i, from) });
    });
  }
  const carried = new Set(round.carriedOver);
  const means = Array.from({ length: round.k }, (_, cluster) => {
    const end = target(cluster);
    const start =
      previous !== null && cluster < previous.k ? placed(panel, previous.positions, cluster) : end;
    return {
      ...between(start, end, progress),
      start,
      end,
      radius: MEAN_RADIUS,
      cluster,
      ...clusterStyle(cluster),
    };
  });
  const appears = previous === null ? progress : 1;
  return [
    // Large ones first, so that small ones stay visible.
    ...symbols.sort((a, b) => b.size - a.size).map(({ mark }) => mark),
    ...flows,
    ...(previous === null
      ? []
      : means.flatMap(({ start, x, y, shape, color }): Mark[] => {
          const length = Math.hypot(x - start.x, y - start.y);
          if (length < 2) return [];
          const end = between(start, { x, y }, Math.max(0, 1 - (MEAN_RADIUS + 1) / length));
          return [
            {
              kind: "symbol",
              shape,
              ...start,
              radius: MEAN_RADIUS * 0.85,
              fill: theme.panel,
              stroke: color,
              strokeWidth: 2,
            },
            ...(length > MEAN_RADIUS * 1.7
              ? [
                  {
                    kind: "line",
                    points: [start.x, start.y, end.x, end.y],
                    stroke: theme.accent,
                    width: 2,
                    head: 8,
                  } as const,
                ]
              : []),
          ];
        })),
    ...(appears === 0
      ? []
      : means.map(
          ({ x, y, shape, color, cluster }): Mark => ({
            kind: "symbol",
            shape,
            x,
            y,
            radius: MEAN_RADIUS * appears,
            fill: carried.has(cluster) ? theme.panel : color,
            stroke: carried.has(cluster) ? color : theme.halo,
            strokeWidth: 2,
          }),
        )),
    ...(appears < 1 ? [] : chipMarks(means, serverPlot, 11, theme)),
  ];
}
