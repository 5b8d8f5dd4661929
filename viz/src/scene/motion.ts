import { globalLayers } from "./global-view.js";
import { localSymbol } from "./local-means.js";
import { LOCAL_DONE, localLayers } from "./local-view.js";
import type { Layer, Mark } from "./marks.js";
import { between, globalRadius, placed } from "./places.js";
import { aggregationLayers } from "./server-view.js";
import type { Stage } from "./stage.js";
import { clusterStyle } from "./theme.js";

/** Slow at both ends (cubic). */
export function ease(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** Local means leave the clients' panels for the server's. */
export function collectLayers(stage: Stage, roundIndex: number, progress: number): Layer[] {
  const round = stage.experiment.rounds[roundIndex];
  if (progress >= 1) return aggregationLayers(stage, roundIndex, 0);
  const flying = round.locals.flatMap((local) =>
    local.targets.flatMap((_, i): Mark[] => {
      const panel = stage.panelOf[local.client];
      if (panel === null) return [];
      const from = placed(panel, local.positions, i);
      const to = placed({ scale: stage.serverScale }, local.positions, i);
      return [localSymbol(stage, round, local, i, between(from, to, progress))];
    }),
  );
  return [
    ...faded(localLayers(stage, roundIndex, LOCAL_DONE), 1 - progress),
    ...faded(
      aggregationLayers(stage, roundIndex, 0).filter(({ key }) => key !== null),
      progress,
    ),
    { key: null, marks: flying, opacity: 1 },
  ];
}

/** The new global means go from the server's panel to every client's, whose rows keep their colours for now. */
export function broadcastLayers(stage: Stage, roundIndex: number, progress: number): Layer[] {
  const arrived = globalLayers(stage, roundIndex, roundIndex > 0 ? roundIndex - 1 : null);
  if (progress >= 1) return arrived;
  const round = stage.experiment.rounds[roundIndex];
  const flying = stage.panels.flatMap((panel) =>
    Array.from({ length: round.k }, (_, cluster): Mark => {
      const from = placed({ scale: stage.serverScale }, round.positions, cluster);
      const to = placed(panel, round.positions, cluster);
      const { color, shape } = clusterStyle(cluster);
      return {
        kind: "symbol",
        shape,
        ...between(from, to, progress),
        radius: 9 + (globalRadius(panel) - 9) * progress,
        fill: color,
        stroke: stage.theme.halo,
        strokeWidth: 1.6,
      };
    }),
  );
  return [
    ...faded(aggregationLayers(stage, roundIndex, 1), 1 - progress),
    ...faded(
      arrived.filter(({ key }) => key !== null),
      progress,
    ),
    { key: null, marks: flying, opacity: 1 },
  ];
}

function faded(layers: readonly Layer[], opacity: number): Layer[] {
  return layers.map((layer) => ({ ...layer, opacity: layer.opacity * opacity }));
}
